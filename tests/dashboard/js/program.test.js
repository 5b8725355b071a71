import assert from "node:assert/strict";
import test from "node:test";

import { isOffered } from "../../../dashboard/static/js/control/takes.js";
import { Program } from "../../../dashboard/static/js/live/program.js";
import { Around } from "./around.js";

const scene = (take, name = "live", settings = {}, step = 0) => ({ name, settings, take, since: take, step });

const frame = (seq, on, epoch = "e1") => ({
  v: 1, type: "snapshot", topic: "program/hall", epoch, base: 0, seq, at: 1000, heard: null, rehearsal: false, columns: [],
  rows: {}, state: { scene: on },
});

function following(shown = 0) {
  const around = new Around();
  const asked = [];
  const stores = [];
  /** What becomes of the next takes; nothing left means that they are shown. */
  const answers = [];
  const program = new Program({ take: shown, step: 0 }, async (each, store) => {
    asked.push(each.take);
    stores.push(store);
    return answers.length ? await answers.shift() : true;
  }, around.surroundings);
  return { around, program, asked, stores, answers };
}

test("a page hears of a take that it does not show, once", async () => {
  const { around, program, asked } = following(7);
  program.apply(frame(1, scene(7)));
  program.apply(frame(2, scene(9)));
  await around.pass(0);
  program.apply(frame(3, scene(9)));
  await around.pass(60_000);
  assert.deepEqual(asked, [9]);
});

test("a page hears of a step of the take that it shows, forward and back", async () => {
  const { around, program, asked } = following(7);
  for (const [seq, step] of [[1, 0], [2, 1], [3, 1], [4, 2], [5, 1]]) {
    program.apply(frame(seq, scene(7, "results", {}, step)));
    await around.pass(0);
  }
  assert.deepEqual(asked, [7, 7, 7]);
});

test("takes are compared, not versions: one that a server has forgotten is followed back", async () => {
  const { around, program, asked } = following(7);
  program.apply(frame(2, scene(9)));
  await around.pass(0);
  program.apply(frame(1, scene(7), "e2"));
  await around.pass(0);
  program.apply(frame(2, scene(12), "e2"));
  await around.pass(0);
  assert.deepEqual(asked, [9, 7, 12]);
});

test("a take that fails by a fault of the page is tried again, and later ones are shown", async () => {
  const { around, program, asked, answers } = following();
  answers.push(Promise.reject(new TypeError("no such part")));
  program.apply(frame(1, scene(1)));
  await around.pass(60_000);
  program.apply(frame(2, scene(2)));
  await around.pass(0);
  assert.deepEqual(asked, [1, 1, 2]);
});

test("of takes that come while one is brought the last is shown", async () => {
  const { around, program, asked, answers } = following();
  let arrive = () => {};
  answers.push(new Promise((resolve) => { arrive = () => resolve(true); }));
  for (const take of [1, 2, 3]) program.apply(frame(take, scene(take)));
  await around.pass(0);
  arrive();
  await around.pass(0);
  assert.deepEqual(asked, [1, 3]);
});

test("what could not be shown is tried again with growing waits, unless something else is on air by then", async () => {
  const { around, program, asked, answers } = following();
  answers.push(false, false, false);
  program.apply(frame(1, scene(1)));
  await around.pass(200);
  assert.deepEqual(asked, [1]);
  await around.pass(10_000);
  assert.deepEqual(asked, [1, 1, 1, 1]);
  answers.push(false);
  program.apply(frame(2, scene(2)));
  await around.pass(0);
  program.apply(frame(3, scene(3)));
  await around.pass(10_000);
  assert.deepEqual(asked.slice(4), [2, 3]);
});

test("a take is brought with the store over which it was taken", async () => {
  const { around, program, stores } = following();
  const over = (store) => ({ scene: scene(1), output: { store, delay_ms: 0, frozen: false } });
  program.apply({ ...frame(1, scene(1)), state: over("rehearsal") });
  await around.pass(0);
  program.apply({ ...frame(1, scene(2), "e2"), state: { ...over("live"), scene: scene(2) } });
  await around.pass(0);
  assert.deepEqual(stores, ["rehearsal", "live"]);
});

test("a frame that is malformed brings nothing", async () => {
  const { around, program, asked } = following();
  assert.equal(program.apply({ ...frame(1, scene(1)), v: 2 }), "refused");
  await around.pass(60_000);
  assert.deepEqual(asked, []);
});

test("the total is offered once enough have finished, and while the scene on air still leads with who entered", () => {
  const early = scene(1, "live", { lead: "started" });
  assert.equal(isOffered(early, 1_000, 99), false);
  assert.equal(isOffered(early, 1_000, 100), true);
  assert.equal(isOffered(early, 0, 0), false);
  assert.equal(isOffered(scene(1, "live", { lead: "completed" }), 1_000, 900), false);
  assert.equal(isOffered(scene(1, "standings"), 1_000, 900), false);
  assert.equal(isOffered(undefined, 1_000, 900), false);
});
