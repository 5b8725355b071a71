import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const text = readFileSync(new URL("../../../dashboard/static/js/inline/host.js", import.meta.url), "utf-8");
const { Host, dataOf, UPDATE_CHARS_MAX } = new Function(`${text}\nreturn { Host, dataOf, UPDATE_CHARS_MAX };`)();

/** The state after calls, by their names. */
function after(search, ...calls) {
  const host = new Host(search);
  for (const [name, ...given] of calls) host[name](...given);
  return host.state;
}

test("it plays at first, or waits where its address says so", () => {
  assert.equal(after("").playing, true);
  assert.equal(after("?wait=1").playing, false);
  assert.equal(after("?wait=1", ["play"]).playing, true);
});

test("calls in any order end in the same state, and twice is once", () => {
  const data = { name: "A" };
  for (const calls of [
    [["update", '{"name": "A"}'], ["play"]],
    [["play"], ["update", '{"name": "A"}']],
    [["play"], ["play"], ["update", '{"name": "A"}'], ["update", '{"name": "A"}']],
    [["stop"], ["stop"], ["update", '{"name": "A"}'], ["play"]],
    [["remove"], ["update", '{"name": "A"}'], ["play"], ["next"]],
    [["remove"], ["play"], ["update", '{"name": "A"}'], ["play"]],
  ]) {
    const { playing, data: said } = after("?wait=1", ...calls);
    assert.deepEqual([playing, said], [true, data]);
  }
  assert.deepEqual(after("", ["update", '{"name": "A"}'], ["remove"]), { diemCau: "host", playing: false, data: {}, woken: 0, still: false, faults: [] });
});

test("what is said last is without motion only where it says so", () => {
  assert.equal(after("?wait=1", ["play", "still"]).still, true);
  assert.equal(after("?wait=1", ["play", "still"], ["update", { name: "A" }]).still, false);
  assert.equal(after("", ["update", { name: "A" }, "still"], ["stop", 1]).still, false);
});

test("what cannot be read changes nothing", () => {
  for (const bad of ['{"name"', "[1]", "null", "7", "A", "x".repeat(UPDATE_CHARS_MAX + 1), JSON.stringify({ name: "x".repeat(UPDATE_CHARS_MAX) }), undefined, 7, null, [1]]) {
    assert.deepEqual(after("", ["update", '{"name": "A"}'], ["update", bad]).data, { name: "A" });
  }
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, nth) => [`f${nth}`, "x"]));
  assert.equal(dataOf(JSON.stringify(many)), null);
});

test("what is no text, number, truth or list of these is left out", () => {
  assert.deepEqual(dataOf('{"name": "A", "of": {"a": 1}, "titles": ["x", "y"], "rows": 5, "asof": false, "gone": null, "mixed": [{}]}'), { name: "A", titles: ["x", "y"], rows: 5, asof: false });
  assert.deepEqual(dataOf({ unit: "026" }), { unit: "026" });
  assert.deepEqual(dataOf(" "), {});
});

test("XML that defines anything is not read", () => {
  for (const bomb of ['<!DOCTYPE x [<!ENTITY a "b">]><templateData/>', "<templateData><![CDATA[x]]></templateData>"]) {
    assert.equal(dataOf(bomb), null);
  }
});

test("a source that comes into sight is told each time", () => {
  assert.equal(after("", ["see", true], ["see", false], ["see", true]).woken, 2);
});

test("what was wrong with calls is kept until it is heard, bounded, and changes nothing", () => {
  const bad = [['{"name"', "json"], ['<!DOCTYPE x [<!ENTITY a "b">]><templateData/>', "xml"], ["x".repeat(UPDATE_CHARS_MAX + 1), "long"], ["[1]", "fields"], [7, "fields"]];
  const { faults, data, playing } = after("", ["update", { name: "A" }], ...bad.map(([given]) => ["update", given]), ["update", "7"]);
  assert.deepEqual(faults, bad.map(([, what]) => ({ code: "host_data", what })));
  assert.deepEqual([data, playing], [{ name: "A" }, true]);
});

test("after it was taken away nothing shows it but data to say", () => {
  const { faults, playing } = after("", ["remove"], ["play"], ["stop"], ["next"], ["remove"], ["play"]);
  assert.deepEqual(faults.map(({ what }) => what), ["play", "stop", "next", "play"]);
  assert.equal(playing, false);
});
