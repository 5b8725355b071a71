import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Words } from "../../../dashboard/static/js/lib/words.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf-8"));
const golden = read("../../golden/words.json");
const words = Object.fromEntries(
  ["vi", "en"].map((lang) => [lang, new Words(lang, golden.timezone, { ...read(`../../../dashboard/locale/common.${lang}.json`), ...read(`../../../dashboard/locale/scenes.${lang}.json`) })]),
);

for (const [lang, name, values, text] of golden.cases) {
  test(`${lang} ${name}(${values.join(", ")}) is ${text}`, () => assert.equal(words[lang][name](...values), text));
}

for (const { times, cases } of [golden.rounds, golden.rounds.waiting]) {
  for (const [lang, atMs, text] of cases) {
    test(`the round line at ${atMs} is ${text}`, () => {
      assert.equal(words[lang].roundLine(golden.rounds.names, times, atMs), text);
    });
  }
}

test("a name with braces is not filled in", () => {
  assert.equal(words.vi.say("signed_in", { name: "{n} x" }), "Đã đăng nhập: {n} x");
});

test("a text that the locale lacks is an error", () => {
  assert.throws(() => words.vi.say("missing"), /no text "missing"/);
});
