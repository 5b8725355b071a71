import assert from "node:assert/strict";
import { test } from "node:test";

import { SHOWN_MS, view } from "../../../dashboard/static/js/parts/milestone.js";

const words = { say: (key, { n }) => `${key} ${n}`, number: String };
/** What is told at a time of a milestone, null where there is none. */
const milestoneNow = (milestone, nowMs) => view({}, { board: { store: { state: new Map([["milestone", milestone]]) } }, words, nowMs }).text;

test("a milestone is seen for a while after it was passed, and by who comes later for the rest of it", () => {
  const milestone = { value: 10_000, at: 1_000_000 };
  assert.equal(milestoneNow(milestone, 1_000_000), "milestone 10000");
  assert.equal(milestoneNow(milestone, 1_000_000 + SHOWN_MS - 1), "milestone 10000");
  assert.equal(milestoneNow(milestone, 1_000_000 + SHOWN_MS), "");
  assert.equal(milestoneNow(milestone, 1_000_000 - 50), "milestone 10000", "a screen's clock may be a little slow");
  assert.equal(milestoneNow(null, 0), "");
  assert.equal(milestoneNow(undefined, 0), "");
});
