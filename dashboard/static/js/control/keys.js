/**
 * Keys of the control room: read by their place on the keyboard, whatever its language, and off while somebody types in
 * a field, or a dialog is open, which has keys of its own.
 * @module
 */

const FIELDS = "input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]";
/** What has a use of its own for a blank or an arrow while it has the focus. */
const USES_BLANKS = "button, summary, input";
/** What gets the focus so soon after a press by pointer got it by that. */
const POINTER_MS = 500;

/**
 * What a key is called here: "0" to "9" of the top row or the number pad, "Space", "ArrowLeft"; null for any other.
 * @param {{code: string, key: string}} event
 * @returns {string | null}
 */
export function nameOf({ code, key }) {
  const digit = /^(Digit|Numpad)(\d)$/.exec(code);
  if (!digit) return code === "Space" || code === "ArrowLeft" ? code : null;
  // Without NumLock the number pad moves about the page.
  return digit[1] === "Numpad" && key !== digit[2] ? null : digit[2] ?? null;
}

/**
 * Do something at keys, once a press.
 * @param {Record<string, () => void>} acts by the names of keys
 */
export function bindKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const name = nameOf(event);
    const act = name === null ? undefined : acts[name];
    if (!act || document.querySelector("dialog[open]")) return;
    const on = event.target instanceof Element ? event.target : null;
    if (on?.closest(FIELDS) || (name && name.length > 1 && on?.closest(USES_BLANKS))) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
}

/** Let a held Enter press once: else it opens a question and confirms it, unread. */
export function pressOnce() {
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && !(event.target instanceof HTMLTextAreaElement)) event.preventDefault();
  });
}

/**
 * Let a press by pointer leave the focus nowhere, so that the blank which comes next is the page's key and not a second
 * press of the same button. Who walks by keys alone keeps the focus, and so does a dialog.
 */
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
