// Where an overlay's own place is in its frame, and the box that somebody draws.
import assert from "node:assert/strict";
import test from "node:test";

import { boxOf } from "../../../dashboard/static/js/control/overlay_frame.js";
import { placed } from "../../../dashboard/static/js/overlays/room.js";

test("an overlay stands as far from the sides of its frame as its server has reckoned", () => {
  assert.deepEqual(placed("96 126 1400 1026", "960.0 54"), {
    left: "0.000%", top: "7.407%", right: "24.537%", bottom: "0.000%", markX: "50.000%", markY: "0.000%",
  });
});

test("without a room of its own it has all of the frame", () => {
  assert.equal(placed(undefined, undefined), null);
});

test("a box that is drawn from any corner lies within the picture", () => {
  assert.deepEqual(boxOf({ x: 2000, y: 700.4 }, { x: 1600.2, y: -30 }), { left: 1600, top: 0, width: 320, height: 700, what: "other" });
});
