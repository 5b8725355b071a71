/**
 * What is too new in a template: elements, attributes, types of fields, and the styles that stand in it.
 *
 * What Jinja fills in is not looked at, and what it chooses between is looked at in full.
 * @module
 */
import { bcd, since } from "./compat.js";
import { findInStyle } from "./style.js";

/** @typedef {import("./compat.js").Finding} Finding */

const SAID_NOWHERE = /\{#[\s\S]*?#\}|\{%[\s\S]*?%\}/g;
const FILLED_IN = /\{\{[\s\S]*?\}\}/g;
const STYLE = /<style>([\s\S]*?)<\/style>/g;
const VALUE = /\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/.source;
const ATTRIBUTE = new RegExp(`\\s+([^\\s"'<>/=]+)(?:${VALUE})?`, "g");
const TAG = new RegExp(`<([a-z][a-z0-9-]*)((?:${ATTRIBUTE.source})*)\\s*/?>`, "gi");

/**
 * @param {string} source
 * @param {number} floor
 * @returns {Finding[]}
 */
export function findInMarkup(source, floor) {
  /** @type {Finding[]} */
  const found = [];
  // Every character keeps its place, so that a line stays that line.
  const unsaid = source.replace(SAID_NOWHERE, (text) => text.replace(/\S/g, " "));
  const plain = unsaid.replace(FILLED_IN, (text) => text.replace(/[^\n]/g, "n"));
  const lineAt = (/** @type {number} */ at) => plain.slice(0, at).split("\n").length;
  for (const style of plain.matchAll(STYLE)) {
    const above = lineAt(style.index) - 1;
    found.push(...findInStyle(style[1], floor).map((one) => ({ ...one, line: one.line + above })));
  }
  for (const { index, 1: tag, 2: attributes } of plain.matchAll(TAG)) {
    const element = bcd.html.elements[tag] ?? bcd.svg.elements[tag];
    const tell = (/** @type {string} */ what, /** @type {any} */ feature) => {
      const came = since(feature, floor);
      if (came !== null && came > floor) found.push({ line: lineAt(index), what, since: came });
    };
    tell(`<${tag}>`, element);
    for (const [, name, ...values] of attributes.matchAll(ATTRIBUTE)) {
      const feature = element?.[name] ?? bcd.html.global_attributes[name] ?? bcd.svg.global_attributes[name];
      const value = values.find((each) => each !== undefined) ?? "";
      tell(`the attribute ${name} of <${tag}>`, feature);
      tell(`<${tag} ${name}="${value}">`, element?.[`${name}_${value}`] ?? feature?.[`${value}_value`]);
    }
  }
  return found;
}
