import assert from "node:assert/strict";
import test from "node:test";

const { differing } = await import("../../../dashboard/static/js/parts/number.js");
const { freshness } = await import("../../../dashboard/static/js/ui/mark.js");
const { points, sketch } = await import("../../../dashboard/static/js/parts/trend.js");

test("only the figures from the first that differs roll", () => {
  assert.deepEqual(differing("12.734", "12.741"), { from: 4, kept: 0 });
  assert.deepEqual(differing("1.230", "1.240"), { from: 3, kept: 1 });
  assert.deepEqual(differing("999", "1.000"), { from: 0, kept: 0 });
  assert.deepEqual(differing("+99 lượt thi", "+100 lượt thi"), { from: 0, kept: 9 });
});

test("TRỰC TIẾP wants a live store, a live server and live sources", () => {
  const heard = 1_000_000;
  assert.equal(freshness({ rehearsal: false, heard }, 1000, heard + 1000), "live");
  assert.equal(freshness({ rehearsal: false, heard }, 6001, heard + 1000), "stale");
  assert.equal(freshness({ rehearsal: true, heard }, 1000, heard + 1000), "quiet");
  assert.equal(freshness({ rehearsal: false, heard: null }, 1000, heard), "quiet");
  assert.equal(freshness({ rehearsal: false, heard }, 1000, heard + 60_001), "quiet");
});

test("a source that was heard later than now is not live", () => {
  const heard = 1_000_000;
  assert.equal(freshness({ rehearsal: false, heard }, 1000, heard - 5_000), "live"); // a screen's clock has its bound
  for (const ahead of [5_001, 90_000, 3_600_000, 25_200_000]) {
    assert.equal(freshness({ rehearsal: false, heard }, 1000, heard - ahead), "quiet");
  }
});

test("a series starts at 0 and its points stand at the end of their steps", () => {
  const series = { start: 60_000, step_s: 60, completed: [5, 9] };
  assert.deepEqual(points(series, null, 180_000, 9), { times: [60_000, 120_000, 180_000], totals: [0, 5, 9] });
  assert.deepEqual(points(series, 0, 190_000, 11), {
    times: [0, 60_000, 120_000, 180_000, 190_000],
    totals: [0, 0, 5, 9, 11],
  });
  assert.deepEqual(points(null, 0, 5_000, 0), { times: [], totals: [] });
  assert.deepEqual(points(null, 0, 5_000, 3), { times: [0, 5_000], totals: [0, 3] });
});

test("a sketch needs two points", () => {
  assert.equal(sketch([1], [0]).line, "");
  assert.equal(sketch([0, 10], [0, 5]).line, "M0.0 400.0L1000.0 0.0");
});
