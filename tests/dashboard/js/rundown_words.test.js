import assert from "node:assert/strict";
import { test } from "node:test";

import { armable, isArmed, isLaunching, leftOf, linesOf, paceOf } from "../../../dashboard/static/js/control/rundown_words.js";

const NOW = 1_000_000;
const ITEM = { scene: null, settings: {}, say: "", note: "", unit: null, at_ms: null, duration_s: null, advance_s: null, hold: false, skip: false, arm: false };
const RUN = { run: 0, on: null, since: null, next: null, armed: null, advances_at: null, began: [], launched: null };
const words = /** @type {any} */ ({ say: (/** @type {string} */ key, /** @type {object} */ values = {}) => [key, ...Object.values(values)].join(" "), number: String });
const item = (/** @type {string} */ id, more = {}) => ({ ...ITEM, id, title: id.toUpperCase(), ...more });
const rundown = { items: [item("a", { duration_s: 60 }), item("b", { skip: true }), item("c", { at_ms: NOW - 180_000, duration_s: 120, arm: true }), item("d")], ends_ms: NOW };

test("each item says where it stands, and when it is expected", () => {
  const running = { ...RUN, on: "a", since: NOW - 102_000, next: "c", began: [{ item: "a", at: NOW - 102_000 }] };
  const { lines, times } = linesOf(rundown, running, NOW);
  assert.deepEqual(lines.map(({ n, state, at }) => [n, state, at]), [
    [1, "on", NOW - 102_000], [2, "skipped", null], [3, "next", NOW], [4, "coming", NOW + 120_000],
  ]);
  assert.equal(leftOf(words, times), "rundown_over 00:42");
  assert.equal(paceOf(words, times), "rundown_late 3 · rundown_ends_over 2");
});

test("an item that was begun is done, and nothing is said of what was not planned", () => {
  const { lines, times } = linesOf({ items: [item("a"), item("d")], ends_ms: null }, { ...RUN, on: "d", since: NOW, began: [{ item: "a", at: 5 }] }, NOW);
  assert.deepEqual(lines.map(({ state, at }) => [state, at]), [["done", 5], ["on", NOW]]);
  assert.equal(leftOf(words, times) + paceOf(words, times), "");
});

test("what can be armed is the launch on air, then what is prepared by hand, then an item that asks for it", () => {
  const onAir = (/** @type {string} */ name) => ({ on_air: /** @type {any} */ ({ scene: { name, take: 7 } }), rundown });
  assert.deepEqual(armable({ ...onAir("launch"), running: { ...RUN, next: "c" } }), {});
  assert.deepEqual(armable({ ...onAir("launch"), running: { ...RUN, next: "c", launched: 7 } }), { item: "c" });
  assert.deepEqual(armable({ ...onAir("live"), running: RUN, preview: { name: "standings", settings: { order: "full" }, step: 0 } }), { scene: "standings" });
  // What is prepared goes before the item, and the most of scenes ask for nothing.
  assert.equal(armable({ ...onAir("live"), running: { ...RUN, next: "c" }, preview: { name: "standings", settings: {}, step: 0 } }), null);
  assert.equal(armable({ ...onAir("live"), running: { ...RUN, next: "d" } }), null);
  const full = { items: [{ ...item("f"), scene: "standings", settings: { order: "full" } }], ends_ms: null };
  assert.deepEqual(armable({ ...onAir("live"), rundown: full, running: { ...RUN, next: "f" } }), { item: "f" });
});

test("something is armed until its time, and nothing else with it", () => {
  const running = { ...RUN, armed: { by: "account:1", until: NOW + 1, item: "c", scene: null } };
  assert.equal(isArmed({ item: "c" }, running, NOW), true);
  assert.equal(isArmed({ item: "d" }, running, NOW), false);
  assert.equal(isArmed({}, running, NOW), false);
  assert.equal(isArmed({ item: "c" }, running, NOW + 1), false);
});

test("a launch holds its picture for six seconds after it fired, by the delay of the output", () => {
  const state = { cue: { name: "launch", id: 1, at: NOW }, output: /** @type {any} */ ({ delay_ms: 2_000 }) };
  assert.deepEqual([1_999, 2_000, 7_999, 8_000].map((ms) => isLaunching(state, NOW + ms)), [false, true, true, false]);
  assert.equal(isLaunching({}, NOW), false);
  const counting = { ...state, on_air: /** @type {any} */ ({ scene: { name: "launch" } }) };
  assert.deepEqual([-8_000, 1_999, 8_000].map((ms) => isLaunching(counting, NOW + ms)), [true, true, false]);
});
