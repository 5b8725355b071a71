/**
 * What a screen's page says to the shell that holds it, docs/reference/screens.md; a page without one says nothing.
 * @module
 */

/** @typedef {import("./live/made.js").Made} Made */

/** How long to wait for fonts; the shell tries again for those that are missing. */
const FONTS_WAIT_MS = 5_000;

/** A hidden tab paints nothing, so do not wait for it. */
const isSeen = () => document.visibilityState === "visible";

/** @returns {boolean} whether a shell holds this page */
export function isFramed() {
  return window.parent !== window && new URLSearchParams(window.location.search).has("frame");
}

/** The query with which the page was opened: its own, and of the shell's what only that has, the screen's key. @returns {string} */
export function openedWith() {
  if (!isFramed()) return window.location.search;
  const query = new URLSearchParams(window.parent.location.search);
  // A frame that comes may be of another address than the one that is shown.
  for (const [name, value] of new URLSearchParams(window.location.search)) query.set(name, value);
  query.delete("frame");
  return `?${query}`;
}

/** The address of this screen, as whoever opens its window sees it. @returns {Location} */
export function ownAddress() {
  return isFramed() ? window.parent.location : window.location;
}

/**
 * Whether this page is a screen: the page of a window, or of its shell. A picture within a page of ours, as the control
 * room has them, is none; what a playout host holds in a page of its own is one.
 * @returns {boolean}
 */
export function isScreen() {
  const holder = isFramed() ? window.parent : window;
  if (holder.parent === holder) return true;
  try {
    return holder.parent.location.origin !== window.location.origin;
  } catch {
    return true;
  }
}

/**
 * Load anew, or show another address instead: both once that is painted, and the page that is shown stays until then.
 * @param {{do: string, ms: number, address: string}} order
 */
export function obey({ do: what, ms, address }) {
  if (isFramed()) tell({ diemCau: "order", do: what, ms, address });
  else if (what === "reload") window.setTimeout(() => window.dispatchEvent(new Event("diemcau:old")), ms);
  else if (what === "show" && new URL(address, window.location.href).origin === window.location.origin) window.location.assign(address);
}

/** Hear of an address that the shell was told to show and could not. @param {(address: string) => void} hear */
export function onNotShown(hear) {
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || origin !== window.location.origin || data?.diemCau !== "notShown") return;
    hear(String(data.address));
  });
}

/** @param {Record<string, unknown>} message */
function tell(message) {
  window.parent.postMessage(message, window.location.origin);
}

/** What this page was made of. @returns {Made | null} */
export function ownMade() {
  const found = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="made"]'));
  return found && { made: found.content, show: found.dataset.show ?? "" };
}

/** The page is old, or is so no more. @param {Made} heard what pages are made of now @param {boolean} isOld */
export function tellHeard(heard, isOld) {
  if (isFramed()) tell({ diemCau: "heard", ...heard });
  else if (isOld) window.dispatchEvent(new Event("diemcau:old"));
}

/** What is shown has another address now. @param {URLSearchParams} query */
export function tellAddress(query) {
  if (isFramed()) tell({ diemCau: "address", search: `?${query}` });
}

/** The page's title has changed. */
export function tellTitle() {
  if (isFramed()) tell({ diemCau: "title", title: document.title });
}

/**
 * This page's script has started; once all of the page is painted, the shell may show it.
 * @param {Promise<unknown>} [stands] when there is nothing more to wait for but the painting
 * @param {boolean} [isGone] whether this is what stands in the place of a screen that is no more
 */
export async function started(stands = Promise.resolve(), isGone = false) {
  document.documentElement.dataset.started = "";
  if (!isFramed()) return;
  const late = new Promise((resolve) => { window.setTimeout(resolve, FONTS_WAIT_MS); });
  await stands;
  await frame();
  // The guard, inline in the page's head, notes what did not arrive; a portal's page in the place of a style sheet did.
  if (document.documentElement.dataset.lacks !== undefined || !isStyled()) {
    tell({ diemCau: "failed" });
    return;
  }
  // The layout has asked for the faces that it needs.
  await Promise.race([document.fonts.ready, late]);
  await frame();
  const isWhole = [...document.fonts].every((face) => face.status !== "error" && face.status !== "loading");
  tell({ diemCau: "painted", ...ownMade(), title: document.title, lang: document.documentElement.lang, isWhole, isGone });
}

/** Whether every style sheet of ours says something; those of a scene that comes are the stage's. @returns {boolean} */
function isStyled() {
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel="stylesheet"]:not([data-late])'));
  return [...links].every((link) => link.sheet !== null && link.sheet.cssRules.length > 0);
}

/** @returns {Promise<void>} once the next frame is painted */
function frame() {
  return new Promise((resolve) => {
    if (isSeen()) requestAnimationFrame(() => window.setTimeout(resolve));
    else window.setTimeout(resolve);
  });
}
