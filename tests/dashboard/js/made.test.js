import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { Making, isOther, madeOf } from "../../../dashboard/static/js/live/made.js";
import { Poll } from "../../../dashboard/static/js/live/poll.js";
import { Follower } from "../../../dashboard/static/js/live/socket.js";
import { Around } from "./around.js";

const OWN = { made: "c1-r1", show: "live" };

for (const [what, heard, isOld, fits] of [
  ["the same", OWN, false, true],
  ["another release", { made: "c1-r2", show: "live" }, true, true],
  ["another store", { made: "c1-r1", show: "rehearsal" }, true, true],
  ["another contest", { made: "c2-r1", show: "live" }, true, false],
]) {
  test(`a page that hears ${what}`, () => {
    const said = [];
    const making = new Making(OWN, (...changed) => said.push(changed));
    making.hear(heard);
    making.hear(heard);
    assert.deepEqual([making.isOld, making.fits], [isOld, fits]);
    assert.deepEqual(said, isOld ? [[heard, true]] : []);
    making.hear(OWN);
    assert.deepEqual([making.isOld, making.fits], [false, true]);
    assert.deepEqual(said.slice(1), isOld ? [[OWN, false]] : []);
  });
}

test("the store of an output changes in place: its page is not old by that", () => {
  const told = [];
  const making = new Making({ made: "c1-r1", show: "live" }, (heard, isOld) => told.push([heard.made, isOld]), { hasOwnStore: true });
  making.hear({ made: "c1-r1", show: "rehearsal" });
  assert.deepEqual([making.isOld, told], [false, []]);
  making.hear({ made: "c1-r2", show: "rehearsal" });
  assert.deepEqual([making.isOld, told], [true, [["c1-r2", true]]]);
});

test("a page that does not say what it was made of is never old", () => {
  const making = new Making(null, () => assert.fail());
  making.hear(OWN);
  assert.deepEqual([making.isOld, making.fits], [false, true]);
});

test("what tells only half, or something else, tells nothing", () => {
  for (const [made, show] of [["a-b", undefined], [undefined, "live"], ["", "live"], [1, "live"], [null, null]]) {
    assert.equal(madeOf(made, show), null);
  }
});

test("what is told is other only where something was known", () => {
  const other = { made: "c1-r2", show: "live" };
  assert.deepEqual([isOther(OWN, other), isOther(OWN, { ...OWN }), isOther(null, OWN), isOther(OWN, null)], [true, false, false, false]);
});

function follow(outcome = "applied", made = () => OWN) {
  const around = new Around();
  const order = [];
  const follower = new Follower("board", { socketUrl: "ws://x/", pollUrl: "http://x/", key: "", retryMaxMs: 2_000 }, new ServerClock(around.surroundings), {
    position: () => "", etag: () => "", contact: () => order.push("contact"),
    made,
    opened: () => order.push("opened"),
    told: (told) => order.push(told),
    frame: () => {
      order.push("frame");
      return outcome;
    },
  }, around.surroundings);
  follower.start();
  return { around, follower, order };
}

const message = (value) => ({ data: JSON.stringify(value) });
const greeting = message({ v: 1, type: "beat", at: 77, made: "c2-r1", show: "live" });
const frame = message({ v: 1, type: "snapshot" });

test("a page is told before it gets a frame that it may not fit", () => {
  const { around, order } = follow();
  around.last.onmessage(greeting);
  around.last.onmessage(frame);
  assert.deepEqual(order, [{ made: "c2-r1", show: "live" }, "frame", "contact"]);
});

test("a greeting does not make up for a frame that is refused: the tries still grow rarer", async () => {
  const { around, follower } = follow("refused");
  for (let failures = 1; failures < 5; failures += 1) {
    around.last.onmessage(greeting);
    around.last.onmessage(frame);
    assert.equal(follower.failures, failures);
    await around.pass(2_000);
  }
});

test("a socket says what its page was told last, its poll does not need to", async () => {
  const making = new Making(OWN, () => {});
  const { around } = follow("applied", () => making.heard);
  assert.equal(around.last.url, "ws://x/live/board?made=c1-r1&show=live");
  making.hear({ made: "c2-r1", show: "rehearsal" });
  around.last.onclose({ code: 1006, reason: "" });
  await around.pass(2_000);
  assert.equal(around.last.url, "ws://x/live/board?made=c2-r1&show=rehearsal");
  await around.pass(10_000);
  assert.equal(around.fetched[0].url, "http://x/live/board");
});

test("a page that does not say what it was made of names nothing", () => {
  assert.equal(follow("applied", () => null).around.last.url, "ws://x/live/board");
});

test("where the server has nothing to say its first beat shows that the line holds", () => {
  for (const made of [() => ({ made: "c2-r1", show: "live" }), () => null]) {
    const { around, order } = follow("applied", made);
    around.last.onopen();
    around.last.onmessage(greeting);
    assert.deepEqual(order, ["opened", { made: "c2-r1", show: "live" }, "contact"]);
  }
});

test("a socket that was given up opens nothing any more", () => {
  const { around, follower, order } = follow();
  const { onopen } = around.last;
  follower.again();
  onopen();
  assert.deepEqual(order, []);
});

test("every later beat tells too, and shows that the line holds", () => {
  const { around, order } = follow();
  around.last.onmessage(greeting);
  around.last.onmessage(greeting);
  assert.deepEqual(order, [{ made: "c2-r1", show: "live" }, { made: "c2-r1", show: "live" }, "contact"]);
});

for (const status of [200, 304, 401, 403, 404, 503]) {
  test(`a poll that is answered ${status} tells`, async () => {
    const around = new Around();
    around.answers = [{ status, text: '{"type":"snapshot"}', headers: { "Diem-Cau-Made": "c2-r1", "Diem-Cau-Show": "live" } }];
    const order = [];
    new Poll(2_000, new ServerClock(around.surroundings), {
      url: () => "http://x/live/board", etag: () => "", answered: () => {},
      told: (told) => order.push(told), frame: () => order.push("frame"), refused: () => {},
    }, around.surroundings).begin();
    await around.pass(0);
    assert.deepEqual(order, [{ made: "c2-r1", show: "live" }, ...(status === 200 ? ["frame"] : [])]);
  });
}
