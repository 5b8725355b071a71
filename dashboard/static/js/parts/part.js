/**
 * What every part shares. A part paints one value of a cut; dashboard/parts has the same views in Python, and
 * tests/golden/parts holds both to them.
 * @module
 */

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("../live/board.js").Board<any>} Board */
/**
 * One cut as a page reads it: `leaves` are the places at the bottom of what the page is about, `nowMs` the server's clock,
 * `countdown` what the scene on air counts down to, `points` the connection points while it is that of them; `own` the unit whose own page it is, and those above it: their lines are
 * kept in sight.
 * @typedef {{board: Board, words: Words, leaves: readonly string[], nowMs: number, countdown?: wire.Countdown | null, points?: wire.PointsAired | null, own?: readonly string[]}} Cut
 */
/**
 * A part on a page: `paint` brings its element to a cut; `moves` is false where it comes into sight, or must stop at once.
 * `tick` is called at each whole second of the picture's time, for what tells the time itself, and stands between beats of
 * the numbers. `leave` ends what it has begun when its scene has gone; `isDrawn` resolves once what it loads is there.
 * @typedef {{paint: (cut: Cut, moves: boolean) => void, tick?: (cut: Cut) => void, leave?: () => void, isDrawn?: () => Promise<unknown>}} Part
 */

/** How many places at the lowest level take part, and how many there are: "17/193"; a unit's topic tells it. @param {Cut} cut @returns {string} */
export function takingPart({ board, leaves, words }) {
  /** @type {[number, number]} */
  const [count, of] = board.store.state.get("taking_part") ?? [board.takingPart(leaves), leaves.length];
  return `${words.number(count)}/${words.number(of)}`;
}

/** When the first round opens; null where that is when a button is pressed, or the topic does not tell. @param {Cut} cut @returns {number | null} */
export function opensMs({ board }) {
  /** @type {[number, number, number][]} */
  const rounds = board.store.state.get("rounds") ?? [];
  const first = [...rounds].sort((one, other) => one[1] - other[1] || one[2] - other[2])[0];
  return first === undefined || first[1] === first[2] ? null : first[1];
}

/**
 * A unit's number as a page writes it.
 * @param {Cut} cut
 * @param {string} code
 * @param {string} column
 * @returns {string}
 */
export function shown({ board, words }, code, column) {
  const value = board.cell(code, column);
  return column === "rate" ? words.percent(value) : words.number(value);
}
