import assert from "node:assert/strict";
import test from "node:test";

import { fitting, folded } from "../../../dashboard/static/js/lib/folded.js";

const NAMES = ["Xã Lũng Cú (Huyện Đồng Văn)", "Xã Lũng Cụ", "Thị trấn Đồng Văn", "Huyện Đồng Văn", "Xã Bản Lũng"];
const choices = NAMES.map((text) => ({ text, folded: folded(text) }));
const found = (typed) => fitting(choices, typed).map((each) => each.text);

test("a name is found without its marks and capitals, anywhere in it", () => {
  assert.deepEqual(found("lung cu"), NAMES.slice(0, 2));
  assert.deepEqual(found("dong van"), [NAMES[0], NAMES[2], NAMES[3]]);
  assert.equal(folded("THÀI PHÌN TỦNG · Đường"), "thai phin tung · duong");
});

test("marks that are typed count, in either form of writing them", () => {
  assert.deepEqual(found("Lũng Cú"), [NAMES[0]]);
  assert.deepEqual(found("Lũng Cú".normalize("NFD")), [NAMES[0]]);
});

test("where a word begins stands first", () => {
  assert.deepEqual(found("an"), [NAMES[0], NAMES[2], NAMES[3], NAMES[4]].filter((name) => folded(name).includes("an")));
  assert.deepEqual(found("van"), [NAMES[0], NAMES[2], NAMES[3]]);
});
