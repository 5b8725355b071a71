/**
 * The map asleep, over which light runs when a launch is given. It tells no numbers: the style sheet plays it.
 * @module
 */

/**
 * @param {wire.LightSpec} _spec
 * @param {import("./part.js").Cut} _cut
 * @returns {wire.LightView}
 */
export function view(_spec, _cut) {
  return {};
}

export class LightPart {
  paint() {}
}
