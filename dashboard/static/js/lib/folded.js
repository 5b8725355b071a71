/**
 * Names without marks and capitals, as people type them in a hurry: "lung cu" for "Lũng Cú". Pure.
 * @module
 */

/** @param {string} text @returns {string} */
export const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

/**
 * Those in which the text stands anywhere, where a word begins before others. Whoever types marks gets only what has them.
 * @template {{text: string, folded: string}} T
 * @param {readonly T[]} choices
 * @param {string} typed
 * @returns {T[]}
 */
export function fitting(choices, typed) {
  const wanted = typed.normalize("NFC").toLowerCase();
  const plain = folded(wanted);
  const found = choices.filter((each) => each.folded.includes(plain));
  const marked = plain === wanted ? found : found.filter((each) => each.text.normalize("NFC").toLowerCase().includes(wanted));
  const isFirst = (/** @type {T} */ each) => ` ${each.folded}`.includes(` ${plain}`);
  return [...marked.filter(isFirst), ...marked.filter((each) => !isFirst(each))];
}
