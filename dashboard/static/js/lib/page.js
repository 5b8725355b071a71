/**
 * What every page's script does with its page: read the data blocks, find elements, set texts.
 * @module
 */

import { openedWith } from "../shell.js";

/**
 * The JSON of a data block.
 * @param {string} id
 * @returns {any}
 */
export function data(id) {
  return JSON.parse(one(`#${id}`).textContent ?? "");
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
 * Where this page's server is followed, and the key that the page was opened with, "" if with none.
 * @returns {{socketUrl: string, pollUrl: string, key: string}}
 */
export function address() {
  const { protocol, host } = window.location;
  const key = new URLSearchParams(openedWith()).get("key") ?? "";
  return { socketUrl: `${protocol === "https:" ? "wss:" : "ws:"}//${host}/`, pollUrl: `${protocol}//${host}/`, key };
}
