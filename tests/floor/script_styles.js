/**
 * What a script says in the language of styles: selectors, keyframes, and what it sets on an element.
 * @module
 */
import { findInStyle, isProperty } from "./style.js";

/** @typedef {import("./compat.js").Finding} Finding */

/** Calls whose first argument is a selector; `one` is our own. */
const SELECTING = ["querySelector", "querySelectorAll", "closest", "matches", "one"];
/** What stands in a keyframe beside properties. */
const OF_FRAMES = ["offset", "easing", "composite"];
/** What an expression's value is called where it is not known: it has a place in any selector, `:nth-child(n)` too, and value. */
const UNKNOWN = "n";

export class StylesWithin {
  /** @param {number} floor */
  constructor(floor) {
    this.floor = floor;
    /** Texts that are declared once, before they are used. @type {Map<string, string>} */
    this.texts = new Map();
  }

  /** @param {any} node @returns {Finding[]} */
  look(node) {
    const { type } = node;
    if (type === "VariableDeclarator" && /Literal$/.test(node.init?.type ?? "")) this.texts.set(node.id.name, this.text(node.init));
    if (type === "ArrayExpression" && isFrames(node)) return this.declared(node, node.elements.flatMap(propertiesOf));
    if (type === "AssignmentExpression") return this.set(node);
    if (type !== "CallExpression") return [];
    const { callee, arguments: given } = node;
    const name = callee.type === "MemberExpression" ? callee.property.name : callee.name;
    if (SELECTING.includes(name) && given.length) return this.found(node, this.text(given[0]), "selectorList");
    if (name === "setProperty") return this.found(node, `${this.text(given[0])}: ${this.text(given[1])}`, "declarationList");
    return [];
  }

  /** What is set on `element.style`. @param {any} node @returns {Finding[]} */
  set(node) {
    const { left, right } = node;
    if (left.object?.property?.name !== "style") return [];
    const { name } = left.property;
    const source = name === "cssText" ? this.text(right) : `${dashed(name)}: ${this.text(right)}`;
    return this.found(node, source, "declarationList");
  }

  /** @param {any} node @param {any[]} properties @returns {Finding[]} */
  declared(node, properties) {
    const own = properties.filter((one) => !OF_FRAMES.includes(nameOf(one)));
    return this.found(node, own.map((one) => `${dashed(nameOf(one))}: ${this.text(one.value)}`).join("; "), "declarationList");
  }

  /**
   * @param {any} node
   * @param {string} source
   * @param {"declarationList" | "selectorList"} context
   * @returns {Finding[]}
   */
  found(node, source, context) {
    const { line } = node.loc.start;
    try {
      return findInStyle(source, this.floor, context).map((one) => ({ ...one, line }));
    } catch (error) {
      throw error instanceof SyntaxError ? Object.assign(error, { loc: { line } }) : error;
    }
  }

  /** The text of an expression, as far as it is known. @param {any} node @returns {string} */
  text(node) {
    if (node?.type === "Literal") return String(node.value) || UNKNOWN;
    if (node?.type === "TemplateLiteral") return node.quasis.map((one) => one.value.cooked).join(UNKNOWN);
    if (node?.type === "Identifier") return this.texts.get(node.name) ?? UNKNOWN;
    return UNKNOWN;
  }
}

/** What an object names, without what it spreads. @param {any} object @returns {any[]} */
function propertiesOf(object) {
  return object.properties.filter((/** @type {any} */ one) => one.key);
}

/** @param {any} property @returns {string} */
function nameOf(property) {
  return property.key.name ?? String(property.key.value);
}

/** `zIndex` as z-index. @param {string} name @returns {string} */
function dashed(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether a list is one of keyframes: of objects whose fields are all properties. @param {any} node @returns {boolean} */
function isFrames({ elements }) {
  if (!elements.length || elements.some((/** @type {any} */ one) => one?.type !== "ObjectExpression")) return false;
  const names = elements.flatMap(propertiesOf).map(nameOf);
  return names.every((/** @type {string} */ name) => OF_FRAMES.includes(name) || isProperty(dashed(name)));
}
