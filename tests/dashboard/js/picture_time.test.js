import assert from "node:assert/strict";
import test from "node:test";

import { PictureTime } from "../../../dashboard/static/js/live/picture_time.js";

const showing = (delay_ms, since) => ({ store: "live", delay_ms, frozen: since !== undefined, since });

function picture(shows) {
  const clock = { at: 1_000_000, now: () => clock.at };
  return { clock, picture: new PictureTime(clock, shows) };
}

test("a page that follows no output shows the server's time", () => {
  const { picture: of } = picture(null);
  assert.deepEqual([of.ms, of.delayMs, of.isStill, of.until(1_000_500)], [1_000_000, 0, false, 500]);
});

test("a late output shows what was, and knows when its next beat is due", () => {
  const { picture: of } = picture(showing(8_000));
  assert.deepEqual([of.ms, of.until(1_000_000)], [992_000, 8_000]);
});

test("a picture that stands still shows when it was made to, also to who opens it later", () => {
  const { clock, picture: of } = picture(showing(8_000, 900_000));
  for (const at of [1_000_000, 2_000_000]) {
    clock.at = at;
    assert.deepEqual([of.ms, of.isStill, of.until(1)], [892_000, true, Infinity]);
  }
  of.showing = showing(8_000);
  assert.equal(of.ms, 1_992_000);
});

test("an output that is made later waits where it is, and one that is made less late goes on at once", () => {
  const { clock, picture: of } = picture(showing(0));
  assert.equal(of.ms, 1_000_000);
  of.showing = showing(8_000);
  clock.at += 5_000;
  assert.equal(of.ms, 1_000_000);
  assert.equal(of.until(1_002_000), 5_000);
  clock.at += 5_000;
  assert.equal(of.ms, 1_002_000);
  of.showing = showing(1_000);
  assert.equal(of.ms, 1_009_000);
});

test("another clock is believed", () => {
  const { clock, picture: of } = picture(showing(0));
  assert.equal(of.ms, 1_000_000);
  clock.at -= 60_000;
  assert.equal(of.ms, 940_000);
});
