/**
 * What a presenter reads of the wall. dashboard/pages/presenter.py follows the same rules. Pure.
 * @module
 */

/** @typedef {import("../live/board.js").Line} Line */

const PLACES = 3;

/** The number that a scene leads with. @param {wire.SceneOnAir} scene @returns {"started" | "completed"} */
export function leadOf(scene) {
  return scene.settings.lead === "started" ? "started" : "completed";
}

/** The lines of the first places, whoever shares them included. @param {readonly Line[]} lines @returns {Line[]} */
export function leadersOf(lines) {
  return lines.filter((line) => line.rank !== null && line.rank <= PLACES);
}
