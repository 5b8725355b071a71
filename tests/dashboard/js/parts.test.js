import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

import { Board } from "../../../dashboard/static/js/live/board.js";
import { Store } from "../../../dashboard/static/js/live/store.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const ROOT = new URL("../../../", import.meta.url);
const GOLDEN = new URL("tests/golden/parts/", ROOT);
const read = (path, from = GOLDEN) => JSON.parse(readFileSync(new URL(path, from), "utf-8"));
const frames = read("_frames.json");
const locale = (lang) => ({
  ...read(`dashboard/locale/common.${lang}.json`, ROOT), ...read(`dashboard/locale/scenes.${lang}.json`, ROOT),
});
const texts = { vi: locale("vi"), en: locale("en") };

/** A cut as a page has it. */
function cutOf({ frame, now_ms, leaves, timezone, root, by, points }, lang) {
  const store = new Store();
  assert.equal(store.apply(frame), "applied");
  return { board: new Board(store, { root, by }), words: new Words(lang, timezone, texts[lang]), leaves, nowMs: now_ms, points };
}

for (const file of readdirSync(GOLDEN).filter((name) => !name.startsWith("_"))) {
  const { view } = await import(`../../../dashboard/static/js/parts/${file.replace(".json", ".js")}`);
  test(`${file}: what is seen is what Python paints`, () => {
    for (const { frame, lang, spec, view: wanted } of read(file).cases) {
      assert.deepEqual(JSON.parse(JSON.stringify(view(spec, cutOf(frames[frame], lang)))), wanted, `${frame} ${lang}`);
    }
  });
}
