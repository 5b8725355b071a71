import assert from "node:assert/strict";
import { test } from "node:test";

import { unheard } from "../../../dashboard/static/js/control/tone.js";

const alarm = (/** @type {string} */ id, more = {}) => ({ id, since: 7, seen: false, past: false, ...more });

test("a tone is for an alarm that is new, and that nobody has seen", () => {
  const alarms = /** @type {any} */ ([alarm("a"), alarm("b", { seen: true }), alarm("c", { past: true }), alarm("d")]);
  assert.deepEqual(unheard(new Set(["a 7"]), alarms), ["d 7"]);
  assert.deepEqual(unheard(new Set(["a 7", "d 7"]), alarms), []);
  // One that comes back has another beginning.
  assert.deepEqual(unheard(new Set(["d 7"]), /** @type {any} */ ([alarm("d", { since: 9 })])), ["d 9"]);
});
