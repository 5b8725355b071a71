import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { caresFor, clockOf, nameOf, placeOf, roleOf, sizeOf, stateOf } from "../../../dashboard/static/js/control/screen_words.js";
import { Words } from "../../../dashboard/static/js/lib/words.js";

const texts = (name) => JSON.parse(readFileSync(new URL(`../../../dashboard/locale/${name}.vi.json`, import.meta.url), "utf-8"));
const words = new Words("vi", "Asia/Ho_Chi_Minh", { ...texts("common"), ...texts("control"), ...texts("registry") });
const unit = (code) => ({ "024": "Thành phố Hà Giang" })[code] ?? code;
const SHOWN = { label: "A1B2", role: "hall", address: "/", out: "hall", link: "socket" };
const MOVING = { heard: 0, seq: 1_234, behind: 0, offset: 40, bound: 12 };

test("a screen is called what somebody has named it, else by what it is for", () => {
  assert.equal(nameOf(words, SHOWN, unit), "Hội trường · A1B2");
  assert.equal(nameOf(words, { ...SHOWN, name: "Sảnh A" }, unit), "Sảnh A");
  assert.equal(roleOf(words, { role: "tv", out: "tv3", address: "/?out=tv3" }, unit), "Đầu ra TV 3");
  assert.equal(roleOf(words, { role: "unit", address: "/units/024?lang=en" }, unit), "Trang đơn vị · Thành phố Hà Giang");
  assert.equal(roleOf(words, { role: "overlay", address: "/overlays/total" }, unit), "Lớp phủ · total");
});

test("what matters most of its state is said", () => {
  const said = (more) => stateOf(words, { ...SHOWN, ...more }, 100_000);
  assert.deepEqual(said({}), { state: "live", text: "Đang mở" });
  assert.deepEqual(said({ gone: 62_000, is_old: true }), { state: "gone", text: "Mất kết nối 38 giây" });
  assert.deepEqual(said({ gone: 62_000, link: null }), { state: "kept", text: "Chưa mở lại" });
  assert.deepEqual(said({ is_old: true, hidden: true }), { state: "care", text: "Trang cũ, đang chờ tải lại" });
  assert.deepEqual(said({ fault: "/units/zz" }), { state: "care", text: "Không mở được /units/zz" });
});

test("clocks are told apart: the machine's own, and how well the screen knows ours", () => {
  assert.deepEqual(clockOf(words, MOVING), { machine: "đúng giờ", bound: "sai tối đa 12 ms", machineCares: false, boundCares: false });
  assert.equal(clockOf(words, { ...MOVING, offset: -3_700_000 }).machine, "máy nhanh 1 giờ 1 phút 40 giây");
  assert.deepEqual(clockOf(words, { ...MOVING, offset: null, bound: null }), { machine: "", bound: "chưa đo", machineCares: false, boundCares: false });
});

test("where it stands, and how far behind", () => {
  assert.deepEqual(placeOf(words, { topic: "board" }, MOVING), { at: "board · hàng 1.234", behind: "kịp thời", cares: false });
  assert.equal(placeOf(words, { topic: "board" }, { ...MOVING, behind: 35 }).behind, "chậm 35 hàng");
  assert.equal(placeOf(words, { topic: "board" }, { ...MOVING, behind: null }).behind, "khác phiên bản số liệu");
  assert.equal(sizeOf(words, { size: [1920, 1080, 1.5] }), "1920×1080, ×1,5");
});

test("those that need a look are found, and those that are only kept are not among them", () => {
  const cares = (shown, moving = {}) => caresFor(words, { ...SHOWN, ...shown }, { ...MOVING, ...moving }, 100_000);
  assert.deepEqual([cares({}), cares({ link: null, gone: 5 })], [false, false]);
  const found = [cares({ gone: 5 }), cares({ is_old: true }), cares({}, { bound: 900 }), cares({}, { offset: 90_000 }), cares({}, { behind: 9_000 }), cares({ test: { verdict: "bad" } })];
  assert.ok(found.every(Boolean));
});
