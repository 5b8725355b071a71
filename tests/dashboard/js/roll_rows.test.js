/** Which points a roll call shows, and where the cursor goes: no row moves away under whoever ticks it. */

import assert from "node:assert/strict";
import test from "node:test";

import { countsOf, factsOf, shownOf, stepped } from "../../../dashboard/static/js/control/roll_rows.js";
import { call, page } from "../../../dashboard/static/js/control/roll_words.js";
import { Store } from "../../../dashboard/static/js/live/store.js";

const COLUMNS = ["bridge", "page", "since", "ready", "present", "call", "acked", "line"];
const CODES = ["02", "b", "b1", "a"];

/** @param {Record<string, (number | null)[]>} rows */
function rollOf(rows) {
  const roll = new Store();
  roll.apply({
    v: 1, type: "snapshot", topic: "points", epoch: "e", base: 0, seq: 1, at: 0, heard: null, rehearsal: false, columns: COLUMNS, rows, state: {},
  });
  return roll;
}

const NONE = [null, null, null, null, null, 0, 0, 0];
const roll = rollOf({
  "02": [1, 1, 5, 1, 30, 0, 0, 0], b: [0, 0, 5, 0, null, 0, 0, 1], b1: NONE, a: [1, null, null, null, null, 2, 1, 2],
});

test("facts are read by the names of their columns, and of an unknown point there are none", () => {
  assert.equal(factsOf(roll, "02").present, 30);
  assert.deepEqual([factsOf(roll, "a").call, factsOf(roll, "a").acked], [2, 1]);
  assert.equal(factsOf(roll, "zz").bridge, null);
});

test("each filter counts what it shows", () => {
  assert.deepEqual(countsOf(roll, CODES), { all: 4, left: 2, lost: 1, unready: 3, lines: 1 });
  assert.deepEqual(shownOf(roll, CODES, "left", null, new Set()), ["b", "b1"]);
  assert.deepEqual(shownOf(roll, CODES, "all", new Set(["a", "b"]), new Set()), ["b", "a"]);
});

test("a point that is ticked while the list shows those that are not stays where it stands", () => {
  const stood = new Set(shownOf(roll, CODES, "left", null, new Set()));
  const ticked = rollOf({ "02": [1, 1, 5, 1, 30, 0, 0, 0], b: [1, 0, 5, 0, null, 0, 0, 1], b1: NONE, a: NONE });
  assert.deepEqual(shownOf(ticked, CODES, "left", null, stood), ["b", "b1", "a"]);
  assert.deepEqual(shownOf(ticked, CODES, "left", null, new Set()), ["b1", "a"]);
});

test("the cursor goes from row to row and stops at either end", () => {
  assert.equal(stepped(CODES, null, 1), "02");
  assert.equal(stepped(CODES, "02", 1), "b");
  assert.equal(stepped(CODES, "a", 1), "a");
  assert.equal(stepped(CODES, "b", -10), "02");
  assert.equal(stepped(["b"], "02", 1), "b");
  assert.equal(stepped([], "02", 1), null);
});

const words = /** @type {any} */ ({ say: (/** @type {string} */ key, /** @type {any} */ values) => (values ? `${key} ${values.age}` : key), duration: (/** @type {number} */ ms) => `${ms / 1000} s` });

test("a lost page says for how long, and a point that gets ready how many minutes are left", () => {
  assert.equal(page(words, factsOf(roll, "b"), 38_005), "page_lost 38 s");
  assert.equal(page(words, factsOf(roll, "02"), 38_005), "page_open");
  assert.equal(page(words, factsOf(roll, "b1"), 0), "page_never");
  const ready = /** @type {any} */ ({ state: "get_ready", due: 119_000, key: "", text: "", by_hand: false });
  assert.equal(call(words, ready, 0), "call_state_get_ready_in 120 s");
  assert.equal(call(words, { ...ready, due: null }, 0), "call_state_get_ready");
  assert.equal(call(words, undefined, 0), "");
});
