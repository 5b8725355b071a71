import assert from "node:assert/strict";
import { test } from "node:test";

import { Outputs } from "../../../dashboard/static/js/control/outputs.js";

const frame = (name, state = {}) => ({
  v: 1, type: "snapshot", topic: `control/program/${name}`, epoch: "e", base: 0, seq: 1, at: 1, heard: null, rehearsal: false,
  columns: [], rows: {}, state,
});

test("outputs that others make are followed, and those that they take away are missed by nobody", () => {
  const followed = [];
  const room = { contest: { me: "account:7" }, heard: new Map(), follow: (topic) => {
    followed.push(topic);
    room.heard.set(topic, {});
  } };
  const shown = { output: "hall", bound: null, may_steer: true, may_break: false, names: {}, frames: { hall: frame("hall"), tv2: frame("tv2", { follows: "hall" }) } };
  const outputs = new Outputs(room, shown);
  assert.equal(outputs.state("tv2").follows, "hall");
  outputs.hear(["hall", "tv2", "tv1"]);
  assert.deepEqual(outputs.names, ["hall", "tv1", "tv2"]);
  outputs.hear(["hall", "tv1"]);
  assert.deepEqual([outputs.names, [...outputs.gone]], [["hall", "tv1"], ["tv2"]]);
  assert.equal(room.heard.has("control/program/tv2"), false, "silence of what is gone says nothing about the line");
  outputs.hear(["hall", "tv1", "tv2"]);
  assert.deepEqual(outputs.names, ["hall", "tv1", "tv2"]);
  assert.deepEqual(followed, ["hall", "tv2", "tv1"].map((name) => `control/program/${name}`));
});
