/**
 * Brings the children of an element into an order by moving as few of them as can be: what keeps its place is not touched.
 * @module
 */

/**
 * The longest run of positions that grow, so that all others have to move.
 * @param {readonly number[]} positions each once
 * @returns {Set<number>} indexes into `positions`
 */
export function growing(positions) {
  /** At each length, the index with the least position that ends a run of it. @type {number[]} */
  const ends = [];
  /** @type {number[]} */
  const before = [];
  positions.forEach((position, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (positions[/** @type {number} */ (ends[middle])]) < position) low = middle + 1;
      else high = middle;
    }
    before[index] = low ? /** @type {number} */ (ends[low - 1]) : -1;
    ends[low] = index;
  });
  /** @type {Set<number>} */
  const run = new Set();
  for (let at = ends.length ? /** @type {number} */ (ends[ends.length - 1]) : -1; at >= 0; at = before[at] ?? -1) run.add(at);
  return run;
}

/**
 * Put these elements in this order; children that are not among them go.
 * @param {Element} parent
 * @param {readonly Element[]} wanted
 * @returns {Element[]} those that were moved or are new
 */
export function reorder(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  const at = new Map([...parent.children].map((child, index) => [child, index]));
  const there = wanted.filter((element) => at.has(element));
  const stays = growing(there.map((element) => /** @type {number} */ (at.get(element))));
  const still = new Set(there.filter((_, index) => stays.has(index)));
  const moved = [];
  /** @type {Element | null} */
  let next = null;
  for (let index = wanted.length - 1; index >= 0; index -= 1) {
    const element = /** @type {Element} */ (wanted[index]);
    if (!still.has(element)) {
      parent.insertBefore(element, next);
      moved.push(element);
    }
    next = element;
  }
  return moved;
}
