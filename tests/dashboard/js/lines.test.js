import assert from "node:assert/strict";
import test from "node:test";

import { passing, stepping } from "../../../dashboard/static/js/parts/lines.js";
import { entered } from "../../../dashboard/static/js/parts/recent.js";

const place = (at, list = 0) => ({ list, at });
const shifts = (keyframes) => keyframes.map(({ transform }) => transform ?? "");

test("who rises passes in front on a ground of its own, and whom it passes dims", () => {
  const rises = passing()(place(4), place(2));
  assert.equal(shifts(rises)[0], "translateY(200%)");
  assert.ok(rises.every(({ zIndex }) => zIndex === 2) && rises[0].background !== "transparent");
  const falls = passing()(place(2), place(3));
  assert.equal(shifts(falls)[0], "translateY(-100%)");
  assert.deepEqual(falls.map(({ opacity }) => opacity), [1, 0.35, 1]);
});

test("who keeps its place does nothing", () => {
  assert.equal(passing()(place(3, 1), place(3, 1)), null);
  assert.equal(passing(5)(place(4), place(4)), null);
});

test("between columns and pages a line fades and does not fly", () => {
  for (const from of [place(10, 0), null]) {
    const comes = passing()(from, place(0, 1));
    assert.deepEqual(shifts(comes), ["", "", ""]);
    assert.deepEqual([comes[0].opacity, comes[comes.length - 1].opacity], [0, 1]);
  }
});

test("below the end of a list stand those that are not seen: they come from there and go there", () => {
  assert.equal(shifts(passing(5)(null, place(3)))[0], "translateY(200%)");
  assert.equal(shifts(passing(5)(place(4), null))[0], "translateY(-100%)");
});

test("a new line comes in at the top, the others step down, and the last one goes below the end", () => {
  const steps = stepping(1, 7);
  assert.deepEqual(shifts(steps(null, place(0))), ["translateY(-100%)", "none"]);
  assert.deepEqual(shifts(steps(place(2), place(3))), ["translateY(-100%)", "none"]);
  assert.deepEqual(shifts(steps(place(6), null)), ["translateY(-100%)", "translateY(0%)"]);
  assert.equal(stepping(0, 7)(place(2), place(2)), null);
});

test("where all lines are new the whole list steps down", () => {
  const steps = stepping(3, 3);
  assert.deepEqual(shifts(steps(null, place(2))), ["translateY(-300%)", "none"]);
  assert.deepEqual(shifts(steps(place(0), null)), ["translateY(-300%)", "translateY(0%)"]);
});

for (const [before, now, count] of [
  ["abc", "abc", 0], ["abc", "dab", 1], ["abc", "eda", 2], ["abc", "def", 3], ["abc", "cab", 1], ["abc", "dca", 2],
  ["", "ab", 2], ["abc", "ab", 0], ["ab", "abc", 3],
]) {
  test(`${before || "nothing"} → ${now}: ${count} come in`, () => {
    assert.equal(entered([...before], [...now]), count);
  });
}
