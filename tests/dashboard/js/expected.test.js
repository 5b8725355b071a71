import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { expected } from "../../../dashboard/static/js/lib/expected.js";

const { cases } = JSON.parse(readFileSync(new URL("../../golden/expected.json", import.meta.url), "utf8"));

test("times of a rundown are the server's", () => {
  for (const { about, rundown, running, now_ms: nowMs, times } of cases) assert.deepEqual(expected(rundown, running, nowMs), times, about);
});
