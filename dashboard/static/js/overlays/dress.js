/**
 * How an overlay looks: a theme's style sheet, in whose place another comes while the page stands on air.
 * @module
 */

/** Put on another sheet once it has come; one that does not come changes nothing. @param {string} address */
export function dress(address) {
  const [old] = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[data-theme]"));
  if (!old || old.getAttribute("href") === address) return;
  const fresh = /** @type {HTMLLinkElement} */ (old.cloneNode());
  fresh.href = address;
  // Of several that were asked for the last counts, whichever comes first.
  for (const waiting of document.querySelectorAll("link[data-theme-coming]")) waiting.remove();
  delete fresh.dataset.theme;
  fresh.dataset.themeComing = "";
  // One that does not come is no loss of the page.
  fresh.dataset.late = "";
  fresh.addEventListener("load", () => {
    delete fresh.dataset.themeComing;
    fresh.dataset.theme = "";
    old.remove();
  });
  fresh.addEventListener("error", () => fresh.remove());
  old.after(fresh);
}
