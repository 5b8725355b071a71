import assert from "node:assert/strict";
import test from "node:test";

import { Beat, DELAY_MS, WAITING_MAX, lastBeat } from "../../../dashboard/static/js/live/beat.js";
import { Store } from "../../../dashboard/static/js/live/store.js";

const COLUMNS = ["completed"];
const snapshot = (seq, at, completed, state = {}) => ({
  v: 1, type: "snapshot", topic: "board", epoch: "e", base: 0, seq, at, heard: at, rehearsal: false, columns: COLUMNS,
  rows: { R: [completed] }, state,
});
const delta = (base, seq, at, completed, state = {}) => ({
  ...snapshot(seq, at, completed, state), type: "delta", base, columns: undefined,
});
const begun = () => {
  const shown = new Store();
  const beat = new Beat(shown);
  beat.begin(snapshot(1, 1_000, 1));
  return { shown, beat };
};

test("a beat is due when frames of its time have had their delay", () => {
  assert.equal(lastBeat(6_000 + DELAY_MS - 1, 3_000), 3_000);
  assert.equal(lastBeat(6_000 + DELAY_MS, 3_000), 6_000);
});

test("a beat shows the last frame that is not later than it, and what is later waits", () => {
  const { shown, beat } = begun();
  beat.take(delta(1, 2, 2_900, 2));
  beat.take(delta(2, 3, 3_000, 3));
  beat.take(delta(3, 4, 3_100, 4));
  assert.equal(shown.seq, 1, "nothing is shown before the beat");
  assert.equal(beat.advance(3_000), true);
  assert.deepEqual([shown.seq, shown.rows.get("R")], [3, [3]]);
  assert.equal(beat.advance(3_000), false);
  assert.equal(beat.advance(6_000), true);
  assert.deepEqual([shown.seq, shown.rows.get("R")], [4, [4]]);
});

test("whatever the lines, two screens paint the same cut at every beat", () => {
  const frames = Array.from({ length: 60 }, (_, nth) => delta(nth + 1, nth + 2, 1_000 + 200 * (nth + 1), nth));
  const seqs = [0, 200, 399].map((lineMs) => {
    const { shown, beat } = begun();
    const left = [...frames];
    const painted = [];
    for (let nowMs = 1_000; nowMs < 14_000; nowMs += 10) {
      while (left.length && left[0].at + lineMs <= nowMs) beat.take(left.shift());
      if ((nowMs - DELAY_MS) % 3_000 === 0) {
        beat.advance(lastBeat(nowMs, 3_000));
        painted.push(shown.seq);
      }
    }
    return painted;
  });
  assert.equal(new Set(seqs[0]).size, seqs[0].length);
  assert.deepEqual(seqs[1], seqs[0]);
  assert.deepEqual(seqs[2], seqs[0]);
});

test("what somebody does is known at once, and shows everything that has arrived", () => {
  const { shown, beat } = begun();
  beat.take(delta(1, 2, 9_000, 2));
  assert.equal(beat.hasActed, false);
  beat.take(delta(2, 3, 9_100, 3, { frozen: { at: 9_100 } }));
  assert.equal(beat.hasActed, true);
  beat.advance(Infinity);
  assert.deepEqual([shown.seq, beat.hasActed], [3, false]);
});

test("a page that slept keeps no more frames than its bound, and shows the newest at the next beat", () => {
  const { shown, beat } = begun();
  for (let seq = 2; seq < WAITING_MAX + 50; seq += 1) beat.take(delta(seq - 1, seq, 10_000 + seq, seq));
  assert.ok(beat.waiting.length <= WAITING_MAX);
  assert.equal(beat.advance(9_000), true);
  assert.deepEqual([shown.seq, shown.rows.get("R")], [WAITING_MAX + 49, [WAITING_MAX + 49]]);
  beat.take(delta(WAITING_MAX + 49, WAITING_MAX + 50, 20_100, 7));
  beat.advance(30_000);
  assert.deepEqual(shown.rows.get("R"), [7], "the two stores do not share their rows");
});

test("frames that are asked for again or refused are not kept", () => {
  const { beat } = begun();
  assert.equal(beat.take(delta(5, 6, 2_000, 2)), "ask");
  assert.equal(beat.take({ v: 1 }), "refused");
  assert.equal(beat.waiting.length, 0);
});
