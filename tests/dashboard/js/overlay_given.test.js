import assert from "node:assert/strict";
import { test } from "node:test";

import { Given } from "../../../dashboard/static/js/overlays/given.js";

const contest = {
  name: "lower-third", lang: "vi", output: "tv1",
  defaults: { position: "", size: 100, asof: true, unit: "", name: "", titles: [] },
  placed: ["asof", "position", "size"], written: ["name", "titles"],
  limits: { name: { chars: 8, lines: 1 }, titles: { chars: 5, lines: 3 } },
};

test("a text that does not fit is refused, and what was given before counts", () => {
  for (const [data, faults] of [
    [{ name: "Nguyễn Văn A" }, ["name"]],
    [{ name: "A", titles: "1|2|3|4" }, ["titles"]],
    [{ name: "A", titles: ["123456"] }, ["titles"]],
    [{ name: "A\u0007" }, ["name"]],
    [{ name: "A\u202eB", titles: ["\u0000"] }, ["name", "titles"]],
    [{ colour: "red", f0: "x" }, ["…"]],
  ]) {
    const given = new Given(contest);
    assert.deepEqual(given.hear({ name: "Trần B" }), []);
    assert.deepEqual(given.hear(data), faults);
    assert.deepEqual(given.data, { name: "Trần B" });
    assert.deepEqual(given.hear(data), [], "and is told once");
  }
});

test("an empty field of a host's form leaves what is no text as it is", () => {
  const given = new Given(contest);
  assert.deepEqual(given.hear({ unit: "", size: "", asof: "", name: "Trần B", titles: "" }), []);
});

test("what cannot be painted gives way to what was painted last", () => {
  const given = new Given(contest);
  given.hear({ unit: "1" });
  assert.equal(given.isNew, true);
  given.stands();
  given.hear({ unit: "2" });
  given.hear({ unit: "3" });
  given.refuse();
  assert.deepEqual([given.data, given.isNew], [{ unit: "1" }, false]);
});
