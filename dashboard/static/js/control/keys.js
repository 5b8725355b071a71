/**
 * Keys of the control room: read by their place on the keyboard, whatever its language, and off while somebody types, a
 * moment after, while keys are locked, and while a dialog is open, which has keys of its own.
 * @module
 */

const FIELDS = "input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]";
/** What has a use of its own for an arrow while it has the focus. */
const USES_ARROWS = "summary, input";
/** What gets the focus so soon after a press by pointer got it by that. */
const POINTER_MS = 500;
/** Who has just left a field may still be typing the end of a word. */
export const AFTER_FIELD_MS = 1_000;
/** What is grave happens only by a key that is held down for so long. */
const HOLD_MS = 500;
/** Keys of that name are read, beside digits. */
const NAMED = new Set(["Space", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "KeyC", "KeyL", "KeyM", "KeyT", "KeyX"]);
/** Vietnamese typing tools tell this of what they are still putting together. */
const COMPOSING_CODE = 229;

/** When a field was left last, ms of the page's own clock. */
let leftFieldMs = -Infinity;

/**
 * What a key is called here: "0" to "9" of the top row or the number pad, "Space", "ArrowUp", "KeyL"; null for any other.
 * @param {{code: string, key: string}} event
 * @returns {string | null}
 */
export function nameOf({ code, key }) {
  const digit = /^(Digit|Numpad)(\d)$/.exec(code);
  if (!digit) return NAMED.has(code) ? code : null;
  // Without NumLock the number pad moves about the page.
  return digit[1] === "Numpad" && key !== digit[2] ? null : digit[2] ?? null;
}

/**
 * Whether a key press is a part of typing: a tool for Telex or VNI is at work, or a field was left a moment ago.
 * @param {{isComposing: boolean, keyCode: number, key: string, timeStamp: number}} event
 * @param {number} leftMs when a field was left last
 * @returns {boolean}
 */
export function isTyping({ isComposing, keyCode, key, timeStamp }, leftMs) {
  return isComposing || keyCode === COMPOSING_CODE || key === "Process" || timeStamp - leftMs < AFTER_FIELD_MS;
}

/**
 * Do something at keys, once a press.
 * @param {Record<string, () => void>} acts by the names of keys
 */
export function bindKeys(acts) {
  watchFields();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const name = nameOf(event);
    const act = name === null ? undefined : acts[name];
    if (!act || isInField(event) || document.querySelector("dialog[open]")) return;
    if (name?.startsWith("Arrow") && event.target instanceof Element && event.target.closest(USES_ARROWS)) return;
    // A blank would press the button that has the focus: it is the page's alone.
    event.preventDefault();
    if (!event.repeat && !areLocked() && !isTyping(event, leftFieldMs)) act();
  });
  document.addEventListener("keyup", (event) => {
    if (event.code === "Space" && "Space" in acts && !isInField(event) && !document.querySelector("dialog[open]")) event.preventDefault();
  });
}

/**
 * Do something at keys that are held down for half a second: "KeyG", and "Escape" with Shift.
 * @param {Record<string, {act: () => void, feel: (isHeld: boolean) => void}>} holds by code; `feel` tells while it is held
 */
export function bindHolds(holds) {
  let timer = 0;
  let held = "";
  const leave = () => {
    window.clearTimeout(timer);
    if (held) holds[held]?.feel(false);
    held = "";
  };
  document.addEventListener("keydown", (event) => {
    const found = holds[event.code];
    if (!found || event.ctrlKey || event.altKey || event.metaKey || (event.code === "Escape") !== event.shiftKey) return;
    if (isInField(event) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (event.repeat || areLocked() || isTyping(event, leftFieldMs)) return;
    leave();
    held = event.code;
    found.feel(true);
    timer = window.setTimeout(() => {
      leave();
      found.act();
    }, HOLD_MS);
  });
  for (const name of ["keyup", "blur"]) window.addEventListener(name, leave);
}

/** Keep F5, which clickers send too, from loading the page anew in the middle of a show. */
export function keepPage() {
  document.addEventListener("keydown", (event) => {
    if (event.code === "F5" && !event.ctrlKey && !event.shiftKey) event.preventDefault();
  });
}

/** Whether stray keys are kept off (Khóa phím). @returns {boolean} */
const areLocked = () => document.body.dataset.keys === "locked";

/** @param {Event} event @returns {boolean} */
const isInField = ({ target }) => target instanceof Element && target.closest(FIELDS) !== null;

let isWatching = false;

function watchFields() {
  if (isWatching) return;
  isWatching = true;
  document.addEventListener("focusout", (event) => {
    if (isInField(event)) leftFieldMs = event.timeStamp;
  });
  // Without a mouse nothing else would leave a field for good; a tool for Telex has Escape for what it puts together.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.shiftKey || isTyping(event, -Infinity)) return;
    if (isInField(event) && !document.querySelector("dialog[open]")) /** @type {HTMLElement} */ (event.target).blur();
  });
}

/** Let a held Enter press once: else it opens a question and confirms it, unread. */
export function pressOnce() {
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && !(event.target instanceof HTMLTextAreaElement)) event.preventDefault();
  });
}

/** Let a press by pointer leave the focus nowhere. Who walks by keys alone keeps the focus, and so does a dialog. */
export function leaveFocus() {
  let pressedMs = -Infinity;
  document.addEventListener("pointerdown", (event) => {
    pressedMs = event.timeStamp;
  }, true);
  document.addEventListener("focusin", (event) => {
    const on = /** @type {HTMLElement} */ (event.target);
    if (event.timeStamp - pressedMs < POINTER_MS && on.matches("button, [type=radio]") && !on.closest("dialog")) on.blur();
  });
}
