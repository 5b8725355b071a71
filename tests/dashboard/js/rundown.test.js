import assert from "node:assert/strict";
import { test } from "node:test";

import { freeId, moved, put } from "../../../dashboard/static/js/control/rundown_edit.js";
import { isTomorrows, toCome } from "../../../dashboard/static/js/control/times_of_day.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const words = new Words("vi", "Asia/Ho_Chi_Minh", {});
/** 9:31:17 of 8 September 2022 in Hà Giang. */
const NOW_MS = 1_662_604_277_000;
const item = (id) => ({ id, title: id, scene: null, settings: {}, say: "", note: "", unit: null, at_ms: null, duration_s: null, advance_s: null, hold: false, skip: false, arm: false });
const ids = (items) => items.map((each) => each.id);

test("a time of day is the next one", () => {
  assert.equal(toCome(words, "9:45", NOW_MS), NOW_MS + 823_000);
  assert.equal(toCome(words, "9h30", NOW_MS), NOW_MS + 86_400_000 - 77_000);
  // 9h30 has passed: who types it is told before it counts as tomorrow's.
  assert.deepEqual(["9:45", "9h30", "", "25:00"].map((text) => isTomorrows(words, text, NOW_MS)), [false, true, false, false]);
  assert.equal(toCome(words, " ", NOW_MS), null);
  for (const wrong of ["giờ nào", "25:00", "9:75", "9"]) assert.equal(toCome(words, wrong, NOW_MS), undefined, wrong);
});

test("a new item has an id that no other has, and stands behind the one that is next", () => {
  assert.equal(freeId("Đón đại biểu, kiểm tra", []), "don-dai-bieu-kiem-tra");
  assert.equal(freeId("Chào cờ", [item("chao-co"), item("chao-co-2")]), "chao-co-3");
  assert.equal(freeId("…", []), "muc");
  assert.ok(freeId("x".repeat(200), []).length <= 40);
  const items = [item("a"), item("b"), item("c")];
  assert.deepEqual(ids(put(items, item("n"), "a")), ["a", "n", "b", "c"]);
  assert.deepEqual(ids(put(items, item("n"), null)), ["a", "b", "c", "n"]);
  assert.deepEqual(ids(put(items, { ...item("b"), title: "B" }, null)), ["a", "b", "c"]);
  assert.deepEqual(ids(moved(items, "b", -1)), ["b", "a", "c"]);
  assert.deepEqual(ids(moved(items, "c", 1)), ["a", "b", "c"]);
});
