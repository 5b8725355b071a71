/**
 * Numbers as a host reads them aloud; dashboard/words/spoken.py follows the same rules, both are held to
 * tests/golden/words.json.
 * @module
 */

const SPOKEN_MAX = 10 ** 15 - 1;
/** Smaller numbers are said as they are, also while they grow. */
export const ABOUT_FROM = 100;
const VI = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const EN = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
const EN_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/** @type {Record<string, string[]>} */
const SCALES = {
  vi: ["", "nghìn", "triệu", "tỷ", "nghìn tỷ"],
  en: ["", "thousand", "million", "billion", "trillion"],
};

/**
 * A whole number from 0 to SPOKEN_MAX in words; "" for any other.
 * @param {number} n
 * @param {string} lang
 * @returns {string}
 */
export function spoken(n, lang) {
  if (!Number.isInteger(n) || n < 0 || n > SPOKEN_MAX) return "";
  const isVi = lang === "vi";
  if (n === 0) return isVi ? "không" : "zero";
  /** @type {number[]} */
  const groups = [];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 1000)) groups.push(rest % 1000);
  /** @type {string[]} */
  const said = [];
  for (let scale = groups.length - 1; scale >= 0; scale--) {
    const group = groups[scale] ?? 0;
    if (!group) continue;
    const isFirst = scale === groups.length - 1;
    said.push(isVi ? viGroup(group, isFirst) : enGroup(group, isFirst || scale > 0));
    // "hai nghìn không trăm linh năm tỷ": the billions are named once.
    const name = isVi && scale === 4 && groups[3] ? "nghìn" : (SCALES[lang] ?? [])[scale];
    if (name) said.push(name);
  }
  return said.join(" ");
}

/**
 * A number of at least ABOUT_FROM to the nearest with two digits that count: 16432 → 16000.
 * @param {number} n
 * @returns {number}
 */
export function rounded(n) {
  const unit = 10 ** (String(n).length - 2);
  return Math.floor((n + Math.floor(unit / 2)) / unit) * unit;
}

/** @param {number} group @param {boolean} isFirst @returns {string} */
function viGroup(group, isFirst) {
  const hundreds = Math.floor(group / 100);
  const tens = Math.floor(group / 10) % 10;
  const ones = group % 10;
  /** @type {(string | undefined)[]} */
  const said = [];
  if (hundreds || !isFirst) said.push(VI[hundreds], "trăm");
  if (tens > 1) said.push(VI[tens], "mươi");
  else if (tens === 1) said.push("mười");
  else if (said.length && ones) said.push("linh");
  if (ones) said.push(viOnes(ones, tens));
  return said.join(" ");
}

/** @param {number} ones @param {number} tens @returns {string | undefined} */
function viOnes(ones, tens) {
  if (ones === 5 && tens) return "lăm";
  if (tens > 1 && ones === 1) return "mốt";
  if (tens > 1 && ones === 4) return "tư";
  return VI[ones];
}

/** @param {number} group @param {boolean} isFirst @returns {string} */
function enGroup(group, isFirst) {
  const rest = group % 100;
  /** @type {(string | undefined)[]} */
  const said = group >= 100 ? [EN[Math.floor(group / 100)], "hundred"] : [];
  if (rest && (said.length || !isFirst)) said.push("and");
  const ones = rest % 10;
  if (rest >= 20) said.push(`${EN_TENS[Math.floor(rest / 10)]}${ones ? `-${EN[ones]}` : ""}`);
  else if (rest) said.push(EN[rest]);
  return said.join(" ");
}
