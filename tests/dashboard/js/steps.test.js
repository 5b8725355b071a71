import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { colour, even } from "../../../dashboard/static/js/parts/steps.js";

const golden = JSON.parse(readFileSync(new URL("../../golden/steps.json", import.meta.url), "utf8"));

test("even steps are the server's", () => {
  for (const { about, counts, even: steps } of golden.cases) assert.deepEqual(even(counts), steps, about);
});

test("the colour of a count is the server's", () => {
  for (const [count, steps, expected] of golden.colours) assert.equal(colour(count, steps), expected, `count ${count}`);
});
