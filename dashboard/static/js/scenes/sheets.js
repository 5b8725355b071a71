/**
 * Style sheets of a scene that is to come: a page has those of the scene that it was opened with, any other's are put beside
 * them before it is shown, and stay. Each has its place among all, `data-at`, so that what counts over what does not depend
 * on which scenes were shown before.
 * @module
 */

/** Those that are on their way, by their links. @type {WeakMap<HTMLLinkElement, Promise<void>>} */
const coming = new WeakMap();

/**
 * Put sheets on the page that it does not have.
 * @param {Iterable<HTMLLinkElement>} wanted links that were never on a page
 * @param {number} waitMs
 * @returns {Promise<void>} resolves once all say something; rejected where one does not within the time
 */
export async function styled(wanted, waitMs) {
  /** @type {number | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = window.setTimeout(() => reject(new Error("its style sheets have not come")), waitMs);
  });
  try {
    await Promise.race([Promise.all([...wanted].map(onPage)), late]);
  } finally {
    window.clearTimeout(timer);
  }
}

/** @param {HTMLLinkElement} wanted @returns {Promise<void> | undefined} */
function onPage(wanted) {
  const links = /** @type {HTMLLinkElement[]} */ ([...document.head.querySelectorAll("link[data-at]")]);
  const address = wanted.getAttribute("href") ?? "";
  const had = links.find((link) => link.getAttribute("href") === address);
  if (had !== undefined) return coming.get(had);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  // A failure is answered here; the guard of the page has no part in it.
  link.dataset.late = "";
  link.dataset.at = wanted.dataset.at;
  link.href = address;
  const loaded = load(link);
  coming.set(link, loaded);
  // One that comes too late for this take is there for the next.
  loaded.catch(() => {});
  const before = links.filter((each) => Number(each.dataset.at) <= Number(link.dataset.at)).pop();
  if (before === undefined) document.head.append(link);
  else before.after(link);
  return loaded;
}

/** @param {HTMLLinkElement} link @returns {Promise<void>} */
function load(link) {
  return new Promise((resolve, reject) => {
    const failed = () => {
      // It is asked for anew by the next try.
      link.remove();
      reject(new Error(`${link.href} could not be loaded`));
    };
    link.addEventListener("error", failed);
    // A portal's page in the place of a sheet loads too, and says nothing.
    link.addEventListener("load", () => (link.sheet !== null && link.sheet.cssRules.length > 0 ? resolve() : failed()));
  });
}
