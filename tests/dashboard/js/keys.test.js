import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf } from "../../../dashboard/static/js/control/keys.js";

test("a key is named by its place, whatever the keyboard's language", () => {
  assert.equal(nameOf({ code: "Digit9", key: "ç" }), "9");
  assert.equal(nameOf({ code: "Numpad7", key: "7" }), "7");
  assert.equal(nameOf({ code: "Space", key: " " }), "Space");
  assert.equal(nameOf({ code: "ArrowLeft", key: "ArrowLeft" }), "ArrowLeft");
  assert.equal(nameOf({ code: "KeyA", key: "a" }), null);
});

test("without NumLock the number pad moves about the page", () => {
  assert.equal(nameOf({ code: "Numpad4", key: "ArrowLeft" }), null);
  assert.equal(nameOf({ code: "Numpad7", key: "Home" }), null);
});
