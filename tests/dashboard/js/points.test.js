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
  globalThis.document = { body: { dataset: { fresh: "live" }, classList: { toggle: () => {} } } };
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

const calls = await import("../../../dashboard/static/js/points/called.js");
const { Outbox } = await import("../../../dashboard/static/js/points/outbox.js");

/** An outbox whose server answers as it is told, on a clock in the test's hand. */
function outboxOf(answers, text = "[]") {
  const made = { sent: [], timers: [], kept: text, nowMs: 0 };
  const around = { now: () => made.nowMs, setTimeout: (run) => made.timers.push(run) };
  const keeping = { read: () => made.kept, write: (said) => { made.kept = said; } };
  made.box = new Outbox(keeping, async (said) => {
    made.sent.push(said);
    return { outcome: "done", ...answers.shift() };
  }, around, () => {});
  return made;
}

/** Let everything that waits for a promise go on. */
const settle = () => new Promise((resolve) => { setImmediate(resolve); });

test("the latest of each that was said without a line is sent when it is back, over a reload too", async () => {
  const before = outboxOf(Array.from({ length: 5 }, () => ({ outcome: "unheard" })));
  before.box.say("ready", true);
  await settle();
  before.box.say("ready", false);
  before.box.say("present", 45);
  await settle();
  const after = outboxOf([], before.kept);
  after.box.contact();
  await settle();
  assert.deepEqual(after.sent.at(-1), { ready: false, present: 45 });
  assert.equal(after.kept, "[]");
});

test("a line whose answer was lost is not sent twice, and one that was not heard is", async () => {
  const { box, sent, timers } = outboxOf([{ outcome: "unheard" }]);
  box.say("line", "Mất tiếng");
  await settle();
  timers.shift()();
  await settle();
  assert.equal(sent.length, 1, "nobody knows yet");
  box.hear({ text: "Mất tiếng", at: 10_200, state: "waiting" });
  box.contact();
  await settle();
  assert.deepEqual([sent.length, box.waiting.size], [1, 0]);

  const lost = outboxOf([{ outcome: "unheard" }]);
  const before = { text: "Mất tiếng", at: 1_000, state: "aside" };
  lost.box.hear(before);
  lost.box.say("line", "Mất tiếng");
  await settle();
  lost.box.hear(before);
  lost.nowMs = 4_000;
  lost.box.contact();
  await settle();
  assert.deepEqual(lost.sent, [{ line: "Mất tiếng" }, { line: "Mất tiếng" }]);
});

test("what the server does not take keeps no other out, and whoever has no key any more asks no more", async () => {
  const { box, sent } = outboxOf([{ outcome: "unheard" }, { outcome: "refused", field: "line", code: "wrong_value" }, { outcome: "gone" }]);
  box.say("present", 3);
  await settle();
  box.say("line", "x".repeat(200));
  await settle();
  assert.deepEqual([...box.refused.keys()], ["line"]);
  assert.deepEqual(sent.at(-1), { present: 3 });
  assert.ok(box.isGone);
  box.contact();
  await settle();
  assert.equal(sent.length, 3);
});

test("nothing that was kept by somebody else stops a phone", () => {
  for (const text of ["", "{", "7", "null", '[["line"]]', '[["line", {"value": "x"}]]']) assert.equal(outboxOf([], text).box.waiting.size, 0, text);
});

test("a number of people is what people write", () => {
  const of = (text) => calls.people(text, 9_999);
  assert.deepEqual(["0", "45", " 1.200 ", "9,999", ""].map(of), [0, 45, 1_200, 9_999, null]);
  for (const text of ["-5", "−5", "1e3", "10.000", "1000000", "12345678", "x", "4x", "٣"]) assert.equal(of(text), undefined, text);
});

test("a phone vibrates once for each call that it has not answered", () => {
  const felt = [];
  const heard = new calls.Calls((pattern) => felt.push(pattern.length));
  const call = (state, key) => ({ state, key, text: "", due: null, by_hand: false });
  heard.hear(null, false);
  heard.hear(call("get_ready", "a"), false);
  heard.hear(call("get_ready", "a"), false);
  heard.hear(call("on_air", "b"), false);
  heard.hear(call("none", "c"), false);
  heard.hear(call("soon", "d"), true);
  assert.deepEqual(felt, [3, 3]);
});

test("what is left is told in minutes, at last in seconds", () => {
  const words = { say: (key, values) => [key, values?.n].filter(Boolean).join(" ") };
  const told = (dueMs) => calls.word({ state: "get_ready", key: "a", text: "", due: dueMs, by_hand: false }, words, 0);
  assert.deepEqual([119_000, 60_001, 60_000, 1, 0, -5_000].map(told), [
    "call_minutes 2", "call_minutes 2", "call_seconds 60", "call_seconds 1", "call_get_ready", "call_get_ready",
  ]);
  assert.equal(calls.word(null, words, 0), "call_none");
});
