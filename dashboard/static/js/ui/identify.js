/**
 * A screen shows what it is called, large, over its picture and for some seconds: whoever stands before it reads it.
 * @module
 */

const FOR_MS_MAX = 60_000;

/** @type {{element: HTMLElement, timer: number} | null} */
let shown = null;

/** @param {string} text @param {number} ms */
export function identify(text, ms) {
  hide();
  const element = document.createElement("div");
  element.className = "identified";
  element.setAttribute("role", "status");
  const name = document.createElement("p");
  name.textContent = text;
  element.append(name);
  document.body.append(element);
  shown = { element, timer: window.setTimeout(hide, Math.min(ms, FOR_MS_MAX)) };
}

function hide() {
  if (shown === null) return;
  window.clearTimeout(shown.timer);
  shown.element.remove();
  shown = null;
}
