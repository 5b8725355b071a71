import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { choose, colour } from "../../../dashboard/static/js/parts/steps.js";

const golden = JSON.parse(readFileSync(new URL("../../golden/steps.json", import.meta.url), "utf8"));

test("the steps are those that the server chooses", () => {
  for (const { about, counts, steps } of golden.chosen) assert.deepEqual(choose(counts), steps, about);
});

test("the colour of a count is the server's", () => {
  for (const [count, steps, expected] of golden.colours) assert.equal(colour(count, steps), expected, `count ${count}`);
});
