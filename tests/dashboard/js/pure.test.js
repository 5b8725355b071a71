import assert from "node:assert/strict";
import test from "node:test";

const { pieces } = await import("../../../dashboard/static/js/parts/number.js");
const { freshness } = await import("../../../dashboard/static/js/ui/mark.js");
const { points, sketch } = await import("../../../dashboard/static/js/parts/trend.js");

/** A text in pieces as one line: "12.7[41/34]" where 34 becomes 41. */
const rolled = (before, after) => pieces(before, after)?.flat()
  .map(({ now, was }) => (now === was ? now : `[${now}/${was}]`)).join("") ?? null;

test("of a number with as many digits as before only those that differ roll", () => {
  assert.equal(rolled("12.734", "12.741"), "12.7[41/34]");
  assert.equal(rolled("1.230", "1.240"), "1.2[4/3]0");
  assert.equal(rolled("14.774", "24.775"), "[2/1]4.77[5/4]");
  assert.equal(rolled("189/193", "190/193"), "1[90/89]/193");
});

test("a number with more digits or fewer rolls whole, and the words about it stand", () => {
  assert.equal(rolled("999", "1.000"), "[1.000/999]");
  assert.equal(rolled("99/193", "100/193"), "[100/99]/193");
  assert.equal(rolled("+99 lượt thi trong 5 phút qua", "+100 lượt thi trong 5 phút qua"), "+[100/99] lượt thi trong 5 phút qua");
  assert.equal(rolled("99,9%", "100,0%"), "[100,0/99,9]%");
});

test("another sentence does not roll", () => {
  assert.equal(rolled("–", "1"), null);
  assert.equal(rolled("", "+1 lượt thi"), null);
  assert.equal(rolled("+1 entry in 5 minutes", "+2 entries in 5 minutes"), null);
  assert.equal(rolled("−3", "3"), null);
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
  assert.equal(sketch([0, 600_000], [0, 5]).line, "M0.0 400.0L1000.0 22.6");
});

test("in the first minutes a line is on its way over an axis of ten", () => {
  const { line, area } = sketch([0, 60_000, 120_000], [0, 1, 5]);
  assert.equal(line, "M0.0 400.0L100.0 324.5L200.0 22.6");
  assert.equal(area, `${line}L200.0 400L0 400Z`);
});
