import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Board } from "../../../dashboard/static/js/live/board.js";
import { Store } from "../../../dashboard/static/js/live/store.js";

const golden = JSON.parse(readFileSync(new URL("../../golden/board.json", import.meta.url), "utf-8"));

for (const wanted of golden.boards) {
  test(wanted.name, () => {
    const store = new Store();
    const frame = { v: 1, type: "snapshot", topic: "board", epoch: "e", base: 0, seq: 1, at: 1, heard: 1, rehearsal: false };
    assert.equal(store.apply({ ...frame, columns: golden.columns, rows: wanted.rows, state: {} }), "applied");
    const board = new Board(store, { root: "R", by: wanted.by ?? golden.by });
    assert.equal(board.takingPart(golden.ranked), wanted.taking_part);
    const lines = board.lines(golden.ranked, wanted.shown_by).map(({ code, rank, value }) => [code, rank, value]);
    assert.deepEqual(lines, wanted.lines);
    assert.equal(board.rest(golden.ranked, wanted.rest_by ?? wanted.shown_by, "R"), wanted.rest);
  });
}
