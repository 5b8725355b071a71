import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { ClockSync, TRIPS } from "../../../dashboard/static/js/live/clock_sync.js";
import { Around } from "./around.js";

const RTT_MS = 20;
const MESSAGES_MAX = 20;
const WINDOW_MS = 10_000;

/** Numbers from 0 to 1, the same in each run. @param {number} seed */
function drawn(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** A screen with a server that answers after RTT_MS, or not. */
class Both {
  constructor({ answers = true } = {}) {
    this.around = new Around();
    this.clock = new ServerClock(this.around.surroundings);
    this.clockSync = new ClockSync(this.clock, this.around.surroundings);
    this.answers = answers;
    this.ahead = 5_000_000;
    this.asked = [];
    /** Whether the server's clock jumps between any two questions. */
    this.jumps = false;
  }

  begin() {
    this.clockSync.begin((text) => {
      const { type, id } = JSON.parse(text);
      assert.equal(type, "time");
      this.asked.push(this.around.time);
      if (this.jumps) this.ahead += 10_000;
      const answer = () => this.clockSync.answer(id, Math.round(this.around.time + this.ahead - RTT_MS / 2));
      if (this.answers) this.around.surroundings.setTimeout(answer, RTT_MS);
    });
  }

  async pass(ms) {
    await this.around.pass(ms);
    for (const at of this.asked) {
      const near = this.asked.filter((other) => other >= at && other <= at + WINDOW_MS).length;
      assert.ok(near <= MESSAGES_MAX / 2, `${near} questions within 10 s`);
    }
  }
}

test("thirty trips in the first minute, the first five soon, then one a minute", async () => {
  const both = new Both();
  both.begin();
  await both.pass(60_000);
  const first = both.asked[0];
  assert.equal(both.asked.length, TRIPS);
  assert.deepEqual(both.asked.slice(0, 6).map((at) => at - first), [0, 220, 440, 660, 880, 2_900]);
  assert.ok(both.clock.boundMs < RTT_MS);
  await both.pass(600_000);
  const more = both.asked.length - TRIPS;
  assert.ok(more >= 7 && more <= 13, `${more} in ten minutes`);
  assert.ok(both.clock.boundMs < RTT_MS / 2 + 8);
});

/**
 * How far off a screen's clock is a minute after it was opened, and what bound it knows.
 * @param {number} seed
 * @param {number} lopsidedMs by which each packet is later on its way back
 */
async function aMinuteAfter(seed, lopsidedMs) {
  const draw = drawn(seed);
  const around = new Around();
  around.chance = draw();
  const ahead = (draw() - 0.5) * 60_000 + 5_000_000;
  const clock = new ServerClock(around.surroundings);
  const sync = new ClockSync(clock, around.surroundings);
  const delay = () => 5 + draw() * 195;
  const later = (ms, run) => around.surroundings.setTimeout(run, ms);
  sync.begin((text) => {
    const { id } = JSON.parse(text);
    later(delay(), () => {
      const at = Math.floor(around.time + ahead);
      later(delay() + lopsidedMs, () => sync.answer(id, at));
    });
  });
  await around.pass(60_000);
  return { off: Math.abs(clock.now() - (around.time + ahead)), bound: clock.boundMs };
}

test("a minute after opening fifty screens behind lines of 5 to 200 ms each way know when a cue is", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { off, bound } = await aMinuteAfter(seed, 0);
    assert.ok(off <= 50, `screen ${seed} is off by ${off}`);
    assert.ok(off <= bound);
  }
});

test("a line that is always later one way is off by half of that, and the bound says so", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { off, bound } = await aMinuteAfter(seed, 80);
    assert.ok(off <= 80 / 2 + 20, `screen ${seed} is off by ${off}`);
    assert.ok(off <= bound);
  }
});

test("screens that are opened together do not ask together", () => {
  const first = (chance) => {
    const both = new Both();
    both.around.chance = chance;
    both.begin();
    return both.around.timers.find((timer) => !timer.isDone).at;
  };
  assert.equal(first(0), 0);
  assert.equal(first(0.5), 1500);
  assert.ok(first(0.99) > 2900);
});

test("after a reconnect one trip is enough while the clock agrees", async () => {
  const both = new Both();
  both.begin();
  await both.pass(65_000);
  const before = both.asked.length;
  both.clockSync.end();
  both.begin();
  await both.pass(10_000);
  assert.equal(both.asked.length, before + 1);
});

test("after a reconnect to another clock, be it 100 ms behind, it measures again", async () => {
  const both = new Both();
  both.begin();
  await both.pass(65_000);
  both.clockSync.end();
  const before = both.asked.length;
  both.ahead -= 100;
  both.begin();
  await both.pass(70_000);
  assert.ok(both.asked.length >= before + 1 + TRIPS, `${both.asked.length - before} questions`);
  assert.ok(Math.abs(both.clock.now() - both.around.time - both.ahead) <= both.clock.boundMs);
});

test("after sleep it measures in full", async () => {
  const both = new Both();
  both.begin();
  await both.pass(65_000);
  const before = both.asked.length;
  both.clockSync.forget();
  both.clockSync.end();
  both.begin();
  await both.pass(65_000);
  assert.ok(both.asked.length >= before + TRIPS);
});

test("what polls or the time before sleep have told does not spare the measuring", async () => {
  const both = new Both();
  both.clock.trip(5_000_000, -400);
  both.begin();
  await both.pass(65_000);
  assert.ok(both.asked.length >= TRIPS);
  const before = both.asked.length;
  both.clockSync.forget();
  both.clockSync.end();
  both.clock.trip(both.around.time + both.ahead, both.around.time - 400);
  both.begin();
  await both.pass(65_000);
  assert.ok(both.asked.length >= before + TRIPS);
});

test("a clock that jumps with every answer is measured again and again, and no faster", async () => {
  const both = new Both();
  both.jumps = true;
  both.begin();
  await both.pass(120_000);
  assert.ok(both.asked.length > TRIPS && both.asked.length <= 2.5 * TRIPS, `${both.asked.length} questions in two minutes`);
});

test("a contradiction within a measurement does not begin another", async () => {
  const both = new Both();
  both.begin();
  await both.pass(1_750);
  assert.equal(both.asked.length, 2);
  both.clockSync.again();
  await both.pass(59_000);
  assert.equal(both.asked.length, TRIPS);
});

test("a server that never answers is asked a few times, then once a minute", async () => {
  const both = new Both({ answers: false });
  both.begin();
  await both.pass(30_000);
  assert.equal(both.asked.length, 5);
  await both.pass(600_000);
  assert.ok(both.asked.length <= 5 + 13, `${both.asked.length} questions`);
});

test("an answer to another question, or a second one, is not believed", async () => {
  const both = new Both({ answers: false });
  both.begin();
  await both.pass(1500);
  both.clockSync.answer(99, 1);
  assert.equal(both.clock.boundMs, Infinity);
  both.clockSync.answer(1, 5_000_000);
  const known = both.clock.now();
  both.clockSync.answer(1, 9_000_000);
  assert.equal(both.clock.now(), known);
});

test("a socket that is gone is not asked", async () => {
  const both = new Both();
  both.begin();
  both.clockSync.end();
  both.clockSync.again();
  await both.pass(1_000_000);
  assert.equal(both.asked.length, 0);
});
