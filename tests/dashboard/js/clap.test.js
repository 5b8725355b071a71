import assert from "node:assert/strict";
import { test } from "node:test";

import { PERIOD_MS, agreed, flashOf, lateAgain, lateBy, numbersAt } from "../../../dashboard/static/js/control/clap.js";

const FLASH = 800_000_000 * PERIOD_MS; // a flash with the first number

test("a flash is lit at its time, with a number of two digits that goes up", () => {
  assert.deepEqual(flashOf(FLASH), { n: 10, isLit: true });
  assert.deepEqual(flashOf(FLASH + 299), { n: 10, isLit: true });
  assert.deepEqual(flashOf(FLASH + 300), { n: 10, isLit: false });
  assert.deepEqual(flashOf(FLASH + PERIOD_MS), { n: 11, isLit: true });
  assert.equal(flashOf(FLASH + 50 * PERIOD_MS).n, 10);
});

test("a press and the number that was seen tell how late the picture is", () => {
  for (const ms of [0, 80, 1_800, 2_050, 7_400, 29_900]) assert.equal(lateBy(FLASH + ms, 10), ms);
  assert.equal(lateBy(FLASH - 40, 10), 0, "who has the beat in his hand presses early");
  assert.equal(lateBy(FLASH + 40_000, 10), null);
  assert.equal(lateBy(FLASH, 99), null);
});

test("whatever is late by no more than may be set has its number to choose", () => {
  const numbers = numbersAt(FLASH + 29_900);
  assert.ok(numbers.includes(10));
  assert.equal(new Set(numbers).size, numbers.length);
});

test("later presses need no number", () => {
  assert.equal(lateAgain(FLASH + 7_450, 7_400), 7_450);
  assert.equal(lateAgain(FLASH + 10 * PERIOD_MS + 7_300, 7_400), 7_300);
  assert.equal(lateAgain(FLASH + 5 * PERIOD_MS - 50, 30), 0);
});

test("presses agree on the one in the middle, to a tenth of a second", () => {
  assert.equal(agreed([1_840]), 1_800);
  assert.equal(agreed([1_780, 2_900, 1_840]), 1_800);
  assert.equal(agreed([1_000, 1_240]), 1_100);
  assert.equal(agreed([]), 0);
});
