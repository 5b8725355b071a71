// The life of a follower, one machine of socket, poll and clock with one fake browser: past 350 lines in one file.
import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { hintMs, restMs, retryMs } from "../../../dashboard/static/js/live/retry.js";
import { Follower } from "../../../dashboard/static/js/live/socket.js";
import { Around } from "./around.js";

function follow(outcomes = [], retryMaxMs = 2000, key = "", out = "", pace = "") {
  const around = new Around();
  const clock = new ServerClock(around.surroundings);
  const seen = [];
  const contacts = [];
  const follower = new Follower(
    "board",
    { socketUrl: "ws://x/", pollUrl: "http://x/", key, out, pace, retryMaxMs },
    clock,
    {
      position: () => "?epoch=e&seq=5",
      etag: () => 'W/"e-5"',
      frame: (message) => {
        seen.push(message);
        return outcomes.shift() ?? "applied";
      },
      contact: () => contacts.push(around.time),
    },
    around.surroundings,
  );
  follower.start();
  return { around, clock, follower, seen, contacts };
}

const message = (value) => ({ data: JSON.stringify(value) });
const beat = message({ v: 1, type: "beat", at: 77 });

test("it names its position when it connects", () => {
  assert.equal(follow().around.last.url, "ws://x/live/board?epoch=e&seq=5");
});

test("it asks for few frames where its address says so", () => {
  assert.equal(follow([], 2000, "", "", "5000").around.last.url, "ws://x/live/board?epoch=e&seq=5&pace_ms=5000");
});

test("it names the output that it shows", () => {
  assert.equal(follow([], 2000, "", "tv1").around.last.url, "ws://x/live/board?epoch=e&seq=5&out=tv1");
});

test("frames go to the store, beats to the clock", () => {
  const { around, clock, seen, contacts } = follow();
  around.last.onmessage(message({ type: "delta" }));
  around.last.onmessage(beat);
  assert.deepEqual(seen, [{ type: "delta" }]);
  assert.equal(contacts.length, 2);
  assert.equal(clock.now(), 77);
});

test("the wait has full jitter, grows, and has an end", () => {
  assert.equal(retryMs(0, 2000, 0), 250);
  assert.equal(retryMs(0, 2000, 1), 500);
  assert.equal(retryMs(1, 2000, 1), 1000);
  assert.equal(retryMs(9, 2000, 1), 2000);
  assert.equal(retryMs(9, 30000, 1), 30000);
  assert.equal(retryMs(2000, 30000, 1), 30000);
});

test("a lost socket is opened again, for ever", async () => {
  const { around } = follow();
  for (let lost = 0; lost < 40; lost += 1) {
    around.last.onclose({ code: 1006, reason: "" });
    await around.pass(2000);
    assert.equal(around.sockets.length, lost + 2);
  }
});

test("a close reason may ask for a wait", async () => {
  assert.equal(hintMs("drain retry_ms=1500"), 1500);
  assert.equal(hintMs("going away"), 0);
  const { around } = follow();
  around.last.onclose({ code: 4000, reason: "drain retry_ms=1500" });
  await around.pass(1500);
  assert.equal(around.sockets.length, 1);
  await around.pass(500);
  assert.equal(around.sockets.length, 2);
});

test("4500 and above mean: do not come back", async () => {
  const { around } = follow();
  around.last.onclose({ code: 4500, reason: "" });
  await around.pass(60_000);
  assert.equal(around.sockets.length, 1);
  assert.equal(around.fetched.length, 0);
});

test("a socket without any message for 6 s is taken for dead", async () => {
  const { around } = follow();
  around.last.onmessage(beat);
  await around.pass(6000);
  assert.equal(around.sockets.length, 1);
  await around.pass(2500);
  assert.equal(around.sockets[0].isClosed, true);
  assert.equal(around.sockets.length, 2);
});

/** Lose the socket three times; polling has begun. */
async function loseThree(around) {
  for (let lost = 0; lost < 3; lost += 1) {
    around.last.onclose({ code: 1006, reason: "" });
    await around.pass(lost < 2 ? 1000 : 0);
  }
}

test("after 3 failures it polls every 2 s and keeps trying the socket, until that works", async () => {
  const { around, seen, contacts } = follow();
  around.answers = [{ status: 200, text: '{"type":"snapshot"}' }, { status: 304 }, { status: 304 }];
  await loseThree(around);
  await around.pass(4100);
  assert.equal(around.fetched[0].url, "http://x/live/board");
  assert.deepEqual(around.fetched.map((asked) => asked.etag), ['W/"e-5"', 'W/"e-5"', 'W/"e-5"']);
  assert.deepEqual(around.fetched.map((asked) => asked.at - around.fetched[0].at), [0, 2000, 4000]);
  assert.deepEqual(seen, [{ type: "snapshot" }]);
  assert.equal(contacts.length, 3);
  assert.equal(around.sockets.length, 4);
  around.last.onmessage(beat);
  const asked = around.fetched.length;
  await around.pass(4000);
  assert.equal(around.fetched.length, asked);
});

test("where sockets cannot be made at all it polls", async () => {
  const { around } = follow([], 30_000);
  around.refuses = true;
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(2000);
  assert.equal(around.fetched.length, 1);
});

test("a handshake that is never answered counts as silence from its first second", async () => {
  const { around } = follow();
  await around.pass(5000);
  assert.equal(around.fetched.length, 0);
  await around.pass(1000);
  assert.equal(around.fetched.length, 1);
  await around.pass(2500);
  assert.equal(around.sockets[0].isClosed, true);
  assert.equal(around.open.length, 1);
});

test("a line that freezes is polled beside, and its socket is replaced", async () => {
  const { around, seen } = follow();
  around.last.onmessage(beat);
  around.answers = [{ status: 200, text: '{"type":"snapshot"}' }];
  await around.pass(8000);
  assert.deepEqual(seen, [{ type: "snapshot" }]);
  assert.equal(around.sockets.length, 2);
  assert.equal(around.sockets[0].isClosed, true);
});

test("a rest that the server asks for is free of polls", async () => {
  const { around } = follow([], 30_000);
  around.last.onmessage(beat);
  around.last.onclose({ code: 4001, reason: "retry_ms=20000" });
  await around.pass(20_000);
  assert.equal(around.fetched.length, 0);
  assert.equal(around.sockets.length, 1);
  await around.pass(6000);
  assert.equal(around.sockets.length, 2);
  assert.equal(around.fetched.length, 1);
});

test("a poll that is under way when the socket works is not taken", async () => {
  const { around, seen } = follow();
  let answer;
  const text = new Promise((resolve) => { answer = resolve; });
  around.answers = [{ status: 200, text }];
  await loseThree(around);
  await around.pass(1200);
  around.last.onmessage(message({ type: "delta" }));
  answer('{"type":"snapshot"}');
  await around.pass(0);
  assert.deepEqual(seen, [{ type: "delta" }]);
});

test("when polls are answered again the socket is tried at once", async () => {
  const { around } = follow([], 30_000);
  around.chance = 0.999;
  around.refuses = true;
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(120_000);
  around.answers = [{ status: 304 }];
  const polls = around.fetched.length;
  while (around.fetched.length === polls) await around.pass(100);
  around.refuses = false;
  await around.pass(600);
  assert.equal(around.sockets.length, 2);
});

test("a poll without an answer is followed by the next", async () => {
  const { around } = follow();
  for (let lost = 0; lost < 3; lost += 1) {
    around.last.onclose({ code: 1006, reason: "" });
    await around.pass(1500);
  }
  await around.pass(10_000);
  assert.ok(around.fetched.length >= 4);
});

for (const outcome of ["ask", "refused"]) {
  test(`a frame whose outcome is "${outcome}" makes it ask anew from where it stands`, async () => {
    const { around } = follow([outcome]);
    around.last.onmessage(message({}));
    assert.equal(around.sockets[0].isClosed, true);
    await around.pass(500);
    assert.equal(around.sockets.length, 2);
  });
}

test("while every frame is refused the waits grow", async () => {
  const { around } = follow(Array.from({ length: 99 }, () => "refused"), 30_000);
  let tries = 0;
  for (let second = 0; second < 120; second += 1) {
    const open = around.last;
    if (!open.isClosed) {
      open.onmessage(message({}));
      tries += 1;
    }
    await around.pass(1000);
  }
  assert.ok(tries < 25, `${tries} tries in two minutes`);
});

test("broken JSON is no frame and no end", () => {
  const { around, seen } = follow(["refused"]);
  around.last.onmessage({ data: "{" });
  assert.deepEqual(seen, [null]);
});

test("when the network is back it does not wait", async () => {
  const { around, follower } = follow([], 30_000);
  around.last.onclose({ code: 1006, reason: "" });
  follower.wake();
  assert.equal(around.sockets.length, 2);
});

test("a waking page with a living socket keeps it", async () => {
  const { around, follower } = follow();
  around.last.onmessage(beat);
  await around.pass(3900);
  follower.wake();
  assert.equal(around.sockets.length, 1);
  await around.pass(200);
  follower.wake();
  assert.equal(around.sockets.length, 2);
});

test("network, view and return together open one socket", () => {
  const { around, follower } = follow();
  around.last.onmessage(beat);
  follower.rest();
  assert.equal(around.open.length, 0);
  around.sleep(60_000, false);
  for (let nth = 0; nth < 3; nth += 1) follower.wake();
  assert.equal(around.sockets.length, 2);
  assert.equal(around.open.length, 1);
});

test("a page that was put away for a moment comes back with a socket", async () => {
  const { around, follower } = follow();
  around.last.onclose({ code: 1006, reason: "" });
  follower.rest();
  await around.pass(3000);
  assert.equal(around.sockets.length, 1);
  follower.wake();
  await around.pass(1000);
  assert.equal(around.sockets.length, 2);
});

test("waking hurries a poll that waits", async () => {
  const { around, follower } = follow([], 30_000);
  await loseThree(around);
  await around.pass(60_000);
  const polls = around.fetched.length;
  follower.wake();
  assert.equal(around.fetched.length, polls + 1);
});

for (const isStill of [true, false]) {
  test(`after sleep it jumps to now, the clock ${isStill ? "stood still" : "ran on"}`, async () => {
    const { around, clock, seen } = follow();
    around.last.onmessage(beat);
    clock.trip(77, around.time);
    around.sleep(3_600_000, isStill);
    await around.pass(1000);
    assert.equal(around.sockets[0].isClosed, true);
    assert.equal(around.open.length, 1);
    assert.equal(around.sockets.length, 2);
    assert.equal(clock.boundMs, Infinity);
    await around.pass(1000);
    assert.equal(around.sockets.length, 2);
    assert.deepEqual(seen, []);
  });
}

test("after sleep what had queued up on the old socket is not played", () => {
  const { around, seen } = follow();
  const old = around.last;
  old.onmessage(message({ type: "delta", seq: 6 }));
  around.sleep(60_000, true);
  old.onmessage(message({ type: "delta", seq: 7 }));
  old.onmessage(message({ type: "delta", seq: 8 }));
  around.last.onmessage(message({ type: "delta", seq: 9 }));
  assert.deepEqual(seen.map((frame) => frame.seq), [6, 9]);
});

test("a hidden page whose timers are slow but whose socket speaks has not slept", () => {
  const { around } = follow();
  for (let beats = 0; beats < 30; beats += 1) {
    around.sleep(2000, false);
    around.last.onmessage(beat);
  }
  assert.equal(around.sockets.length, 1);
});

test("the clock is asked for soon after the socket's first word, and over that socket", async () => {
  const { around } = follow();
  await around.pass(4000);
  assert.deepEqual(around.last.sent, []);
  around.last.onmessage(beat);
  await around.pass(3000);
  assert.deepEqual(around.last.sent, [{ type: "time", id: 1 }]);
  around.last.onmessage(message({ v: 1, type: "time", id: 1, at: 50_000 }));
  await around.pass(200);
  assert.equal(around.last.sent.length, 2);
});

test("a beat ahead of what was measured makes it measure again", async () => {
  const { around, clock } = follow();
  const answer = async () => {
    await around.pass(1000);
    const { id } = around.last.sent[around.last.sent.length - 1];
    around.last.onmessage(message({ v: 1, type: "time", id, at: around.time + 500 }));
  };
  around.last.onmessage(beat);
  await around.pass(1000);
  for (let trip = 0; trip < 5; trip += 1) await answer();
  around.last.onmessage(message({ v: 1, type: "beat", at: 9_000_000 }));
  assert.equal(clock.boundMs, Infinity);
  assert.equal(clock.now(), 9_000_000);
  for (let second = 0; second < 40; second += 1) {
    await around.pass(1000);
    around.last.onmessage(message({ v: 1, type: "beat", at: 9_000_000 + second * 1000 }));
  }
  assert.ok(around.last.sent.length > 5);
});

test("a socket that has not spoken yet is not asked for the time", async () => {
  const { around } = follow();
  around.last.onmessage(beat);
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(2000);
  assert.equal(around.sockets.length, 2);
  assert.deepEqual(around.last.sent, []);
});

test("a close screen tries another socket soon where one says nothing, as soon as its line allows; a public page waits", async () => {
  const opened = async (retryMaxMs, tookMs, waitMs) => {
    const { around } = follow([], retryMaxMs);
    await around.pass(tookMs);
    around.last.onmessage(beat);
    around.last.onclose({ code: 1006, reason: "" });
    await around.pass(1_000);
    const before = around.sockets.length;
    await around.pass(waitMs);
    return around.sockets.length - before;
  };
  assert.equal(await opened(2_000, 100, 1_900), 0);
  assert.equal(await opened(2_000, 100, 3_000), 1);
  assert.equal(await opened(2_000, 2_000, 3_000), 0);
  assert.equal(await opened(2_000, 2_000, 4_500), 1);
  assert.equal(await opened(30_000, 100, 5_000), 0);
});

test("after waking the tries begin anew with short waits", async () => {
  const { around, follower } = follow([], 30_000);
  around.chance = 0.999;
  around.refuses = true;
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(120_000);
  follower.wake();
  around.refuses = false;
  await around.pass(1000);
  assert.equal(around.sockets.length, 2);
});

test("a rest that is over does not hold back the polls of a later silence", async () => {
  const { around, follower } = follow();
  around.last.onclose({ code: 4001, reason: "retry_ms=60000" });
  follower.wake();
  around.last.onmessage(beat);
  await around.pass(6000);
  assert.equal(around.fetched.length, 1);
});

test("the screen's key goes along to the socket and to the polls", async () => {
  const { around } = follow([], 2000, "a b");
  await loseThree(around);
  assert.equal(around.last.url, "ws://x/live/board?epoch=e&seq=5&key=a+b");
  assert.equal(around.fetched[0].url, "http://x/live/board?key=a+b");
});

test("words of a socket that was dropped are not heard", () => {
  const { around, follower, seen } = follow();
  const old = around.last;
  follower.again();
  old.onmessage(message({ type: "delta" }));
  old.onclose({ code: 1006, reason: "" });
  assert.deepEqual(seen, []);
  assert.equal(around.sockets.length, 2);
});
