import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

import { CLOSE_RETRY_MAX_MS, PUBLIC_RETRY_MAX_MS, hintMs, retryMs } from "../../../dashboard/static/js/live/retry.js";

const ROOT = new URL("../../../dashboard/static/js/", import.meta.url);
const FILES = readdirSync(ROOT, { recursive: true }).filter((name) => name.endsWith(".js"));
const TEXTS = new Map(FILES.map((name) => [name, readFileSync(new URL(name, ROOT), "utf8")]));

/** Who follows a topic, and within which window they come back. */
const WINDOWS = {
  "control/room.js": "CLOSE_RETRY_MAX_MS",
  "live/program.js": "CLOSE_RETRY_MAX_MS",
  "pages/button.js": "CLOSE_RETRY_MAX_MS",
  "pages/hall.js": "CLOSE_RETRY_MAX_MS",
  "pages/overlay.js": "CLOSE_RETRY_MAX_MS",
  "pages/phone.js": "CLOSE_RETRY_MAX_MS",
  "pages/point.js": "CLOSE_RETRY_MAX_MS",
  "pages/presenter.js": "CLOSE_RETRY_MAX_MS",
  "pages/unit.js": "PUBLIC_RETRY_MAX_MS",
  "points/lease.js": "CLOSE_RETRY_MAX_MS",
  "ui/review.js": "CLOSE_RETRY_MAX_MS",
};

test("close screens come back within two seconds, public ones within half a minute", () => {
  assert.equal(CLOSE_RETRY_MAX_MS, 2_000);
  assert.equal(PUBLIC_RETRY_MAX_MS, 30_000);
  for (const windowMs of [CLOSE_RETRY_MAX_MS, PUBLIC_RETRY_MAX_MS]) {
    assert.equal(retryMs(100, windowMs, 0), 250);
    assert.equal(retryMs(100, windowMs, 1), windowMs);
  }
});

test("every page that follows has the window of its kind", () => {
  const found = {};
  for (const [name, text] of TEXTS) {
    for (const [, window] of text.matchAll(/(?:\w\.follow\(|retryMaxMs: )([A-Z_0-9]+)/g)) found[name] = window;
  }
  assert.deepEqual(found, WINDOWS);
});

test("every page's module follows by itself or through the room", () => {
  for (const [name, text] of TEXTS) {
    // A screen that is gone follows nothing, its shell comes back for it; nor do the page of a one-time link, the door of a point and the printed sheet.
    if (!name.startsWith("pages/") || ["pages/gone.js", "pages/point_door.js", "pages/self_test.js", "pages/sheet.js", "pages/welcome.js"].includes(name)) continue;
    assert.ok(name in WINDOWS || text.includes("new Room()"), `${name}: within which window does it come back?`);
  }
});

test("a window has its number in one place", () => {
  for (const [name, text] of TEXTS) {
    // What stands inline can import nothing.
    if (name === "live/retry.js" || name.startsWith("inline/")) continue;
    assert.doesNotMatch(text, /RETRY\w*_MS\s*=/, name);
    assert.doesNotMatch(text, /(?:\w\.follow\(|retryMaxMs: )\d/, name);
  }
});

test("the longest hint of a server is read, and a longer one is none", () => {
  assert.equal(hintMs("retry_ms=999999"), 999_999);
  assert.equal(hintMs("retry_ms=1000000"), 0);
});
