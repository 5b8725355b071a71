import assert from "node:assert/strict";
import { test } from "node:test";

import { Bringing } from "../../../dashboard/static/js/overlays/bringing.js";

const turns = () => new Promise((resolve) => { setImmediate(resolve); });

/** An overlay of which a test says what is wanted, and when what was asked for comes. */
function overlay(painted = { unit: "1" }) {
  const it = {
    wanted: painted, isSeen: true, texts: 0, takes: [], waits: [],
    presence: { isShown: false, show: (isShown) => { it.presence.isShown = isShown; } },
  };
  it.bringing = new Bringing(painted, {
    wanted: () => it.wanted,
    isSeen: () => it.isSeen,
    refused: () => { it.wanted = it.instead; },
    take: (settings) => new Promise((resolve) => { it.takes.push({ settings, resolve }); }),
    write: () => { it.texts += 1; },
    presence: it.presence,
    around: { random: () => 0, setTimeout: (call) => { it.waits.push(call); return 1; } },
    retryMaxMs: 2_000,
  });
  return it;
}

test("what was painted already is seen at once", async () => {
  const it = overlay();
  await it.bringing.show(true);
  assert.deepEqual([it.takes.length, it.texts, it.presence.isShown], [0, 1, true]);
});

test("what is taken away while it is painted does not come back", async () => {
  const it = overlay();
  it.wanted = { unit: "2" };
  const showing = it.bringing.show(true);
  await turns();
  it.isSeen = false;
  it.wanted = null;
  const going = it.bringing.show(true);
  it.takes[0].resolve(true);
  await Promise.all([showing, going]);
  assert.deepEqual([it.presence.isShown, it.takes.length], [false, 1]);
});

test("nothing is seen that says something else, and it is tried until it is painted", async () => {
  const it = overlay();
  it.wanted = { unit: "2" };
  const showing = it.bringing.show(true);
  it.takes[0].resolve(false);
  await turns();
  assert.deepEqual([it.presence.isShown, it.texts, it.waits.length], [false, 0, 1]);
  it.waits[0]();
  await turns();
  it.takes[1].resolve(true);
  await showing;
  assert.deepEqual([it.presence.isShown, it.texts], [true, 1]);
});

test("of two the later counts, in whichever order they come", async () => {
  const it = overlay();
  it.wanted = { unit: "2" };
  const first = it.bringing.show(true);
  it.wanted = { unit: "3" };
  const second = it.bringing.show(true);
  it.takes[1].resolve(true);
  await second;
  it.takes[0].resolve(true);
  await first;
  assert.deepEqual(it.bringing.painted, { unit: "3" });
  assert.equal(it.texts, 1);
});

test("what cannot be painted leaves what stands, and who wanted it wants something else", async () => {
  const it = overlay();
  it.wanted = { unit: "nowhere" };
  it.instead = { unit: "1" };
  const showing = it.bringing.show(true);
  it.takes[0].resolve("refused");
  await showing;
  assert.deepEqual([it.bringing.painted, it.takes.length, it.presence.isShown], [{ unit: "1" }, 1, true]);
});
