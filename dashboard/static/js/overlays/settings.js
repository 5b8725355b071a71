/**
 * The settings of an overlay: where they come from, and what of them is in an address. Pure.
 * @module
 */

/** @typedef {Record<string, unknown>} Settings */
/** @typedef {Pick<wire.OverlayData, "name" | "lang" | "output" | "defaults" | "placed" | "written">} Contest */

/** What stands between the entries of a list in an address, dashboard/overlays/address.py. */
const LISTED = "|";
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
/** What stands for a text in an address. */
const BLANK = "–";

/**
 * The free texts that an address asks for. @param {readonly string[]} written @param {string} search @returns {Settings}
 */
export function textsOf(written, search) {
  const query = new URLSearchParams(search);
  /** @type {Settings} */
  const found = {};
  for (const name of written) {
    const text = query.get(name);
    if (text !== null) found[name] = text;
  }
  return found;
}

/**
 * The settings by whoever says the most: the host, the output, the address. What an overlay is about comes from one of them as
 * a whole.
 * @param {Contest} contest
 * @param {...(Settings | undefined)} said the least first
 * @returns {Settings}
 */
export function merged(contest, ...said) {
  const { defaults, placed } = contest;
  let whole = { ...defaults };
  for (const each of said) {
    const own = Object.fromEntries(Object.entries(each ?? {}).filter(([name, value]) => name in defaults && !isLeft(value, defaults[name])));
    const isAbout = Object.keys(own).some((name) => !placed.includes(name));
    const kept = Object.fromEntries(placed.map((name) => [name, whole[name]]));
    whole = { ...(isAbout ? { ...defaults, ...kept } : whole), ...own };
  }
  for (const [name, value] of Object.entries(defaults)) {
    if (Array.isArray(value)) whole[name] = listed(whole[name]);
  }
  return whole;
}

/** Whether a host's empty field leaves a setting that is no text as it is. @param {unknown} value @param {unknown} fallback */
const isLeft = (value, fallback) => value === "" && typeof fallback !== "string" && !Array.isArray(fallback);

/**
 * The free texts that are longer, or of more lines, than they may be, or have what is no letter of a text: a control
 * character, or one that turns the direction of writing.
 * @param {Pick<wire.OverlayData, "limits">} contest @param {Settings} settings @returns {string[]} their names
 */
export function unfit({ limits }, settings) {
  return Object.entries(limits).filter(([name, { chars, lines }]) => {
    const value = settings[name] ?? "";
    const texts = Array.isArray(value) ? value.map(String) : [String(value)];
    return texts.length > lines || texts.some((text) => [...text].length > chars || UNSEEN.test(text));
  }).map(([name]) => name);
}

/** @param {unknown} value @returns {string[]} */
function listed(value) {
  const parts = Array.isArray(value) ? value : String(value ?? "").split(/[|\n]/);
  return parts.map((part) => String(part).trim()).filter((part) => part !== "");
}

/**
 * The settings with as many texts as there are, that say nothing.
 * @param {Contest} contest @param {Settings} settings @returns {Settings}
 */
export function blank(contest, settings) {
  const found = { ...settings };
  for (const name of contest.written) {
    const value = found[name];
    found[name] = Array.isArray(value) ? value.map(() => BLANK) : value && BLANK;
  }
  return found;
}

/** @param {Settings} one @param {Settings} other @returns {boolean} */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The address of the overlay alone, with settings.
 * @param {Contest} contest @param {Settings} settings @returns {string}
 */
export function address(contest, settings) {
  const query = new URLSearchParams({ piece: "1", out: contest.output, lang: contest.lang });
  for (const [name, value] of Object.entries(settings)) {
    if (JSON.stringify(value) === JSON.stringify(contest.defaults[name])) continue;
    query.set(name, Array.isArray(value) ? value.join(LISTED) : String(value));
  }
  return `/overlays/${encodeURIComponent(contest.name)}?${query}`;
}
