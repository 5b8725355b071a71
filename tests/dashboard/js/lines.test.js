import assert from "node:assert/strict";
import test from "node:test";

import { passing, stepping } from "../../../dashboard/static/js/parts/lines.js";
import { entered } from "../../../dashboard/static/js/parts/recent.js";

const place = (at, list = 0) => ({ list, at });

test("who rises passes in front on a ground of its own, and whom it passes dims", () => {
  assert.deepEqual(passing()(place(4), place(2)), { kinds: ["move", "front"], from: 2 });
  assert.deepEqual(passing()(place(2), place(3)), { kinds: ["move", "dim"], from: -1 });
});

test("who keeps its place does nothing", () => {
  assert.equal(passing()(place(3, 1), place(3, 1)), null);
  assert.equal(passing(5)(place(4), place(4)), null);
});

test("between columns and pages a line fades and does not fly", () => {
  for (const from of [place(10, 0), null]) assert.deepEqual(passing()(from, place(0, 1)), { kinds: ["follow"] });
});

test("below the end of a list stand those that are not seen: they come from there and go there", () => {
  assert.deepEqual(passing(5)(null, place(3)), { kinds: ["move", "front"], from: 2 });
  assert.deepEqual(passing(5)(place(4), null), { kinds: ["move", "dim"], from: -1 });
});

test("a new line comes in at the top, the others step down, and the last one goes below the end", () => {
  const steps = stepping(1, 7);
  assert.deepEqual(steps(null, place(0)), { kinds: ["move", "appear"], from: -1 });
  assert.deepEqual(steps(place(2), place(3)), { kinds: ["move"], from: -1 });
  assert.deepEqual(steps(place(6), null), { kinds: ["move", "vanish"], from: -1, to: 0 });
  assert.equal(stepping(0, 7)(place(2), place(2)), null);
});

test("where all lines are new the whole list steps down", () => {
  const steps = stepping(3, 3);
  assert.deepEqual(steps(null, place(2)), { kinds: ["move", "appear"], from: -3 });
  assert.deepEqual(steps(place(0), null), { kinds: ["move", "vanish"], from: -3, to: 0 });
});

for (const [before, now, count] of [
  ["abc", "abc", 0], ["abc", "dab", 1], ["abc", "eda", 2], ["abc", "def", 3], ["abc", "cab", 1], ["abc", "dca", 2],
  ["", "ab", 2], ["abc", "ab", 0], ["ab", "abc", 3],
]) {
  test(`${before || "nothing"} → ${now}: ${count} come in`, () => {
    assert.equal(entered([...before], [...now]), count);
  });
}
