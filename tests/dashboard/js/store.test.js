import assert from "node:assert/strict";
import test from "node:test";

import { Store } from "../../../dashboard/static/js/live/store.js";

const COLUMNS = ["registered", "started", "completed", "participants", "target", "rate", "rank", "pace"];
const row = (completed) => [0, 0, completed, 0, null, null, 1, 0];

const frame = (type, changes) => ({
  v: 1, type, topic: "board", epoch: "e1", base: 0, seq: 10, at: 1000, heard: 900, rehearsal: false,
  ...(type === "snapshot" ? { columns: COLUMNS } : {}), rows: {}, state: {}, ...changes,
});

const opened = () => {
  const store = new Store();
  store.apply(frame("snapshot", { rows: { a: row(1), b: row(2) }, state: { recent: ["a"] } }));
  return store;
};

test("a snapshot fills an empty store", () => {
  const store = opened();
  assert.equal(store.seq, 10);
  assert.equal(store.heard, 900);
  assert.deepEqual(store.rows.get("b"), row(2));
  assert.equal(store.position, "?epoch=e1&seq=10");
});

test("an empty store asks for everything", () => assert.equal(new Store().position, ""));

for (const [name, base, seq, outcome] of [
  ["from its own position", 10, 12, "applied"],
  ["from before its own position", 4, 12, "applied"],
  ["of the past", 4, 10, "dropped"],
  ["of the far past", 4, 9, "dropped"],
  ["with a gap", 11, 12, "ask"],
]) {
  test(`a delta ${name} is ${outcome}`, () => {
    const store = opened();
    assert.equal(store.apply(frame("delta", { base, seq, rows: { a: row(7) } })), outcome);
    assert.equal(store.rows.get("a")[2], outcome === "applied" ? 7 : 1);
    assert.equal(store.seq, outcome === "applied" ? 12 : 10);
    assert.equal(store.rows.get("b")[2], 2);
  });
}

test("a delta replaces whole state keys, and null removes", () => {
  const store = opened();
  store.apply(frame("delta", { base: 10, seq: 11, rows: { b: null }, state: { recent: null, round: { n: 1 } } }));
  assert.equal(store.rows.has("b"), false);
  assert.equal(store.state.has("recent"), false);
  assert.deepEqual(store.state.get("round"), { n: 1 });
});

test("a snapshot of another epoch replaces everything, also with a smaller seq", () => {
  const store = opened();
  assert.equal(store.apply(frame("snapshot", { epoch: "e2", seq: 3, rows: { c: row(5) } })), "applied");
  assert.deepEqual([...store.rows.keys()], ["c"]);
  assert.equal(store.state.size, 0);
  assert.equal(store.seq, 3);
});

test("a delta of another epoch is asked for again", () => {
  assert.equal(opened().apply(frame("delta", { epoch: "e2", base: 10, seq: 11 })), "ask");
});

test("a snapshot that is not newer is dropped", () => {
  const store = opened();
  assert.equal(store.apply(frame("snapshot", { rows: {} })), "dropped");
  assert.equal(store.rows.size, 2);
});

const poisoned = (text) => JSON.parse(text);
for (const [name, message] of [
  ["null", null],
  ["a list", []],
  ["another version", frame("delta", { v: 2, base: 10, seq: 11 })],
  ["an unknown type", frame("patch", { base: 10, seq: 11 })],
  ["a seq that is no number", frame("delta", { base: 10, seq: "11" })],
  ["a seq below 0", frame("delta", { base: 10, seq: -1 })],
  ["a row that is too short", frame("delta", { base: 10, seq: 11, rows: { a: [1] } })],
  ["a row with a text", frame("delta", { base: 10, seq: 11, rows: { a: ["1", 0, 0, 0, null, null, 1, 0] } })],
  ["a negative count", frame("delta", { base: 10, seq: 11, rows: { a: [0, 0, -1, 0, null, null, 1, 0] } })],
  ["a removed row in a snapshot", frame("snapshot", { seq: 11, rows: { a: null } })],
  ["a snapshot without columns", frame("snapshot", { seq: 11, columns: undefined })],
  ["rows as a list", frame("delta", { base: 10, seq: 11, rows: [] })],
  ["__proto__ among the rows", frame("delta", { base: 10, seq: 11, rows: poisoned('{"__proto__": [0,0,9,0,null,null,1,0]}') })],
  ["constructor among the state", frame("delta", { base: 10, seq: 11, state: { constructor: 1 } })],
]) {
  test(`${name} is refused whole`, () => {
    const store = opened();
    assert.equal(store.apply(message), "refused");
    assert.equal(store.seq, 10);
    assert.deepEqual([...store.rows.keys()], ["a", "b"]);
    assert.equal({}.polluted, undefined);
  });
}

test("pace may be negative: more was voided than entered", () => {
  const store = opened();
  assert.equal(store.apply(frame("delta", { base: 10, seq: 11, rows: { a: [0, 0, 1, 0, null, null, 1, -3] } })), "applied");
});
