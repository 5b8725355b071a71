/**
 * Refuses what Chrome 86 does not know, in the scripts, styles and templates that an audience sees: vMix 24 has that
 * engine. What the control room alone loads may use what Chrome 103 knows.
 *
 * Usage: node tests/syntax_floor.js [folder]; the folder is a tree like this repository, which it is by default.
 * Prints one line for each finding, file:line: what it is, and the Chrome that brought it; ends with 1 if there is any.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findInMarkup } from "./floor/markup.js";
import { Own, findInScript, read } from "./floor/script.js";
import { findInStyle } from "./floor/style.js";

const FLOOR = 86;
const FLOOR_DESK = 103;
/** What only the control room and the accounts' pages load. */
const DESK = /\/(?:control|accounts)\/|\/pages\/(?:accounts|document|presenter)\./;
/** The types of what a server sends name fields of our own. */
const TYPES = "dashboard/wire.d.ts";

/** The files under the folder whose name ends so, in order; none if there is no such folder. */
function filesUnder(folder, ending) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    });
}

const folder = process.argv[2] || "";
const scripts = filesUnder(join(folder, "dashboard/static/js"), ".js");
// A contest brings a style of its own.
const styles = ["dashboard/static/css", "streaming/contests"].flatMap((each) => filesUnder(join(folder, each), ".css"));
const templates = filesUnder(join(folder, "templates"), ".html");
if (!scripts.length && !styles.length && !templates.length) {
  console.error(`${folder}: no script, no style and no template where this repository has them`);
  process.exit(2);
}

let count = 0;
const floorOf = (path) => (DESK.test(path.slice(folder.length)) ? FLOOR_DESK : FLOOR);

/**
 * Find what is too new in a file, and say it.
 * @template T
 * @param {string} path
 * @param {() => T} find
 * @returns {T | null} null where the file cannot be read
 */
function within(path, find) {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    say(path, [{ line: error.loc.line, what: `a syntax that Chrome ${floorOf(path)} cannot read (${error.message})`, since: "" }]);
    return null;
  }
}

/** @param {string} path @param {import("./floor/compat.js").Finding[]} findings */
function say(path, findings) {
  for (const { line, what, since } of findings) {
    const came = since === "" ? "" : since === Infinity ? ", which no Chrome knows" : `, which came with Chrome ${since}`;
    console.log(`${path}:${line}: ${what}${came}; expected at most Chrome ${floorOf(path)}`);
    count += 1;
  }
}

const own = new Own();
own.read(readFileSync(TYPES, "utf-8"));
const trees = new Map();
for (const path of scripts) {
  const source = readFileSync(path, "utf-8");
  const tree = within(path, () => read(source));
  if (tree === null) continue;
  trees.set(path, tree);
  own.read(source);
  own.gather(tree);
}
for (const [path, tree] of trees) say(path, findInScript(tree, floorOf(path), own));
for (const [paths, find] of /** @type {const} */ ([[styles, findInStyle], [templates, findInMarkup]])) {
  for (const path of paths) {
    const source = readFileSync(path, "utf-8");
    say(path, within(path, () => find(source, floorOf(path))) ?? []);
  }
}
console.log(`${scripts.length} scripts, ${styles.length} styles and ${templates.length} templates read, ${count} findings`);
process.exit(count ? 1 : 0);
