import assert from "node:assert/strict";
import { test } from "node:test";

import { EACH_MS, Faults } from "../../../dashboard/static/js/overlays/faults.js";
import { Around } from "./around.js";

function faults() {
  const around = new Around();
  const said = [];
  const it = new Faults("total", around.surroundings);
  return { around, said, it, begin: () => it.begin((text) => said.push(JSON.parse(text)) > 0) };
}

test("what comes before a socket waits for it, and what comes alike is told once", async () => {
  const { around, said, it, begin } = faults();
  for (let nth = 0; nth < 300; nth += 1) it.tell({ code: "host_data", what: "json" });
  it.tell({ code: "host_data", what: "xml" });
  begin();
  await around.pass(10 * EACH_MS);
  assert.deepEqual(said, [
    { type: "fault", overlay: "total", code: "host_data", what: "json", count: 300 },
    { type: "fault", overlay: "total", code: "host_data", what: "xml", count: 1 },
  ]);
});

test("few are told at a time, and few are kept", async () => {
  const { around, said, it, begin } = faults();
  begin();
  for (let nth = 0; nth < 100; nth += 1) it.tell({ code: "host_value", what: `f${nth}` });
  assert.equal(said.length, 1);
  await around.pass(2 * EACH_MS);
  assert.equal(said.length, 3);
  await around.pass(100 * EACH_MS);
  assert.equal(said.length, 9);
});

test("what lasts is told to every server that the page comes to, once to each", async () => {
  const { around, said, it, begin } = faults();
  it.last({ code: "address", what: "unit" });
  it.last({ code: "address", what: "unit" });
  begin();
  await around.pass(2 * EACH_MS);
  assert.equal(said.length, 1);
  begin();
  await around.pass(2 * EACH_MS);
  assert.equal(said.length, 2);
});

test("what a closed socket does not take is told to the next", async () => {
  const { around, said, it, begin } = faults();
  it.begin(() => false);
  it.tell({ code: "old", what: "" });
  await around.pass(2 * EACH_MS);
  begin();
  assert.deepEqual(said.map(({ code }) => code), ["old"]);
});
