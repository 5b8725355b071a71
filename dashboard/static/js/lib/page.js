/**
 * What every page's script does with its page: read the data blocks, find elements, set texts.
 * @module
 */

import { openedWith } from "../shell.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * The JSON of a data block.
 * @param {string} id
 * @returns {any}
 */
export function data(id) {
  return JSON.parse(one(`#${id}`).textContent ?? "");
}

/**
 * The texts of a page: in its data, or in a script of its own, which the browser keeps (dashboard/pages/script.py).
 * @param {{texts: Record<string, string>}} contest
 * @returns {Record<string, string>}
 */
export function textsOf({ texts }) {
  return { .../** @type {{diemCauTexts?: Record<string, string>}} */ (/** @type {unknown} */ (window)).diemCauTexts, ...texts };
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function one(selector, within = document) {
  const found = /** @type {HTMLElement | null} */ (within.querySelector(selector));
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * Set a `data-…` attribute, which the style sheet reads, only where it differs.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string | number} value
 */
export function setData(element, name, value) {
  if (element.dataset[name] !== String(value)) element.dataset[name] = String(value);
}

/** An element of SVG. @param {string} name @param {Record<string, string>} [attributes] @returns {SVGElement} */
export function svg(name, attributes = {}) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * The page of a unit, in this page's language and of the output as which it was asked for.
 * @param {string} code
 * @returns {string}
 */
export function unitAddress(code) {
  const out = new URLSearchParams(window.location.search).get("out");
  const query = new URLSearchParams({ lang: document.documentElement.lang, ...(out !== null && { out }) });
  return `/units/${encodeURIComponent(code)}?${query}`;
}

/** A text that is only written when it differs. */
export class Text {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.text = element.textContent ?? "";
    this.isHidden = element.hidden;
  }

  /** @param {string} text */
  set(text) {
    if (text === this.text) return;
    this.text = text;
    this.element.textContent = text;
  }

  /** @param {boolean} isShown */
  show(isShown) {
    if (isShown !== this.isHidden) return;
    this.isHidden = !isShown;
    this.element.hidden = !isShown;
  }
}

/**
 * Runs a paint at most once a frame, however often it is asked for.
 * @param {() => void} paint
 * @returns {() => void}
 */
export function oncePerFrame(paint) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      paint();
    });
  };
}

/**
 * Where this page's server is followed, the key that the page was opened with, "" if with none, and in how many ms it
 * wants a frame, "" for every one: as its address says (`?pace_ms=5000`, for a thin line).
 * @returns {{socketUrl: string, pollUrl: string, key: string, pace: string}}
 */
export function address() {
  const { protocol, host } = window.location;
  const query = new URLSearchParams(openedWith());
  const [key, pace] = [query.get("key") ?? "", query.get("pace_ms") ?? ""];
  return { socketUrl: `${protocol === "https:" ? "wss:" : "ws:"}//${host}/`, pollUrl: `${protocol}//${host}/`, key, pace };
}
