/**
 * How a unit stands among the units that it is ranked with.
 * @module
 */

/** @typedef {import("./part.js").Cut} Cut */

/** The siblings just ahead and just behind. @param {Cut} cut @returns {wire.Near} */
export function near({ board }) {
  return board.store.state.get("near") ?? { ahead: null, behind: null };
}

/**
 * A unit's place, null while nothing has been counted for it.
 * @param {string} of
 * @param {wire.Ranked} siblings
 * @param {Cut} cut
 * @returns {number | null}
 */
export function placeOf(of, siblings, { board }) {
  return siblings.count && board.hasEntries(of, siblings.by) ? board.cell(of, "rank") : null;
}

/**
 * How many siblings share a unit's place: those between it and the one behind, whose place comes after them all.
 * @param {string} of
 * @param {wire.Ranked} siblings
 * @param {Cut} cut
 * @returns {number}
 */
export function levelWith(of, siblings, cut) {
  const place = placeOf(of, siblings, cut);
  if (place === null) return 0;
  const { behind } = near(cut);
  const after = behind === null ? siblings.placed + 1 : cut.board.cell(behind, "rank");
  return after === null ? 0 : Math.max(0, after - place - 1);
}
