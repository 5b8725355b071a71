/**
 * The steps of the map's colours: chosen from the counts of one cut, on round numbers. dashboard/map/steps.py follows
 * the same rules; both are held to tests/golden/steps.json.
 * @module
 */

/** Of the units that have anything, how many percent shall reach each step above the first: at least, aimed at, at most. */
const SHARES = [[52, 60, 68], [24, 30, 36], [11, 15, 19], [1, 5, 8]];

/** The colour of each step for so many steps: the top one alone is gold (6). */
const COLOURS = [[], [6], [2, 6], [1, 3, 6], [1, 3, 5, 6], [1, 2, 3, 5, 6], [1, 2, 3, 4, 5, 6]];

/**
 * The lower bounds of the steps, rising from 1.
 * @param {readonly number[]} counts
 * @returns {number[]}
 */
export function choose(counts) {
  const falling = counts.filter((count) => count > 0).sort((one, other) => other - one);
  const steps = [1];
  for (const [most, least] of reaching(falling.length)) {
    // Any bound in (falling[most], falling[least - 1]] is reached by `least` to `most` units.
    const low = Math.max(steps[steps.length - 1], most < falling.length ? falling[most] : 0) + 1;
    let high = falling.length ? falling[least - 1] : 0;
    if (low > high) {
      // Too many have the same count: all bounds up to the next count that occurs part the units alike.
      const above = falling.filter((count) => count >= low);
      high = above.length ? above[above.length - 1] : 0;
    }
    steps.push(high ? roundest(low, high) : growing(low));
  }
  return steps;
}

/** How many units shall reach each step above the first: [at most, at least]. @param {number} units @returns {number[][]} */
function reaching(units) {
  if (!units) return SHARES.map(() => [0, 0]);
  const found = [];
  let before = units;
  for (const [least, aim, most] of SHARES) {
    const aimed = Math.max(1, Math.floor((units * aim + 50) / 100));
    if (aimed < before) {
      const atLeast = Math.min(aimed, Math.max(1, Math.ceil((units * least) / 100)));
      found.push([Math.max(aimed, Math.floor((units * most) / 100)), atLeast]);
      before = aimed;
    }
  }
  return found.length ? found : [[1, 1]];
}

/** The roundest whole number from `low` to `high`. @param {number} low @param {number} high @returns {number} */
export function roundest(low, high) {
  let tenfold = 1;
  while (tenfold * 10 <= high) tenfold *= 10;
  for (; tenfold >= 1; tenfold /= 10) {
    for (const unit of [5 * tenfold, 2 * tenfold, tenfold]) {
      const first = Math.ceil(low / unit);
      const last = Math.floor(high / unit);
      if (first <= last) return Math.floor((first + last) / 2) * unit;
    }
  }
  return high;
}

/** The next of 1, 2, 5, 10, 20, 50 … from `low` on. @param {number} low @returns {number} */
function growing(low) {
  for (let tenfold = 1; ; tenfold *= 10) {
    for (const unit of [1, 2, 5]) if (unit * tenfold >= low) return unit * tenfold;
  }
}

/** The colour of a count, 0 below the first step. @param {number} count @param {readonly number[]} steps @returns {number} */
export function colour(count, steps) {
  let at = 0;
  while (at < steps.length && steps[at] <= count) at += 1;
  return at ? COLOURS[steps.length][at - 1] : 0;
}
