import { test } from "node:test";
import assert from "node:assert/strict";

import { missing } from "../../../dashboard/static/js/stage/roll.js";
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

test("who is missing is named, and of many how many more there are", () => {
  const words = { say: (key, { n }) => `${key} ${n}`, number: String };
  const names = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [String(at), `P${at}`]));
  assert.equal(missing(words, [], names), "");
  assert.equal(missing(words, ["1", "zz", "3"], names), "P1, P3");
  assert.equal(missing(words, Object.keys(names), names), "P0, P1, P2, P3, P4, P5, P6, P7 roll_more 4");
});
