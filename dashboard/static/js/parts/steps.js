/**
 * The steps of the map's colours where no take has fixed them: even ones, on round numbers. dashboard/map/steps.py has the
 * same, and says why they are as they are; both are held to tests/golden/steps.json.
 * @module
 */

/** Distances of even steps, in tenths, and their tenfolds. */
const EVEN_TENTHS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];
const EVEN_LEAST = 2;
const EVEN_STEPS = 4;
/** How many percent of the units may reach the top step. */
const TOP_PERCENT = 8;

/** The colour of each step for so many steps: the top one alone is gold (6). */
const COLOURS = [[], [6], [2, 6], [1, 3, 6], [1, 3, 5, 6], [1, 2, 3, 5, 6], [1, 2, 3, 4, 5, 6]];

/**
 * The lower bounds of the steps: 1, and four more at the same distance.
 * @param {readonly number[]} counts
 * @returns {number[]}
 */
export function even(counts) {
  const falling = [...counts].sort((one, other) => other - one);
  const above = Math.max(1, Math.floor((falling.length * TOP_PERCENT) / 100));
  const distance = distanceFrom(Math.max(EVEN_LEAST, Math.floor((falling[above] ?? 0) / EVEN_STEPS) + 1));
  return [1, distance, 2 * distance, 3 * distance, EVEN_STEPS * distance];
}

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30 … from `least` on. @param {number} least @returns {number} */
function distanceFrom(least) {
  for (let tenfold = 1; ; tenfold *= 10) {
    for (const tenths of EVEN_TENTHS) {
      const distance = Math.floor((tenths * tenfold) / 10);
      if (distance >= least) return distance;
    }
  }
}

/** The colour of a count, 0 below the first step. @param {number} count @param {readonly number[]} steps @returns {number} */
export function colour(count, steps) {
  let at = 0;
  while (at < steps.length && steps[at] <= count) at += 1;
  return at ? COLOURS[steps.length][at - 1] : 0;
}
