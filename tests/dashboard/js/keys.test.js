import assert from "node:assert/strict";
import { test } from "node:test";

import { keysOf } from "../../../dashboard/static/js/control/key_bar.js";
import { AFTER_FIELD_MS, isTyping, nameOf } from "../../../dashboard/static/js/control/keys.js";

test("a key is named by its place, whatever the keyboard's language", () => {
  assert.equal(nameOf({ code: "Digit9", key: "ç" }), "9");
  assert.equal(nameOf({ code: "Numpad7", key: "7" }), "7");
  assert.equal(nameOf({ code: "Space", key: " " }), "Space");
  assert.equal(nameOf({ code: "ArrowLeft", key: "ArrowLeft" }), "ArrowLeft");
  assert.equal(nameOf({ code: "KeyX", key: "ч" }), "KeyX");
  assert.equal(nameOf({ code: "KeyA", key: "a" }), null);
});

test("without NumLock the number pad moves about the page", () => {
  assert.equal(nameOf({ code: "Numpad4", key: "ArrowLeft" }), null);
  assert.equal(nameOf({ code: "Numpad7", key: "Home" }), null);
});

test("what a tool for Telex or VNI is still putting together is typing, and so is a press right after a field", () => {
  const press = { isComposing: false, keyCode: 32, key: " ", timeStamp: 5_000 };
  assert.equal(isTyping(press, -Infinity), false);
  assert.equal(isTyping({ ...press, isComposing: true }, -Infinity), true);
  assert.equal(isTyping({ ...press, keyCode: 229 }, -Infinity), true);
  assert.equal(isTyping({ ...press, key: "Process" }, -Infinity), true);
  assert.equal(isTyping(press, press.timeStamp - AFTER_FIELD_MS + 1), true);
  assert.equal(isTyping(press, press.timeStamp - AFTER_FIELD_MS), false);
});

test("keys steer the hall whatever page is looked at, until they are locked into an output by hand", () => {
  const known = new Set(["hall", "points", "tv1"]);
  const asked = { bound: null, locked: null, page: "tv1", known };
  assert.equal(keysOf(asked), "hall");
  assert.equal(keysOf({ ...asked, locked: "tv1", page: "points" }), "tv1");
  // What this page has never heard of, of another evening, is none; a director has his own output alone.
  assert.equal(keysOf({ ...asked, locked: "tv7" }), "hall");
  assert.equal(keysOf({ bound: "tv1", locked: "hall", page: "tv1", known: new Set(["tv1"]) }), "tv1");
});
