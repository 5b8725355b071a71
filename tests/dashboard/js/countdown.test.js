import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Words } from "../../../dashboard/static/js/lib/words.js";
import { view } from "../../../dashboard/static/js/parts/countdown.js";

const texts = JSON.parse(readFileSync(new URL("../../../dashboard/locale/scenes.vi.json", import.meta.url), "utf-8"));
const words = new Words("vi", "Asia/Ho_Chi_Minh", texts);
const OPENS = 2_000_000;
/** What is seen. The contest opens at OPENS. */
const seen = (nowMs, countdown, toMs = null) => view({ to_ms: toMs }, {
  board: { store: { state: new Map([["rounds", [[1, OPENS, OPENS + 1]]]]) } }, words, leaves: [], nowMs, countdown,
}).clock;

test("each second is shown once, the first one whole, and the end is no number", () => {
  const from = OPENS - 10_000;
  const shown = [];
  for (let ms = from; ms <= OPENS + 5_000; ms += 100) shown.push(seen(ms, null));
  const runs = shown.filter((text, at) => text !== shown[at - 1]);
  assert.deepEqual(runs, ["00:10", "00:09", "00:08", "00:07", "00:06", "00:05", "00:04", "00:03", "00:02", "00:01", ""]);
  assert.deepEqual([...new Set(runs.slice(0, -1).map((text) => shown.filter((other) => other === text).length))], [10]);
});

test("what is on air says what it counts to, and one that is held stands", () => {
  assert.equal(seen(0, { to_ms: 61_000, left_ms: null }, 5_000), "01:01");
  for (const now of [0, 1_000_000, OPENS + 1]) assert.equal(seen(now, { to_ms: null, left_ms: 277_000 }), "04:37");
  assert.equal(seen(OPENS - 1_000, { to_ms: null, left_ms: null }, 5_000), "00:01", "the opening, where no time is set yet");
});
