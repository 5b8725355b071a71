import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock, Stopwatch, common } from "../../../dashboard/static/js/live/clock.js";
import { Around } from "./around.js";

/** The server is this far ahead of the screen's own clock in these tests. */
const AHEAD = 5_000_000;

function started() {
  const around = new Around();
  return { around, clock: new ServerClock(around.surroundings) };
}

/** A round trip: there and back took so many ms. */
function trip({ around, clock }, there, back, ahead = AHEAD) {
  const sent = around.time;
  around.time += there;
  const at = Math.floor(around.time + ahead);
  around.time += back;
  return clock.trip(at, sent);
}

test("before the server is heard the machine's own clock serves", () => {
  const { around, clock } = started();
  around.time = 300;
  assert.equal(clock.now(), 1_000_300);
  assert.equal(clock.boundMs, Infinity);
});

test("of the beats the one that travelled fastest is believed", () => {
  const { around, clock } = started();
  around.time = 100;
  clock.beat(1_000_000);
  around.time = 300;
  clock.beat(1_000_100);
  assert.ok(Math.abs(clock.now() - 1_000_200) < 1);
});

test("the truth lies within the bound, however lopsided the trip", () => {
  for (const [there, back] of [[0, 0], [3, 5], [400, 1], [1, 400], [0.3, 0.4]]) {
    const both = started();
    both.around.time = 0.95;
    trip(both, there, back);
    const error = Math.abs(both.clock.now() - (both.around.time + AHEAD));
    assert.ok(error <= both.clock.boundMs, `${there} there and ${back} back: off by ${error}`);
    assert.ok(both.clock.boundMs <= (there + back + 1) / 2 + 1e-6);
  }
});

test("what trips and beats have in common is kept; age widens it until another narrows it", () => {
  const both = started();
  trip(both, 5, 5);
  const narrow = both.clock.boundMs;
  trip(both, 40, 40);
  assert.ok(Math.abs(both.clock.boundMs - narrow) < 0.01);
  both.around.time += 600_000;
  assert.ok(Math.abs(both.clock.boundMs - narrow - 60) < 0.1);
  trip(both, 40, 40);
  assert.ok(both.clock.boundMs < 41);
});

test("a trip that was fast on its way there and one that was fast on its way back make a narrow bound together", () => {
  const both = started();
  trip(both, 2, 300);
  trip(both, 300, 3);
  assert.ok(both.clock.boundMs <= (2 + 3 + 1) / 2 + 0.1, `${both.clock.boundMs}`);
  both.around.time += 1_000;
  both.clock.beat(both.around.time + AHEAD - 1);
  assert.ok(both.clock.boundMs <= (2 + 1 + 1) / 2 + 0.2, `${both.clock.boundMs}`);
});

test("intervals have in common what lies in both, or nothing", () => {
  assert.deepEqual(common({ low: 1, high: 5 }, { low: 3, high: 9 }), { low: 3, high: 5 });
  assert.deepEqual(common({ low: 1, high: 5 }, { low: 5, high: Infinity }), { low: 5, high: 5 });
  assert.equal(common({ low: 1, high: 5 }, { low: 5.1, high: 9 }), null);
});

test("a late beat says nothing, one ahead of the bound says that the clock is another", () => {
  const both = started();
  trip(both, 5, 5);
  assert.equal(both.clock.beat(both.around.time + AHEAD - 3_000), true);
  assert.ok(both.clock.boundMs < 6);
  assert.equal(both.clock.beat(both.around.time + AHEAD + 50), false);
  assert.equal(both.clock.boundMs, Infinity);
  assert.equal(both.clock.now(), both.around.time + AHEAD + 50);
});

test("a beat that is later than any link lets it be says that the clock was set back, and is not believed itself", () => {
  for (const isMeasured of [true, false]) {
    const both = started();
    if (isMeasured) trip(both, 5, 5);
    else both.clock.beat(both.around.time + AHEAD);
    const before = both.clock.now();
    assert.ok(both.clock.beat(both.around.time + AHEAD - 9_900));
    for (const back of [90_000, 3_600_000, 25_200_000]) {
      assert.ok(!both.clock.beat(both.around.time + AHEAD - back));
      assert.ok(Math.abs(both.clock.now() - before) < 10);
    }
    trip(both, 5, 5, AHEAD - 90_000);
    assert.ok(both.clock.now() < before - 80_000);
    assert.ok(both.clock.beat(both.around.time + AHEAD - 90_000));
  }
});

test("a trip that contradicts what is known replaces it, be it wider", () => {
  const both = started();
  trip(both, 5, 5);
  assert.equal(trip(both, 50, 50, AHEAD + 90_000), false);
  assert.ok(Math.abs(both.clock.now() - both.around.time - AHEAD - 90_000) <= both.clock.boundMs);
});

test("now does not run backwards when a better trip says less", () => {
  const both = started();
  const { around, clock } = both;
  trip(both, 1, 801);
  trip(both, 800, 1);
  let before = clock.now();
  trip(both, 0, 0, AHEAD - 100);
  for (let step = 0; step < 100; step += 1) {
    around.time += 10;
    assert.ok(clock.now() >= before);
    before = clock.now();
  }
  assert.ok(Math.abs(clock.now() - around.time - AHEAD + 100) < 2);
});

test("a server whose clock is an hour back is believed at once", () => {
  const both = started();
  trip(both, 1, 1);
  both.clock.now();
  trip(both, 1, 1, AHEAD - 3_600_000);
  assert.ok(Math.abs(both.clock.now() - both.around.time - AHEAD + 3_600_000) < 3);
});

test("after sleep only the lower bound holds, and a beat raises it", () => {
  const both = started();
  const { around, clock } = both;
  trip(both, 1, 1);
  around.ahead += 60_000;
  clock.forget();
  assert.equal(clock.boundMs, Infinity);
  assert.equal(clock.beat(around.time + AHEAD + 60_000), true);
  assert.equal(clock.now(), around.time + AHEAD + 60_000);
});

test("a stopwatch counts sleep, and no step back of the wall clock", () => {
  const around = new Around();
  const watch = new Stopwatch(around.surroundings);
  around.sleep(3_000, false);
  assert.equal(watch.ms, 3_000);
  around.sleep(60_000, true);
  assert.equal(watch.ms, 63_000);
  around.ahead -= 3_600_000;
  assert.equal(watch.ms, 3_000);
  watch.restart();
  assert.equal(watch.ms, 0);
});
