import assert from "node:assert/strict";
import { test } from "node:test";

import { address, blank, merged, same, textsOf } from "../../../dashboard/static/js/overlays/settings.js";

const contest = {
  name: "lower-third", lang: "vi", output: "tv1",
  defaults: { position: "", size: 100, asof: true, unit: "", name: "", titles: [] },
  placed: ["asof", "position", "size"], written: ["name", "titles"],
};

test("the host says more than the output, and that more than the address", () => {
  const said = merged(contest, { unit: "1", size: 80 }, { unit: "2" }, { unit: "3", asof: false });
  assert.deepEqual(said, { position: "", size: 80, asof: false, unit: "3", name: "", titles: [] });
});

test("what it is about comes from one of them as a whole, and unknown fields are none", () => {
  const said = merged(contest, { name: "A", titles: ["Bí thư"] }, { name: "B" }, { size: 90, colour: "red" });
  assert.deepEqual([said.name, said.titles, said.size, "colour" in said], ["B", [], 90, false]);
});

test("a list may come as one text of lines, as hosts have no lists", () => {
  assert.deepEqual(merged(contest, { titles: "Bí thư|Chủ tịch" }).titles, ["Bí thư", "Chủ tịch"]);
  assert.deepEqual(merged(contest, { titles: " Bí thư \n\nChủ tịch" }).titles, ["Bí thư", "Chủ tịch"]);
  assert.deepEqual(merged(contest, { titles: null }).titles, []);
});

test("no text of a person stands in an address", () => {
  const settings = merged(contest, { name: "Nguyễn Văn A", titles: ["Bí thư", "Chủ tịch"] });
  const asked = address(contest, blank(contest, settings));
  assert.equal(asked, `/overlays/lower-third?${new URLSearchParams({ piece: "1", out: "tv1", lang: "vi", name: "–", titles: "–|–" })}`);
  assert.ok(same(blank(contest, settings), blank(contest, merged(contest, { name: "B", titles: ["x", "y"] }))));
});

test("texts of the page's own address are read as they are", () => {
  assert.deepEqual(textsOf(["name", "titles"], "?name=A%26B&unit=1"), { name: "A&B" });
});
