import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { addressOf, canonical, textOf, valueOf } from "../../../dashboard/static/js/control/overlay_fields.js";
import { overlayLines } from "../../../dashboard/static/js/control/overlay_words.js";
import { Phrases } from "../../../dashboard/static/js/control/phrases.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../dashboard/locale/${name}.vi.json`, import.meta.url), "utf-8"));
const words = new Words("vi", "Asia/Ho_Chi_Minh", { ...read("common"), ...read("control"), ...read("overlays") });

test("a field tells what it holds, and comes to the same text again", () => {
  const cases = [
    ["text", "Nguyễn Văn A", "Nguyễn Văn A"], ["number", "80", 80], ["flag", "0", false], ["flag", "1", true],
    ["lines", "Bí thư\nChủ tịch", ["Bí thư", "Chủ tịch"]], ["moment", "08/09/2022 09:30", Date.UTC(2022, 8, 8, 2, 30)],
    ["choice", "rate", "rate"],
  ];
  for (const [sort, text, value] of cases) {
    assert.deepEqual(valueOf(sort, text, words), value, sort);
    assert.equal(textOf(sort, value, words), text, sort);
  }
});

test("an empty field tells nothing, and a list has no empty line", () => {
  for (const sort of ["text", "number", "flag", "lines", "moment"]) assert.equal(valueOf(sort, "  ", words), undefined, sort);
  assert.deepEqual(valueOf("lines", " Bí thư \n\n", words), ["Bí thư"]);
  assert.equal(textOf("moment", 0, words), "");
  assert.equal(valueOf("moment", "31/02/2022 09:30", words), undefined);
});

test("what tells the same is equal, in whatever order, and what says nothing counts for nothing", () => {
  assert.equal(canonical({ b: 1, a: "x", titles: [] }), canonical({ a: "x", unit: "", b: 1 }));
  assert.notEqual(canonical({ asof: false }), canonical({}));
});

test("an address asks for what is told", () => {
  const told = { name: "Đỗ & B", titles: ["Bí thư", "Chủ tịch"], asof: false, size: 80 };
  const found = new URL(addressOf("http://host", "/overlays/lower-third", { out: "tv1", wait: "" }, told));
  assert.deepEqual(Object.fromEntries(found.searchParams), { out: "tv1", name: "Đỗ & B", titles: "Bí thư|Chủ tịch", asof: "0", size: "80" });
});

test("the page says why overlays are not seen, and whose hand the output is in", () => {
  const phrases = new Phrases(words, new Map(), () => ({ 7: "Lan", 8: "Đào" }), () => 0, new Set());
  phrases.scenes = new Map([["anthem", "Chào cờ"]]);
  const about = { solemn: ["anthem"], overlays: { total: "Tổng số", bug: "Số ở góc" } };
  const lan = { me: "account:7", output: null, steer: true, break: false };
  const scene = (name) => ({ on_air: { version: 1, by: "system", scene: { name, settings: {}, take: 1, since: 0, step: 0, countdown: null } } });
  const said = (state, hand = lan) => overlayLines(phrases, state, about, hand).map(({ text }) => text);
  assert.deepEqual(said(scene("live")), []);
  assert.match(said(scene("anthem"))[0], /^Chào cờ: lớp phủ đang ẩn/);
  assert.match(said({ withdrawn: { overlays: ["total", "bug"] } })[0], /Tổng số, Số ở góc/);
  const locked = { lock: { by: "account:8", at: 0 } };
  assert.match(said(locked)[0], /^Đào đang giữ/);
  assert.deepEqual(said(locked, { ...lan, output: "tv1" }), []);
});
