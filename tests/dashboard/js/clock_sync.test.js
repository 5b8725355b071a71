import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { ClockSync } from "../../../dashboard/static/js/live/clock_sync.js";
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

test("five trips, 200 ms apart, then none for minutes", async () => {
  const both = new Both();
  both.begin();
  await both.pass(60_000);
  const first = both.asked[0];
  assert.deepEqual(both.asked.map((at) => at - first), [0, 220, 440, 660, 880]);
  assert.ok(both.clock.boundMs < RTT_MS);
  await both.pass(700_000);
  assert.equal(both.asked.length, 10);
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
  await both.pass(10_000);
  both.clockSync.end();
  both.begin();
  await both.pass(10_000);
  assert.equal(both.asked.length, 6);
});

test("after a reconnect to another clock, be it 100 ms behind, it measures again", async () => {
  const both = new Both();
  both.begin();
  await both.pass(60_000);
  both.clockSync.end();
  both.ahead -= 100;
  both.begin();
  await both.pass(30_000);
  assert.equal(both.asked.length, 11);
  assert.ok(Math.abs(both.clock.now() - both.around.time - both.ahead) <= both.clock.boundMs);
});

test("after sleep it measures in full", async () => {
  const both = new Both();
  both.begin();
  await both.pass(10_000);
  both.clockSync.forget();
  both.clockSync.end();
  both.begin();
  await both.pass(10_000);
  assert.equal(both.asked.length, 10);
});

test("what polls or the time before sleep have told does not spare the measuring", async () => {
  const both = new Both();
  both.clock.trip(5_000_000, -400);
  both.begin();
  await both.pass(10_000);
  assert.equal(both.asked.length, 5);
  both.clockSync.forget();
  both.clockSync.end();
  both.clock.trip(both.around.time + both.ahead, both.around.time - 400);
  both.begin();
  await both.pass(10_000);
  assert.equal(both.asked.length, 10);
});

test("a clock that jumps with every answer is measured every half minute, not more", async () => {
  const both = new Both();
  both.jumps = true;
  both.begin();
  await both.pass(120_000);
  assert.ok(both.asked.length > 5 && both.asked.length <= 20, `${both.asked.length} questions in two minutes`);
});

test("a contradiction within a measurement does not begin another", async () => {
  const both = new Both();
  both.begin();
  await both.pass(1_750);
  assert.equal(both.asked.length, 2);
  both.clockSync.again();
  await both.pass(20_000);
  assert.equal(both.asked.length, 5);
});

test("a server that never answers is asked a few times, then left alone", async () => {
  const both = new Both({ answers: false });
  both.begin();
  await both.pass(300_000);
  assert.equal(both.asked.length, 5);
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
