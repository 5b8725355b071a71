import { test } from "node:test";
import assert from "node:assert/strict";

import { span } from "../../../dashboard/static/js/stage/said.js";
import { leadOf, leadersOf } from "../../../dashboard/static/js/stage/wall.js";

test("a span is told as a clock that runs shows it", () => {
  const told = [[0, "0:00"], [999, "0:00"], [59_999, "0:59"], [130_000, "2:10"], [3_600_000, "1:00:00"], [3_725_000, "1:02:05"], [-61_000, "1:01"]];
  for (const [ms, text] of told) assert.equal(span(ms), text);
});

test("the number is the one that the wall leads with", () => {
  assert.equal(leadOf({ settings: { lead: "started" } }), "started");
  assert.equal(leadOf({ settings: { lead: "completed" } }), "completed");
  assert.equal(leadOf({ settings: {} }), "completed");
});

test("leaders are all who share the first three places", () => {
  const lines = [1, 2, 2, 2, 5, null].map((rank, at) => ({ code: String(at), rank, value: 9 }));
  assert.deepEqual(leadersOf(lines).map((line) => line.code), ["0", "1", "2", "3"]);
});
