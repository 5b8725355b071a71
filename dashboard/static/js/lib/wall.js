/**
 * What a wall's own address asks for: a larger or smaller safe box, and a foot that people stand before.
 * @module
 */

/** The safe box as all screens have it, and the largest, in % of each side. */
const SAFE = 5;
const SAFE_MAX = 20;
/** The most that people may stand before, in % of the height. */
const OFFSET_MAX = 40;

/**
 * The custom properties of the page for an address (`?safe=8&offset=12`, `offset=140px`); a value that is none of these is as
 * good as none.
 * @param {string} search
 * @returns {Record<string, string>}
 */
export function wall(search) {
  const query = new URLSearchParams(search);
  const safe = percent(query.get("safe"), SAFE_MAX) ?? SAFE;
  const lift = liftOf(query.get("offset"));
  if (safe === SAFE && lift === "0px") return {};
  const share = (100 - 2 * safe) / (100 - 2 * SAFE);
  const height = `(100vh - ${lift} - var(--band, 0px))`;
  return {
    "--vw": `${share}vw`,
    "--vh": `calc(${height} * ${share / 100})`,
    "--safe-x": `${safe}vw`,
    "--safe-y": `calc(${height} * ${safe / 100})`,
    "--lift": lift,
  };
}

/** Let a page be as its address asks. @param {HTMLElement} page @param {string} search */
export function fit({ style }, search) {
  const asked = wall(search);
  style.setProperty("--vw", asked["--vw"] ?? "");
  style.setProperty("--vh", asked["--vh"] ?? "");
  style.setProperty("--safe-x", asked["--safe-x"] ?? "");
  style.setProperty("--safe-y", asked["--safe-y"] ?? "");
  style.setProperty("--lift", asked["--lift"] ?? "");
}

/** @param {string | null} asked @returns {string} a length */
function liftOf(asked) {
  const px = /^(\d{1,4})px$/.exec(asked ?? "")?.[1];
  if (Number(px) > 0) return `min(${Number(px)}px, ${OFFSET_MAX}vh)`;
  return Number(percent(asked, OFFSET_MAX)) > 0 ? `${percent(asked, OFFSET_MAX)}vh` : "0px";
}

/** @param {string | null} asked @param {number} most @returns {number | null} */
function percent(asked, most) {
  const found = /^(\d{1,2}(?:\.\d{1,2})?)%?$/.exec(asked ?? "")?.[1];
  return found !== undefined && Number(found) <= most ? Number(found) : null;
}
