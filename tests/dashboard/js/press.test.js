import { test } from "node:test";
import assert from "node:assert/strict";

import { FINGER_MS, SILENT_MS, StageButton, TRIED_MS, TRYING_MS, presses } from "../../../dashboard/static/js/stage/press.js";

/** A button, its clock, and what it has sent; `answer` is what the server says. */
function room(answer = "done") {
  const world = { ms: 1_000, sent: /** @type {[string, object][]} */ ([]), answer, looks: /** @type {string[]} */ ([]) };
  const button = new StageButton(() => world.ms, async (what, body) => {
    world.sent.push([what, body]);
    return world.answer;
  }, () => { world.looks.push(button.look); });
  return { world, button };
}

test("it is dead until it is armed, and when that is over", async () => {
  const { world, button } = room();
  assert.equal(button.look, "dead");
  await button.press();
  button.hear({ armed_until: 5_000 });
  assert.equal(button.look, "armed");
  world.ms = 5_000;
  assert.equal(button.look, "dead");
  await button.press();
  assert.deepEqual(world.sent, []);
});

test("one press launches by the arming that it has seen, and no other does", async () => {
  const { world, button } = room();
  button.hear({ armed_until: 5_000 });
  await Promise.all([button.press(), button.press()]);
  assert.deepEqual(world.sent, [["press", { until: 5_000 }]]);
  assert.ok(world.looks.includes("pressing"));
  assert.equal(button.look, "launched");
  await button.press();
  assert.equal(world.sent.length, 1);
});

test("whoever comes second is told that it was launched", async () => {
  const { button } = room("launched");
  button.hear({ armed_until: 5_000 });
  await button.press();
  assert.equal(button.look, "launched");
});

test("what was not heard may be pressed again, what is armed no more may not", async () => {
  const { world, button } = room("unheard");
  button.hear({ armed_until: 5_000 });
  await button.press();
  assert.equal(button.look, "refused");
  world.answer = "not_armed";
  await button.press();
  assert.equal(world.sent.length, 2);
  assert.equal(button.look, "dead");
});

test("another launch comes after the next scene", () => {
  const { button } = room();
  button.hear({ launched_at: 900 });
  assert.equal(button.look, "launched");
  button.hear({});
  assert.equal(button.look, "dead");
});

test("a try is told to the room, and launches nothing", async () => {
  const { world, button } = room();
  button.toggleTry();
  assert.equal(button.look, "trying");
  await button.press();
  assert.deepEqual(world.sent, [["try", {}]]);
  assert.equal(button.look, "tried");
  world.ms += TRIED_MS;
  assert.equal(button.look, "dead");
  button.toggleTry();
  world.ms += TRYING_MS;
  assert.equal(button.look, "dead");
});

test("a finger that was on its way to a try does not launch", async () => {
  const { world, button } = room();
  button.toggleTry();
  button.hear({ armed_until: 9_000 });
  assert.equal(button.look, "armed");
  await button.press();
  assert.deepEqual(world.sent, []);
  world.ms += FINGER_MS;
  await button.press();
  assert.deepEqual(world.sent, [["press", { until: 9_000 }]]);
});

test("nothing is tried while it is armed", () => {
  const { button } = room();
  button.hear({ armed_until: 9_000 });
  button.toggleTry();
  assert.equal(button.look, "armed");
});

test("it says that it is not heard, and that its link is no more", async () => {
  const { button } = room("gone");
  button.silentMs = SILENT_MS + 1;
  assert.equal(button.look, "offline");
  button.hear({ armed_until: 9_000 });
  await button.press();
  assert.equal(button.look, "gone");
});

test("any key presses but those that lead around the page or are half of another", () => {
  const key = (name, more = {}) => presses({ key: name, repeat: false, ctrlKey: false, altKey: false, metaKey: false, ...more });
  for (const name of ["Enter", " ", "a", "PageDown", "F5", ".", "1"]) assert.ok(key(name), name);
  for (const name of ["Tab", "Escape", "Shift", "Control", "F11"]) assert.ok(!key(name), name);
  assert.ok(!key("Enter", { repeat: true }));
  assert.ok(!key("r", { ctrlKey: true }));
});
