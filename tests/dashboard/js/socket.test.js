import assert from "node:assert/strict";
import test from "node:test";

import { Follower, hintMs, retryMs } from "../../../dashboard/static/js/live/socket.js";

/** All promises that can settle now have settled. */
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** A browser whose clock a test moves by hand. */
class Around {
  constructor() {
    this.time = 0;
    this.timers = [];
    this.sockets = [];
    this.fetched = [];
    this.answers = [];
    this.refuses = false;
  }

  get surroundings() {
    return {
      open: (url) => {
        if (this.refuses) throw new Error("blocked");
        const socket = { url, isClosed: false, onmessage: null, onclose: null, close() { this.isClosed = true; } };
        this.sockets.push(socket);
        return socket;
      },
      fetch: async (url, init) => {
        this.fetched.push({ url, etag: init.headers["If-None-Match"] ?? null, at: this.time });
        const answer = this.answers.shift();
        if (answer === undefined) throw new Error("no network");
        return { status: answer.status, text: async () => answer.text ?? "", headers: { get: () => answer.etag ?? null } };
      },
      setTimeout: (run, ms) => {
        this.timers.push({ run, at: this.time + ms, id: this.timers.length + 1 });
        return this.timers.length;
      },
      clearTimeout: (id) => {
        const timer = this.timers.find((other) => other.id === id);
        if (timer) timer.run = () => {};
      },
      now: () => this.time,
      random: () => 0.5,
    };
  }

  get last() {
    return this.sockets[this.sockets.length - 1];
  }

  /** Let time pass; due timers run in order, and what they promised settles. */
  async pass(ms) {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end && !timer.isDone).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      due.isDone = true;
      this.time = Math.max(this.time, due.at);
      due.run();
      await settled();
    }
    this.time = end;
  }
}

function follow(outcomes = [], retryMaxMs = 2000) {
  const around = new Around();
  const seen = [];
  const contacts = [];
  const follower = new Follower(
    "board",
    { socketUrl: "ws://x/", pollUrl: "http://x/", retryMaxMs },
    {
      position: () => "?epoch=e&seq=5",
      frame: (message) => {
        seen.push(message);
        return outcomes.shift() ?? "applied";
      },
      contact: (atMs) => contacts.push(atMs),
    },
    around.surroundings,
  );
  follower.start();
  return { around, follower, seen, contacts };
}

const message = (value) => ({ data: JSON.stringify(value) });
const beat = message({ v: 1, type: "beat", at: 77 });

test("it names its position when it connects", () => {
  assert.equal(follow().around.last.url, "ws://x/live/board?epoch=e&seq=5");
});

test("frames go to the store, beats to the clock", () => {
  const { around, seen, contacts } = follow();
  around.last.onmessage(message({ type: "delta" }));
  around.last.onmessage(beat);
  assert.deepEqual(seen, [{ type: "delta" }]);
  assert.deepEqual(contacts, [null, 77]);
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

test("after 3 failures it polls every 2 s and keeps trying the socket", async () => {
  const { around, seen, contacts } = follow();
  around.answers = [{ status: 200, text: '{"type":"snapshot"}', etag: 'W/"e-6"' }, { status: 304 }, { status: 304 }];
  for (let lost = 0; lost < 3; lost += 1) {
    around.last.onclose({ code: 1006, reason: "" });
    await around.pass(lost < 2 ? 1500 : 0);
  }
  await around.pass(4100);
  assert.equal(around.fetched[0].url, "http://x/live/board");
  assert.deepEqual(around.fetched.map((asked) => asked.etag), [null, 'W/"e-6"', 'W/"e-6"']);
  assert.deepEqual(around.fetched.map((asked) => asked.at - around.fetched[0].at), [0, 2000, 4000]);
  assert.deepEqual(seen, [{ type: "snapshot" }]);
  assert.equal(contacts.length, 3);
  assert.equal(around.sockets.length, 4);
  around.last.onmessage(beat);
  const asked = around.fetched.length;
  await around.pass(5000);
  assert.equal(around.fetched.length, asked);
});

test("after 5 s without a connection it polls, also where sockets cannot be made at all", async () => {
  const { around } = follow([], 30_000);
  around.refuses = true;
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(7000);
  assert.ok(around.fetched.length >= 1);
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
  follower.wake();
  assert.equal(around.sockets.length, 1);
  await around.pass(4000);
  follower.wake();
  assert.equal(around.sockets.length, 2);
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
