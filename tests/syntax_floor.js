/**
 * Refuses what Chrome 86 does not know, in the scripts and styles that an audience sees: vMix 24 has that engine.
 *
 * Usage: node tests/syntax_floor.js [folder]; the folder holds js/ and css/ and is dashboard/static by default.
 * Prints one line for each finding, file:line: what it is, and the Chrome that brought it; ends with 1 if there is any.
 * Built-in functions that are too new (`.at()`, `Object.hasOwn`) are found by tsc, whose library here is ES2021.
 */
import { parse } from "acorn";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A style that an older engine drops, and the Chrome that brought it. */
const CSS_TOO_NEW = [
  [/(?<=[;{]\s*)inset(?:-[a-z-]+)?\s*:/g, "inset", 87],
  [/(?<=[;{]\s*)aspect-ratio\s*:/g, "aspect-ratio", 88],
  [/:(?:is|where)\(/g, ":is() or :where()", 88],
  [/overflow(?:-[xy])?\s*:\s*clip/g, "overflow: clip", 90],
  [/@layer\b/g, "@layer", 99],
  [/(?<=[;{]\s*)(?:translate|rotate|scale)\s*:/g, "translate, rotate or scale as a property", 104],
  [/:has\(/g, ":has()", 105],
  [/@container\b/g, "@container", 105],
  [/\b\d*\.?\d+[dsl]v(?:h|w|min|max)\b/g, "a dvh, svh or lvh length", 108],
  [/\b(?:color-mix|oklch|oklab|lab|lch)\(/g, "color-mix() or a Lab colour", 111],
];

/** Web interfaces by name, which tsc's DOM library has and Chrome 86 has not. */
const NAMES_TOO_NEW = new Map([
  ["randomUUID", 92],
  ["structuredClone", 98],
  ["checkVisibility", 105],
  ["startViewTransition", 111],
  ["showPopover", 114],
  ["canParse", 120],
]);

/**
 * @param {string} source
 * @returns {{line: number, what: string, since: number}[]}
 */
function findInScript(source) {
  /** @type {{line: number, what: string, since: number}[]} */
  const found = [];
  // Fields and private names are ES2022 and in Chrome 84 already; what else that edition brought is refused below.
  const tree = parse(source, { ecmaVersion: 2022, sourceType: "module", locations: true });
  walk(tree, false, (node, isInFunction) => {
    const too = (what, since) => found.push({ line: node.loc.start.line, what, since });
    const awaits = node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await);
    if (awaits && !isInFunction) too("await outside a function", 89);
    if (node.type === "StaticBlock") too("a static block", 94);
    if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier") too("#name in object", 91);
    if (node.type === "Literal" && node.regex && node.regex.flags.includes("d")) too("the regular expression flag d", 90);
    if (node.type === "Identifier" && NAMES_TOO_NEW.has(node.name)) too(node.name, NAMES_TOO_NEW.get(node.name));
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      const { object, property } = node.callee;
      if (object.name === "AbortSignal" && ["timeout", "any"].includes(property.name)) {
        too(`AbortSignal.${property.name}()`, property.name === "any" ? 116 : 103);
      }
      const options = node.arguments[2];
      if (property.name === "addEventListener" && options && options.type === "ObjectExpression") {
        // An older engine ignores the signal, so the listener would never be taken away.
        if (options.properties.some((one) => one.key && one.key.name === "signal")) too("the signal of a listener", 90);
      }
    }
  });
  return found;
}

/** Call visit for the node and every node below it, and say whether a function encloses it. */
function walk(node, isInFunction, visit) {
  if (Array.isArray(node)) node.forEach((child) => walk(child, isInFunction, visit));
  else if (node && typeof node.type === "string") {
    visit(node, isInFunction);
    const isIn = isInFunction || /Function/.test(node.type);
    for (const key of Object.keys(node)) if (typeof node[key] === "object" && key !== "loc") walk(node[key], isIn, visit);
  }
}

/**
 * @param {string} source
 * @returns {{line: number, what: string, since: number}[]}
 */
function findInStyle(source) {
  const found = [];
  // Comments and strings are blanked, their line breaks kept, so that nothing in them counts and lines stay right.
  const text = source.replace(/\/\*[^]*?\*\/|"[^"\n]*"|'[^'\n]*'/g, (part) => part.replace(/[^\n]/g, " "));
  const lineAt = (index) => text.slice(0, index).split("\n").length;
  for (const [pattern, what, since] of CSS_TOO_NEW) {
    for (const match of text.matchAll(pattern)) found.push({ line: lineAt(match.index), what, since });
  }
  const open = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "{") {
      const prelude = text.slice(start, index).trim();
      // Inside a style rule only declarations may stand; inside @media, @supports and @keyframes rules may.
      if (open.length && !open[open.length - 1].startsWith("@")) {
        found.push({ line: lineAt(index), what: "a nested rule", since: 112 });
      }
      open.push(prelude);
    }
    if (text[index] === "}") open.pop();
    if ("{};".includes(text[index])) start = index + 1;
  }
  return found;
}

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

const folder = process.argv[2] || "dashboard/static";
const scripts = filesUnder(join(folder, "js"), ".js");
const styles = filesUnder(join(folder, "css"), ".css");
if (!scripts.length && !styles.length) {
  console.error(`${folder}: no script in js/ and no style in css/; expected the static files of the screens`);
  process.exit(2);
}
let count = 0;
for (const [paths, find] of [[scripts, findInScript], [styles, findInStyle]]) {
  for (const path of paths) {
    let found;
    try {
      found = find(readFileSync(path, "utf-8"));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      found = [{ line: error.loc.line, what: `a syntax that Chrome 86 cannot read (${error.message})`, since: "" }];
    }
    for (const { line, what, since } of found) {
      console.log(`${path}:${line}: ${what}${since && `, which came with Chrome ${since}`}; expected at most Chrome 86`);
      count += 1;
    }
  }
}
console.log(`${scripts.length} scripts and ${styles.length} styles read, ${count} findings`);
process.exit(count ? 1 : 0);
