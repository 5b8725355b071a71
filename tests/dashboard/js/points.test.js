import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Board } from "../../../dashboard/static/js/live/board.js";
import { Store } from "../../../dashboard/static/js/live/store.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";
import { view } from "../../../dashboard/static/js/parts/rows.js";
import { CALL_AFTER_MS, Hotline } from "../../../dashboard/static/js/points/hotline.js";
import { rules } from "../../../dashboard/static/js/points/own_marks.js";
import { wants } from "../../../dashboard/static/js/points/standing.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../golden/parts/${name}`, import.meta.url), "utf-8"));

test("a screen shows its own numbers as its address says, else as was chosen on it", () => {
  assert.deepEqual([wants("?own=1", "0"), wants("?own=0", "1"), wants("?lang=en", "1"), wants("", "0"), wants("", null)], [true, false, true, false, false]);
});

test("a list that is cut keeps the line of its own unit in sight, else that of the unit above", () => {
  const { frame, now_ms: nowMs, root, by } = read("_frames.json")["ha-giang-typical"];
  const store = new Store();
  store.apply(frame);
  const { spec } = read("rows.json").cases.find((each) => each.frame === "ha-giang-typical" && each.spec.limit === 3);
  const cut = { board: new Board(store, { root, by }), words: new Words("vi", "Asia/Ho_Chi_Minh", {}), leaves: [], nowMs };
  const codes = (own) => view(spec, { ...cut, own }).rows.map(({ code }) => code);
  const first = codes(undefined);
  assert.equal(first.length, 3);
  assert.deepEqual(codes([first[1]]), first);
  assert.deepEqual(codes(["00988", "035"]), [...first, "035"]);
  assert.deepEqual(codes(["nobody"]), first);
});

test("no code of a unit says anything but itself in a style sheet", () => {
  assert.match(rules('a"]{}*{display:none}')[0], /data-code="a\\"\]\{\}\*\{display:none\}"/);
  assert.match(rules("a\\")[0], /data-code="a\\\\"/);
});

test("a screen says whom to call once it has heard nothing for a while, and no more when it hears something", () => {
  globalThis.document = { body: { dataset: { fresh: "live" } } };
  const element = { hidden: true };
  let nowMs = 0;
  const hotline = new Hotline(element, () => nowMs);
  const look = (fresh, atMs) => {
    document.body.dataset.fresh = fresh;
    nowMs = atMs;
    hotline.look();
    return !element.hidden;
  };
  assert.deepEqual([
    look("live", 0), look("stale", 1_000), look("stale", 900 + CALL_AFTER_MS), look("stale", 1_000 + CALL_AFTER_MS),
    look("live", 2_000 + CALL_AFTER_MS), look("stale", 3_000 + CALL_AFTER_MS),
  ], [false, false, false, true, false, false]);
  delete globalThis.document;
});
