/**
 * What Chrome knew when, by MDN's data: https://github.com/mdn/browser-compat-data.
 * @module
 */
import { createRequire } from "node:module";

export const bcd = createRequire(import.meta.url)("@mdn/browser-compat-data");

/** @typedef {{line: number, what: string, since: number | ""}} Finding Infinity where no Chrome knows it */

/**
 * The Chrome that brought a feature, of those after the floor: 0 if it was there at the floor, Infinity if it never came.
 * What is there but for a corner of it counts as there; what is behind a flag does not.
 * @param {any} feature of the data
 * @param {number} floor
 * @param {string} [prefix] as "-webkit-"
 * @returns {number | null} null if the data does not know it
 */
export function since(feature, floor, prefix = "") {
  const support = feature?.__compat?.support?.chrome;
  if (!support) return null;
  const known = [support].flat().filter((one) => !one.flags && !one.alternative_name && (one.prefix ?? "") === prefix);
  const isThere = known.some((one) => version(one.version_added) <= floor && !(version(one.version_removed ?? null) <= floor));
  return isThere ? 0 : Math.min(Infinity, ...known.map((one) => version(one.version_added)));
}

/** @param {string | boolean | null} added @returns {number} */
function version(added) {
  if (added === true) return 0;
  const number = parseInt(String(added).replace("≤", ""), 10);
  return Number.isNaN(number) ? Infinity : number;
}

/** The keys below a feature, without its own data. @param {any} feature @returns {string[]} */
export function below(feature) {
  return Object.keys(feature ?? {}).filter((key) => key !== "__compat");
}

/**
 * Every feature of this key at any depth below one.
 * @param {any} feature
 * @param {string} key
 * @returns {any[]}
 */
export function deep(feature, key) {
  return below(feature).flatMap((each) => [...(each === key ? [feature[each]] : []), ...deep(feature[each], key)]);
}
