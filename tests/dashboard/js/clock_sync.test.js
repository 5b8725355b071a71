import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { ClockSync, TRIPS } from "../../../dashboard/static/js/live/clock_sync.js";
import { Around } from "./around.js";

const RTT_MS = 20;
const MESSAGES_MAX = 20;
const WINDOW_MS = 10_000;

/** A screen with a server that answers after RTT_MS, or not. */
class Both {
  constructor({ answers = true } = {}) {
    this.around = new Around();
    this.clock = new ServerClock(this.around.surroundings);
    this.clockSync = new ClockSync(this.clock, this.around.surroundings);
    this.answers = answers;
    this.ahead = 5_000_000;
    this.asked = [];
    this.bounds = [];
    /** Whether the server's clock jumps between any two questions. */
    this.jumps = false;
  }

  begin() {
    this.clockSync.begin((text) => {
      const { type, id, bound } = JSON.parse(text);
      assert.equal(type, "time");
      this.bounds.push(bound);
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

test("each question tells by how much the screen may be off as yet", async () => {
  const both = new Both();
  both.begin();
  await both.pass(60_000);
  assert.equal(both.bounds.length, TRIPS);
  assert.equal(both.bounds[0], undefined);
  assert.ok(both.bounds.slice(1).every((bound) => Number.isInteger(bound) && bound <= RTT_MS), `${both.bounds}`);
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
