/**
 * The fields in which it is said what an overlay tells: reading them, filling them, and the address that asks for the same.
 * @module
 */

import { field as moment, typedInstant } from "./date_time.js";

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {Record<string, unknown>} Told */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** What stands between the entries of a list in an address, dashboard/overlays/address.py. */
const LISTED = "|";

/** What is told by a field of a sort; undefined where it is left empty. @param {string} sort @param {string} text @param {Words} words @returns {unknown} */
export function valueOf(sort, text, words) {
  const typed = text.trim();
  if (typed === "") return undefined;
  switch (sort) {
    case "flag":
      return typed === "1";
    case "number":
      return Number(typed);
    case "moment":
      return typedInstant(words, typed) ?? undefined;
    case "lines":
      return typed.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    default:
      return typed.normalize("NFC");
  }
}

/** What a field of a sort has in it for what is told. @param {string} sort @param {unknown} value @param {Words} words @returns {string} */
export function textOf(sort, value, words) {
  if (value === undefined || value === null || value === "") return "";
  if (sort === "flag") return value ? "1" : "0";
  if (sort === "moment") return value === 0 ? "" : moment(words, Number(value));
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** What is told, without what says nothing, by its names in order: two that tell the same are equal. @param {Told} told @returns {string} */
export function canonical(told) {
  const isSaid = (/** @type {unknown} */ value) => value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
  return JSON.stringify(Object.entries(told).filter(([, value]) => isSaid(value)).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The address of an overlay that asks for what is told.
 * @param {string} origin
 * @param {string} path "/overlays/total" and the like
 * @param {Record<string, string>} parameters those of the page; an empty one is left out
 * @param {Told} told
 * @returns {string}
 */
export function addressOf(origin, path, parameters, told) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== "") query.set(name, value);
  for (const [name, value] of Object.entries(told)) {
    if (value === "" || (Array.isArray(value) && value.length === 0)) continue;
    query.set(name, Array.isArray(value) ? value.join(LISTED) : typeof value === "boolean" ? String(Number(value)) : String(value));
  }
  // A playout machine's operator reads the titles in it.
  return `${origin}${path}?${query.toString().replaceAll("%7C", LISTED)}`;
}
