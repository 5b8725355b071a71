import assert from "node:assert/strict";
import { test } from "node:test";

import { SHOWN_MS, milestoneNow } from "../../../dashboard/static/js/ui/milestone.js";

test("a milestone is seen for a while after it was passed, and by who comes later for the rest of it", () => {
  const milestone = { value: 10_000, at: 1_000_000 };
  assert.equal(milestoneNow(milestone, 1_000_000), 10_000);
  assert.equal(milestoneNow(milestone, 1_000_000 + SHOWN_MS - 1), 10_000);
  assert.equal(milestoneNow(milestone, 1_000_000 + SHOWN_MS), null);
  assert.equal(milestoneNow(milestone, 1_000_000 - 50), 10_000, "a screen's clock may be a little slow");
  assert.equal(milestoneNow(null, 0), null);
  assert.equal(milestoneNow(undefined, 0), null);
});
