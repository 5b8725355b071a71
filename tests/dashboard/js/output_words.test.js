import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  addressOf, delayMs, followable, freeName, handOf, inOrder, isOthers, lateness, linesOf, marksOf, mayRestore, seconds,
  seenOn, soon, title, withdrawal,
} from "../../../dashboard/static/js/control/output_words.js";
import { momentOf } from "../../../dashboard/static/js/control/times_of_day.js";
import { Phrases } from "../../../dashboard/static/js/control/phrases.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../dashboard/locale/${name}.json`, import.meta.url), "utf-8"));
const AT = Date.UTC(2022, 8, 8, 3, 5, 9); // 10:05:09 there
const words = new Words("vi", "Asia/Ho_Chi_Minh", { ...read("common.vi"), ...read("scenes.vi"), ...read("control.vi") });
const english = new Words("en", "Asia/Ho_Chi_Minh", { ...read("common.en"), ...read("control.en") });
const phrases = new Phrases(words, new Map(), () => ({ 7: "Lan", 8: "Minh" }), () => AT, new Set());
phrases.scenes = new Map([["standings", "Xếp hạng"]]);
const scene = (take = 1) => ({ name: "standings", settings: {}, take, since: AT, step: 0 });
const lan = { me: "account:7", output: null, steer: true, break: false };
const lock = (by) => ({ lock: { by, at: AT } });

test("an output has a name, whole or short", () => {
  assert.deepEqual(["hall", "points", "tv12"].map((name) => title(words, name, "short")), ["Hội trường", "Điểm cầu", "TV 12"]);
  assert.equal(title(words, "tv2"), "Đầu ra TV 2");
});

test("the next output has the first name that is free, until there are as many as there may be", () => {
  assert.equal(freeName(["hall", "points"]), "tv1");
  assert.equal(freeName(["hall", "tv2", "tv1", "tv4"]), "tv3");
  assert.equal(freeName([...Array(16)].map((_, n) => `tv${n + 1}`)), null);
});

test("outputs stand by their numbers, after what every ceremony has", () => {
  assert.deepEqual(inOrder(["tv10", "points", "tv2", "hall"]), ["hall", "points", "tv2", "tv10"]);
});

test("an output can follow none that follows it, directly or over others", () => {
  const states = new Map([["hall", {}], ["points", { follows: "hall" }], ["tv1", { follows: "points" }], ["tv2", {}]]);
  assert.deepEqual(followable("hall", states), ["tv2"]);
  assert.deepEqual(followable("tv1", states), ["hall", "points", "tv2"]);
  assert.deepEqual(followable("tv2", states), ["hall", "points", "tv1"]);
});

test("it is somebody else's while another holds it, and a director's own whoever of his desk does", () => {
  assert.equal(isOthers({}, lan), false);
  assert.equal(isOthers(lock("account:7"), lan), false);
  assert.equal(isOthers(lock("account:8"), lan), true);
  assert.equal(isOthers(lock("key:desk"), { ...lan, output: "tv1" }), false);
});

test("whose hand it is in is told in a few words", () => {
  assert.equal(handOf(phrases, lock("account:8"), lan), "Đạo diễn hình đang giữ: Minh");
  assert.equal(handOf(phrases, lock("account:7"), lan), "Bạn đang giữ");
  assert.equal(handOf(phrases, { follows: "hall" }, lan), "Theo Hội trường");
  assert.equal(handOf(phrases, { follows: null }, lan), "Riêng");
});

test("a delay is told to a tenth of a second, and read with a comma or a point", () => {
  assert.deepEqual([1_800, 2_000, 30_000, 49].map((ms) => seconds(words, ms)), ["1,8", "2", "30", "0"]);
  assert.equal(seconds(english, 1_800), "1.8");
  assert.equal(lateness(words, { output: { store: "live", delay_ms: 1_800, frozen: false } }), "chậm 1,8 giây");
  assert.equal(lateness(words, { output: { store: "live", delay_ms: 0, frozen: false } }), "");
  assert.deepEqual(["1,8", "1.8", " 0 ", "30", "30,1", "-1", "", "một"].map(delayMs), [1_800, 1_800, 0, 30_000, null, null, null, null]);
});

test("what everybody sees of a still picture is the still one", () => {
  const onAir = { version: 1, by: "account:7", scene: scene(2) };
  assert.equal(seenOn({ on_air: onAir }).take, 2);
  assert.equal(seenOn({ on_air: onAir, still: { by: "account:7", at: AT, scene: scene(1) } }).take, 1);
  assert.equal(seenOn({}), null);
});

test("numbers taken off here are another thing than those that others check", () => {
  const withdrawn = (more) => ({ withdrawn: { output: "hall", by: "account:8", at: AT, to: null, scene: null, ...more } });
  assert.deepEqual(marksOf("hall", withdrawn({})), ["withdrawn"]);
  assert.deepEqual(marksOf("points", withdrawn({ scene: scene() })), ["withdrawn"]);
  assert.deepEqual(marksOf("tv1", withdrawn({})), ["checking"]);
  assert.deepEqual(marksOf("tv1", { still: { scene: scene() } }), ["still"]);
  assert.match(linesOf(phrases, "tv1", withdrawn({}))[0].text, /^Hội trường đang kiểm tra số liệu \(từ 10:05:09\)/);
  assert.equal(linesOf(phrases, "hall", withdrawn({}))[0].text, "Đã gỡ số lúc 10:05:09 (Minh). Đưa số trở lại: bấm giữ G lần nữa.");
  assert.equal(linesOf(phrases, "points", withdrawn({ scene: scene() }))[0].text, "Hội trường đã gỡ số lúc 10:05:09 (Minh).");
});

test("taking numbers off reaches what follows and is held by nobody; others of the same numbers are told", () => {
  const live = { output: { store: "live", delay_ms: 0, frozen: false } };
  const states = new Map([
    ["hall", live], ["points", { ...live, follows: "hall" }], ["tv1", { ...live, follows: "points" }], ["tv2", { ...live, follows: "hall", ...lock("account:8") }],
    ["tv3", { ...live, follows: "tv2" }], ["tv4", { output: { ...live.output, store: "rehearsal" }, follows: "hall" }],
  ]);
  assert.deepEqual(withdrawal("hall", states, lan), { taken: ["hall", "points", "tv1"], told: ["tv2", "tv3"] });
  assert.deepEqual(withdrawal("tv2", new Map([["tv2", live]]), { ...lan, output: "tv2" }), { taken: ["tv2"], told: [] });
});

test("what a director has taken off is his to undo, and the hall's is not", () => {
  const off = (holds) => ({ withdrawn: { output: "hall", by: "account:8", at: AT, to: null, scene: null, holds } });
  const director = { ...lan, output: "tv1" };
  assert.deepEqual([mayRestore({}, lan), mayRestore(off(true), lan), mayRestore(off(false), lan)], [false, true, true]);
  assert.deepEqual([mayRestore(off(true), director), mayRestore(off(false), director)], [false, true]);
});

test("a moment is the last one of a time of day", () => {
  assert.equal(momentOf(words, "10:05:09", AT), AT);
  assert.equal(momentOf(words, "9h41", AT), AT - (24 * 60 + 9) * 1_000);
  assert.equal(momentOf(words, "10:05:10", AT), AT + 1_000 - 86_400_000);
  for (const text of ["", "10", "25:00:00", "10:61", "mười giờ"]) assert.equal(momentOf(words, text, AT), null, text);
});

test("a lock that was broken says by whom, when and why", () => {
  const broken = { lock: { by: "account:7", at: AT - 60_000 }, by: "account:8", at: AT, reason: "mất liên lạc" };
  assert.deepEqual(linesOf(phrases, "tv1", { broken }), [{ key: "broken", text: "Minh đã mở khóa của Lan lúc 10:05:09. Lý do: mất liên lạc" }]);
});

test("what comes is told by when it comes here", () => {
  const late = { output: { store: "live", delay_ms: 5_000, frozen: false } };
  assert.equal(soon(phrases, { ...late, coming: [{ output: "hall", by: "account:8", at: AT, scene: scene() }] }), "Sắp hiện “Xếp hạng” lúc 10:05:14");
  assert.equal(soon(phrases, { ...late, cue: { name: "launch", id: 1, at: AT } }), "Hiệu lệnh phát động lúc 10:05:14");
  assert.equal(soon(phrases, { cue: { name: "launch", id: 1, at: AT } }), "");
});

test("screens are opened where the server is", () => {
  assert.equal(addressOf("http://10.0.0.5:8000", "tv1"), "http://10.0.0.5:8000/?out=tv1");
});

test("who holds his output is told that the one he follows shows a scene of respect", () => {
  assert.deepEqual(linesOf(phrases, "tv1", { follows: "hall", solemn: "standings" }), [
    { key: "solemn", text: "Hội trường đang ở cảnh “Xếp hạng”. Đầu ra này giữ hình của mình." },
  ]);
  assert.deepEqual(linesOf(phrases, "tv1", { follows: "hall", solemn: null }), []);
});
