import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { ClockSync } from "../../../dashboard/static/js/live/clock_sync.js";
import { Cues } from "../../../dashboard/static/js/live/cues.js";
import { Around } from "./around.js";

const cue = (id, at, name = "launch") => ({ name, id, at });
const showing = (delay_ms = 0, since) => ({ store: "live", delay_ms, frozen: since !== undefined, since });

/** Cues over a clock that is right; `played` has every change of what is played, with the time and the phase. */
function screen() {
  const around = new Around();
  const played = [];
  const note = (playing) => played.push(playing && { id: playing.id, at: around.time, phase: playing.phaseMs(), still: playing.isStill });
  const cues = new Cues({ now: () => around.time }, around.surroundings, note);
  return { around, cues, played };
}

test("a cue fires at its time, once", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 1_000), showing());
  await around.pass(999);
  assert.deepEqual(played, []);
  await around.pass(1);
  assert.deepEqual(played, [{ id: 1, at: 1_000, phase: 0, still: false }]);
  for (let told = 0; told < 3; told += 1) cues.tell(cue(1, 1_000), showing());
  await around.pass(60_000);
  assert.equal(played.length, 1);
});

test("a late output fires by its delay later, and by a delay that is changed meanwhile", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 1_000), showing(8_000));
  await around.pass(4_000);
  cues.tell(cue(1, 1_000), showing(5_000));
  await around.pass(2_500);
  assert.deepEqual(played, [{ id: 1, at: 6_000, phase: 0, still: false }]);
  cues.tell(cue(1, 1_000), showing(30_000));
  await around.pass(60_000);
  assert.equal(played.length, 1, "what has begun is not taken back");
});

test("who hears of it late joins in the middle", async () => {
  const { around, cues, played } = screen();
  await around.pass(5_000);
  cues.tell(cue(1, 1_000), showing(1_500));
  assert.deepEqual(played, [{ id: 1, at: 5_000, phase: 2_500, still: false }]);
});

test("a cue that was put away or replaced before its time does not fire", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 1_000), showing());
  await around.pass(500);
  cues.tell(cue(2, 2_000), showing());
  await around.pass(1_000);
  cues.tell(null, showing());
  await around.pass(60_000);
  assert.deepEqual(played, []);
});

test("one that has fired ends when another is told, as for a screen that is opened then", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 0), showing());
  cues.tell(cue(2, 2_000), showing());
  await around.pass(3_000);
  assert.deepEqual(played.map((each) => each && [each.id, each.at]), [[1, 0], null, [2, 2_000]]);
});

test("of a server that has forgotten the last cue in a kill, the one before is not played again", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(7, 0), showing());
  cues.tell(cue(9, 10), showing());
  await around.pass(100);
  cues.tell(cue(7, 0), showing());
  await around.pass(100);
  cues.tell(cue(12, 500), showing());
  await around.pass(1_000);
  assert.deepEqual(played.map((each) => each?.id ?? null), [7, null, 9, null, 12]);
});

test("a picture that stands still does not fire, and joins in the middle when it goes on", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 1_000), showing(0, 400));
  await around.pass(3_000);
  assert.deepEqual(played, []);
  cues.tell(cue(1, 1_000), showing());
  assert.deepEqual(played, [{ id: 1, at: 3_000, phase: 2_000, still: false }]);
});

test("what is played stands still with the picture, where it was then, and goes on where it would be", async () => {
  const { around, cues, played } = screen();
  cues.tell(cue(1, 1_000), showing());
  await around.pass(1_500);
  cues.tell(cue(1, 1_000), showing(0, 1_400));
  await around.pass(5_000);
  cues.tell(cue(1, 1_000), showing(0, 1_400));
  cues.tell(cue(1, 1_000), showing());
  assert.deepEqual(played.slice(1), [{ id: 1, at: 1_500, phase: 400, still: true }, { id: 1, at: 6_500, phase: 5_500, still: false }]);
  const later = screen();
  await later.around.pass(60_000);
  later.cues.tell(cue(1, 1_000), showing(0, 1_400));
  assert.deepEqual(later.played, [{ id: 1, at: 60_000, phase: 400, still: true }], "also on a screen that is opened then");
});

/** Numbers from 0 to 1, the same in each run. @param {number} seed */
function drawn(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/**
 * How far from the right moment a screen fires a cue that it hears of a minute after it was opened, and its clock's bound.
 * @param {number} seed
 * @param {number} lopsidedMs by which each packet is later on its way to the screen
 */
async function firesOff(seed, lopsidedMs) {
  const draw = drawn(seed);
  const around = new Around();
  around.chance = draw();
  const ahead = (draw() - 0.5) * 60_000 + 5_000_000;
  const server = () => around.time + ahead;
  const clock = new ServerClock(around.surroundings);
  const sync = new ClockSync(clock, around.surroundings);
  const way = () => 5 + draw() * 195;
  const later = (ms, run) => around.surroundings.setTimeout(run, ms);
  const beat = () => {
    const at = Math.floor(server());
    later(way() + lopsidedMs, () => clock.beat(at));
    later(2_000, beat);
  };
  beat();
  sync.begin((text) => {
    const { id } = JSON.parse(text);
    later(way(), () => {
      const at = Math.floor(server());
      later(way() + lopsidedMs, () => sync.answer(id, at));
    });
  });
  await around.pass(60_000);
  let firedAt = NaN;
  const cues = new Cues(clock, around.surroundings, () => { firedAt = server(); });
  const at = Math.floor(server()) + 1_000;
  cues.tell(cue(1, at), showing());
  await around.pass(3_000);
  return { off: Math.abs(firedAt - at), bound: clock.boundMs };
}

test("a minute after opening fifty screens off by up to 30 s, behind lines of 5 to 200 ms each way, fire within 50 ms", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { off, bound } = await firesOff(seed, 0);
    assert.ok(off <= 50, `screen ${seed} fires ${off} ms off`);
    assert.ok(off <= bound + 1);
  }
});

test("a line that is always later one way fires within half of that and 20 ms, and the bound says so", async () => {
  for (const lopsidedMs of [40, 80, 160]) {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { off, bound } = await firesOff(seed, lopsidedMs);
      assert.ok(off <= lopsidedMs / 2 + 20, `screen ${seed} fires ${off} ms off where one way is ${lopsidedMs} ms longer`);
      assert.ok(off <= bound + 1);
    }
  }
});

/** Cues over a clock that is right; `told` has every second that is told, with its time. */
function counting() {
  const around = new Around();
  const told = [];
  const cues = new Cues({ now: () => around.time }, around.surroundings, () => {}, (waiting) => told.push([waiting?.seconds ?? null, around.time]));
  return { around, cues, told };
}

test("each second before a cue is told once, the first one whole, and none after it", async () => {
  const { around, cues, told } = counting();
  await around.pass(500);
  cues.tell(cue(500, 10_500), showing());
  for (let nth = 0; nth < 3; nth += 1) cues.tell(cue(500, 10_500), showing());
  await around.pass(60_000);
  const seconds = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  assert.deepEqual(told, [...seconds.map((left) => [left, 500 + (10 - left) * 1_000]), [null, 10_500]]);
});

test("a cue of now is not counted down to, and one that is put away is no more", async () => {
  const { around, cues, told } = counting();
  cues.tell(cue(1_000, 1_200), showing());
  await around.pass(5_000);
  assert.deepEqual(told, []);
  cues.tell(cue(5_000, 9_000), showing());
  await around.pass(1_500);
  cues.tell(null, showing());
  await around.pass(60_000);
  assert.deepEqual(told.map(([left]) => left), [4, 3, null]);
});

test("a late output counts later, who joins late counts on, and a still picture counts no further", async () => {
  const { around, cues, told } = counting();
  await around.pass(8_400);
  cues.tell(cue(1_000, 11_000), showing(2_000));
  await around.pass(700);
  cues.tell(cue(1_000, 11_000), showing(2_000, 9_100));
  await around.pass(60_000);
  assert.deepEqual(told, [[5, 8_400], [4, 9_000]]);
});
