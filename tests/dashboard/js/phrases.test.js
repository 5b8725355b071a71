import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { field, instant, typedInstant } from "../../../dashboard/static/js/control/date_time.js";
import { Phrases, heldBy, keepsBack, signed } from "../../../dashboard/static/js/control/phrases.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../dashboard/locale/${name}.json`, import.meta.url), "utf-8"));
const AT = Date.UTC(2022, 8, 8, 3, 5, 9); // 10:05:09 there
const words = new Words("vi", "Asia/Ho_Chi_Minh", { ...read("common.vi"), ...read("scenes.vi"), ...read("control.vi"), ...read("roll_call.vi") });
const units = new Map([["P", "Tỉnh P"], ["A", "Huyện A"], ["A1", "Xã A1"]]);
const parents = new Map([["P", null], ["A", "P"], ["A1", "A"]]);
const phrases = new Phrases(words, units, () => ({ 7: "Lan" }), () => AT + 60_000, new Set(["unit_pace", "population", "person_rate"]));
const alarm = (rule, subject, detail) => phrases.alarm({ rule, subject, detail });
const gate = (changes) => ({ held_all: null, held: [], delay_ms: 0, schedules: [], quarantined: [], quarantined_total: 0, ...changes });

test("each alarm is a sentence with its figures", () => {
  const told = [
    alarm("source_silent", "web", { heard: AT, heartbeat_s: 60 }),
    alarm("unit_pace", "A1", { pace: 512, past: 42 }),
    alarm("source_pace", "web", { pace: 2512, past: 0 }),
    alarm("population", "A1", { people: 3211, population: 3100 }),
    alarm("person_rate", "A1", { entries: 7 }),
    alarm("rejects", "web", { rejects: 150 }),
    alarm("held_long", "all", { at: AT }),
    alarm("ledger", "ledger.db", { reason: "ledger.db: the disk is full" }),
    alarm("checkpoint", "ledger.db", { count: 1 }),
    alarm("clock", "step", { by_ms: -5_400_000, at: AT }),
    alarm("clock", "step", { by_ms: 600_000, at: AT }),
    alarm("clock", "row", { by_ms: 90_000, at: AT }),
    alarm("clock", "sources", { by_ms: 600_000, at: AT }),
    alarm("put_back", "ledger.db", { count: 1_052 }),
  ];
  assert.deepEqual(told.map((text) => /\{|undefined|NaN/.test(text)), told.map(() => false));
  assert.equal(told[0], "Nguồn web không gửi tín hiệu từ 10:05:09 (quá 60 giây). “Số liệu lúc” dừng lại.");
  assert.equal(told[1], "Xã A1: 512 lượt thi trong 5 phút, gấp 12 lần mức thường của đơn vị (42).");
  assert.equal(told[2], "Nguồn web: 2.512 lượt thi trong 5 phút, trước đó chưa có lượt nào.");
  assert.equal(told[6], "Đang giữ toàn bộ số liệu trên hình từ 10:05:09, đã quá 5 phút.");
  assert.match(told[9], /^Đồng hồ máy chủ vừa được chỉnh lùi 1 giờ 30 phút, thành 10:05:09\./);
  assert.match(told[10], /^Đồng hồ máy chủ vừa được chỉnh tiến 10 phút, thành 10:05:09\./);
  assert.match(told[11], /chậm 1 phút 30 giây so với dòng cuối của nhật ký/);
  assert.match(told[12], /^Giờ của các nguồn nhanh hơn đồng hồ máy chủ khoảng 10 phút\./);
  assert.match(told[13], /đến dòng 1\.052/);
  assert.match(told[7], /\(ổ đĩa đầy\)/);
});

test("why outputs cannot be written is told in words, whoever tells it", () => {
  const reasons = ["admin.db: database is locked; end the other program", "admin.db: attempt to write a readonly database", "admin.db: database or disk is full"];
  const told = reasons.map((reason) => /\(([^)]+)\)/.exec(alarm("program", "admin.db", { reason }))[1]);
  assert.deepEqual(told, ["tệp đang bị chương trình khác khóa", "tệp chỉ cho đọc", "ổ đĩa đầy"]);
});

test("what waits to be verified for long is no unit", () => {
  assert.equal(alarm("held_long", "quarantined", { at: AT, entries: 3 }), "3 lượt chờ xác minh từ 10:05:09, đã quá 5 phút.");
  assert.equal(phrases.unitOf({ rule: "held_long", subject: "quarantined", detail: { at: AT, entries: 3 } }), null);
});

test("an alarm about a unit names it, one about a source does not", () => {
  assert.equal(phrases.unitOf({ rule: "population", subject: "A1" }), "A1");
  assert.equal(phrases.unitOf({ rule: "held_long", subject: "all", detail: { at: AT } }), null);
  assert.equal(phrases.unitOf({ rule: "held_long", subject: "A1", detail: { at: AT, unit: "A1" } }), "A1");
  assert.match(alarm("held_long", "A1", { at: AT, unit: "A1" }), /^Xã A1: tạm giữ từ 10:05:09/);
  assert.equal(phrases.unitOf({ rule: "rejects", subject: "A1" }), null);
});

test("who decided is told by name, or by number where the name is gone", () => {
  assert.deepEqual([phrases.who("account:7"), phrases.who("account:8"), phrases.who("system")], ["Lan", "account:8", "Hệ thống"]);
});

test("a device is told by the name of its key", () => {
  assert.equal(phrases.who("key:companion"), "thiết bị companion");
});

test("a hold says when, by whom and why", () => {
  const hold = { since: 1, at: AT, by: "account:7", reason: "số lạ", rule: null, tell: false, final: false, scheduled: false };
  assert.equal(phrases.hold(hold), "10:05:09 · Lan · số lạ");
  assert.equal(phrases.hold({ ...hold, reason: "" }), "10:05:09 · Lan");
  assert.equal(phrases.hold({ ...hold, rule: "unit_pace" }), "10:05:09 · tự động · số lượt thi của đơn vị tăng bất thường");
  assert.equal(phrases.hold({ ...hold, scheduled: true }), "10:05:09 · theo lịch · số lạ");
});

test("what was another day says which", () => {
  const hold = { since: 1, at: AT - 86_400_000, by: "account:7", reason: "", rule: null, tell: false, final: false, scheduled: false };
  assert.equal(phrases.hold(hold), "10:05:09 07/9 · Lan");
});

test("a refusal says who was sooner, or what is wrong where", () => {
  const last = { kind: "release", unit: null, by: "account:7", at: AT };
  assert.equal(
    phrases.refusal({ code: "stale", last }),
    "Chưa thực hiện: có quyết định mới. 10:05:09 Lan cho số chạy tiếp: tất cả. Hãy xem lại rồi quyết định.",
  );
  assert.equal(phrases.decided({ kind: "hold", unit: null, by: "account:7", at: AT, final: true }), "10:05:09 Lan chốt số.");
  assert.match(phrases.refusal({ code: "wrong_value", field: "delta" }), /không số nào được nhỏ hơn 0/);
  assert.match(phrases.refusal({ code: "wrong_value", field: "unheard" }), /giá trị không hợp lệ/);
  assert.equal(phrases.refusal({ code: "unheard_of" }), "Chưa thực hiện (unheard_of).");
});

test("a unit is held by its own hold or by that of a unit above", () => {
  const held = gate({ held: [{ unit: "A", at: AT }] });
  assert.equal(heldBy("A1", parents, held)?.unit, "A");
  assert.equal(heldBy("A", parents, held)?.unit, "A");
  assert.equal(heldBy("P", parents, held), null);
  assert.equal(heldBy("A1", parents, undefined), null);
});

test("whatever keeps numbers back is seen", () => {
  assert.equal(keepsBack(gate({})), false);
  assert.equal(keepsBack(undefined), false);
  for (const changes of [{ held_all: { at: AT } }, { held: [{ unit: "A" }] }, { delay_ms: 1 }, { quarantined_total: 1 }]) {
    assert.equal(keepsBack(gate(changes)), true);
  }
});

test("a change has its sign", () => {
  assert.deepEqual([1284, 0, -3].map((n) => signed(words, n)), ["+1.284", "0", "−3"]);
});

test("a date and time of a field is meant on the contest's own clock", () => {
  assert.equal(instant(words, "2022-09-08T10:05"), Date.UTC(2022, 8, 8, 3, 5));
  assert.equal(instant(words, "2022-09-08T10:05:09"), AT);
  assert.equal(instant(words, "2022-09-08T10:05:09.07"), AT + 70);
  // An edge at 23:59:59 keeps its seconds on the way through a field.
  assert.equal(field(words, AT), "08/09/2022 10:05:09");
  assert.equal(field(words, AT - 9_000), "08/09/2022 10:05");
  assert.equal(field(words, AT + 7), "08/09/2022 10:05:09,007");
  for (const at of [AT, AT - 9_000, AT + 7, AT - 9_000 + 999]) assert.equal(typedInstant(words, field(words, at)), at);
  for (const text of ["8/9/2022 10:05", " 08.09.2022, 10h05 ", "08-09-2022 10g05"]) assert.equal(typedInstant(words, text), AT - 9_000);
  for (const text of ["", "08/09/2022", "31/02/2022 10:05", "13/13/2022 10:05", "08/09/2022 24:00", "08/09/2022 10:60", "2022-09-08T10:05"]) {
    assert.equal(typedInstant(words, text), null, text);
  }
  for (const text of ["", "2022-09-08", "08/09/2022 10:05"]) assert.equal(instant(words, text), null);
  const paris = new Words("vi", "Europe/Paris", {});
  for (const text of ["27/03/2022 01:30", "27/03/2022 03:30", "30/10/2022 04:00", "01/07/2022 00:00"]) {
    assert.equal(field(paris, typedInstant(paris, text)), text);
  }
});

test("a refusal of steering says who did what to the output", () => {
  const done = (did, scene = null) => ({ version: 3, by: "account:7", at: AT, did, scene, reason: "" });
  const refusal = (code, last) => phrases.refusal({ code, last });
  phrases.scenes = new Map([["standings", "Xếp hạng"]]);
  const taken = done("take", { name: "standings", settings: {}, take: 1, since: AT, step: 0 });
  assert.equal(refusal("stale", taken), "Chưa thực hiện: Lan vừa chuyển sang “Xếp hạng” lúc 10:05:09. Hãy xem lại rồi bấm lần nữa.");
  assert.equal(refusal("too_soon", taken), "Bỏ qua lần bấm thứ hai: Lan vừa chuyển sang “Xếp hạng” lúc 10:05:09.");
  assert.match(refusal("stale", done("follow")), /Lan vừa đổi đầu ra được đi theo lúc/);
  for (const did of ["take", "unheard_of"]) assert.match(refusal("stale", done(did)), /Lan vừa thay đổi đầu ra này lúc/);
  assert.equal(phrases.refusal({ code: "locked", field: "output", value: "account:7" }), "Chưa thực hiện: Lan đang giữ đầu ra này.");
});

test("everything that is done to an output has words in both languages", () => {
  for (const lang of ["vi", "en"]) {
    const texts = read(`control.${lang}`);
    for (const did of ["take", "step", "back", "store", "delay", "panic", "resume", "lock", "unlock", "follow", "launch", "withdraw", "restore"]) {
      assert.ok(`steered_${did}` in texts, `${lang} ${did}`);
    }
  }
});

test("a lost page of a point is told as what it is, and many in one line", () => {
  const since = AT + 60_000 - 38_000;
  assert.equal(
    alarm("point_lost", "A1", { since, unit: "A1" }),
    "Trang số liệu của điểm cầu Xã A1 mất kết nối 38 giây (không phải đường truyền hình).",
  );
  assert.equal(
    alarm("point_lost", "points", { since, count: 7, units: "A1 A" }),
    "7 điểm cầu mất trang số liệu, lâu nhất 38 giây (không phải đường truyền hình): Xã A1, Huyện A…",
  );
  // It is of no unit that could be held.
  assert.equal(phrases.unitOf({ rule: "point_lost", subject: "A1", detail: { since, unit: "A1" } }), null);
});
