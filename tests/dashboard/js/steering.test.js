import assert from "node:assert/strict";
import { test } from "node:test";

import { Refused } from "../../../dashboard/static/js/control/asking.js";
import { Steering } from "../../../dashboard/static/js/control/steering.js";

const DONE = { by: "account:8", at: 1, did: "take", scene: null, reason: "" };

/** A page at an output of which it has seen a version, and what the server answers to its requests in turn. */
function page(version, ...answers) {
  const asked = [];
  const later = [];
  globalThis.window = { setTimeout: (act) => later.push(act) };
  const room = {
    paint: () => {},
    api: {
      steer: async (output, what, body) => {
        asked.push([output, what, body]);
        const answer = answers.shift();
        if (answer instanceof Refused) throw answer;
        return answer;
      },
    },
    act: async (ask) => ask().catch(() => null),
  };
  return { steering: new Steering(room, { state: () => ({ version }) }, "tv1"), asked, later };
}

test("each press says which version was seen, and the answer is seen before the topic tells it", async () => {
  const { steering, asked } = page(3, { version: 4 }, { version: 5 });
  assert.equal(await steering.do("take", { scene: "live" }, "done_take"), true);
  await steering.do("panic", {}, "done_panic");
  assert.deepEqual(asked, [["tv1", "take", { scene: "live", seen: 3 }], ["tv1", "panic", { seen: 4 }]]);
});

test("a refusal has told what was done since, so that the next press counts", async () => {
  const stale = new Refused({ code: "stale", last: { ...DONE, version: 7 } });
  const { steering, asked } = page(3, stale, { version: 8 });
  assert.equal(await steering.do("take", {}, "done_take"), false);
  assert.equal(await steering.do("take", {}, "done_take"), true);
  assert.deepEqual(asked.map(([, , { seen }]) => seen), [3, 7]);
});

test("takes rest for as long as the server refuses a second one; stillness never does", async () => {
  const { steering, later } = page(3, { version: 4 }, { version: 5 });
  await steering.do("panic", {}, "done_panic");
  assert.deepEqual([steering.rests, later.length], [false, 0]);
  await steering.do("standby", {}, "done_standby");
  assert.deepEqual([steering.rests, later.length], [true, 1]);
  later[0]();
  assert.equal(steering.rests, false);
});

test("a fault that is no refusal leaves no key at rest for ever", async () => {
  const { steering, later } = page(3);
  steering.room.act = async () => { throw new TypeError("null has no code"); };
  await assert.rejects(steering.do("take", {}, "done_take"), TypeError);
  later[0]();
  assert.equal(steering.rests, false);
});
