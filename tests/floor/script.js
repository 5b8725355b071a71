/**
 * What is too new in a script: syntax, what it calls and reads of the browser, and what it says in the language of styles.
 *
 * Without types a member is known by its name alone: it is too new where no interface had one of this name by then, and
 * none of our own has. What is asked for first, as in `document.startViewTransition?.(…)`, passes.
 * @module
 */
import { parse } from "acorn";
import { bcd, below, deep, since } from "./compat.js";
import { StylesWithin } from "./script_styles.js";

/** @typedef {import("./compat.js").Finding} Finding */

/** Interfaces of the browser and of the language, by name. */
const INTERFACES = new Map([...entries(bcd.javascript.builtins), ...entries(bcd.javascript.builtins.Intl), ...entries(bcd.api)]);
/** What interfaces have by a name. @type {Map<string, any[]>} */
const MEMBERS = new Map();
for (const [, owner] of INTERFACES) {
  for (const [name, feature] of entries(owner)) {
    if (!/_(?:static|event)$/.test(name)) MEMBERS.set(name, [...(MEMBERS.get(name) ?? []), feature]);
  }
}
/** What elements have by a name. @type {Set<string>} */
const OF_ELEMENTS = new Set([...INTERFACES].filter(([name]) => name.endsWith("Element")).flatMap(([, owner]) => below(owner)));
/** Whose fields are read by any name; of others only those that are no plain word, for data have fields too. */
const THE_BROWSERS_OWN = ["document", "window", "navigator", "performance", "history", "location", "screen"];

/** @param {any} feature @returns {[string, any][]} */
function entries(feature) {
  return below(feature).map((key) => [key, feature[key]]);
}

/** Names that our scripts give: methods, fields of any kind, and what a module declares or takes from another. */
export class Own {
  constructor() {
    this.methods = new Set();
    this.locals = new Set();
    this.fields = new Set();
  }

  /** @param {string} source a script, or declarations of types */
  read(source) {
    // Types stand in comments and declarations: {at: number, texts?: string[]}; fields are set where they are not declared.
    for (const [, name] of source.matchAll(/(\w+)\??\s*:/g)) this.fields.add(name);
    for (const [, name] of source.matchAll(/this\.(\w+)\s*=[^=]/g)) this.fields.add(name);
    for (const [, name] of source.matchAll(/@(?:property|param)\s+\{[^}]*\}+\s+\[?(\w+)/g)) this.fields.add(name);
  }

  /** @param {any} tree */
  gather(tree) {
    walk(tree, false, (node) => {
      const isFunction = /Function/.test(node.value?.type ?? "") || node.type === "MethodDefinition";
      if (["MethodDefinition", "PropertyDefinition", "Property"].includes(node.type) && !node.computed) {
        (isFunction ? this.methods : this.fields).add(node.key.name ?? node.key.value);
      }
      if (["FunctionDeclaration", "ClassDeclaration"].includes(node.type)) this.locals.add(node.id.name);
      if (node.type === "VariableDeclarator" && node.id.type === "Identifier") this.locals.add(node.id.name);
      if (node.type === "ImportSpecifier") this.locals.add(node.local.name);
    });
  }
}

/** Fields and private names are ES2022 and in Chrome 84 already; what else that edition brought is found below. */
export function read(source) {
  return parse(source, { ecmaVersion: 2022, sourceType: "module", locations: true });
}

/**
 * @param {any} tree
 * @param {number} floor
 * @param {Own} own
 * @returns {Finding[]}
 */
export function findInScript(tree, floor, own) {
  /** @type {Finding[]} */
  const found = [];
  const styles = new StylesWithin(floor);
  walk(tree, false, (node, isInFunction, above) => {
    found.push(...styles.look(node));
    const tell = (what, came) => {
      if (came !== null && came > floor) found.push({ line: node.loc.start.line, what, since: came });
    };
    syntax(node, isInFunction, tell);
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") member(node, above, own, floor, tell);
    if (node.type === "NewExpression" || node.type === "CallExpression") {
      if (node.callee.type === "Identifier") global(node.callee.name, own, floor, tell);
      options(node, floor, tell);
    }
  });
  return found;
}

function syntax(node, isInFunction, tell) {
  const awaits = node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await);
  if (awaits && !isInFunction) tell("await outside a function", 89);
  if (node.type === "StaticBlock") tell("a static block", 94);
  if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier") tell("#name in object", 91);
  if (node.type === "Literal" && node.regex && node.regex.flags.includes("d")) tell("the regular expression flag d", 90);
}

/**
 * The Chrome that brought the first of several features that have one name; null if the data knows none of them.
 * @param {any[]} features
 * @param {number} floor
 * @returns {number | null}
 */
function first(features, floor) {
  const came = features.map((one) => since(one, floor)).filter((one) => one !== null);
  return came.length ? Math.min(...came) : null;
}

function member(node, above, own, floor, tell) {
  const { object, property: { name } } = node;
  const calls = above?.type === "CallExpression" && above.callee === node;
  const owner = object.type === "Identifier" ? INTERFACES.get(object.name) : undefined;
  const isSet = above?.type === "AssignmentExpression" && above.left === node;
  // A call that is asked for first, and what is put there where it is missing.
  if ((calls && above.optional) || (isSet && (owner || above.operator === "??="))) return;
  const fixed = owner && first([owner[`${name}_static`], owner[name]], floor);
  if (fixed !== undefined && fixed !== null) {
    tell(`${object.name}.${name}`, fixed);
    return;
  }
  const isField = own.fields.has(name) && (!calls || object.type === "ThisExpression");
  // What is set as an element has it, and is no field of our own, is the element's, however plain its name.
  const isPlain = !calls && !(isSet && OF_ELEMENTS.has(name)) && !/[A-Z]/.test(name) && !THE_BROWSERS_OWN.includes(object.name);
  if (!own.methods.has(name) && !isField && !isPlain) tell(calls ? `.${name}()` : `.${name}`, first(MEMBERS.get(name) ?? [], floor));
}

function global(name, own, floor, tell) {
  if (!own.locals.has(name)) tell(name, first([INTERFACES.get(name), bcd.api.Window[name]], floor));
}

/** An older engine ignores an option that it does not know: what hangs on it never happens. */
function options(node, floor, tell) {
  const { callee } = node;
  const name = callee.type === "MemberExpression" ? callee.property.name : callee.name;
  const features = [...(MEMBERS.get(name) ?? []), ...(INTERFACES.has(name) ? [INTERFACES.get(name)] : [])];
  for (const given of node.arguments.filter((one) => one.type === "ObjectExpression")) {
    for (const { key } of given.properties.filter((one) => one.key)) {
      const option = key.name ?? key.value;
      const known = features.flatMap((one) => [...deep(one, `options_${option}_parameter`), ...deep(one, `${option}_option`)]);
      tell(`the option ${option} of ${name}()`, first(known, floor));
    }
  }
}

/** Call visit for the node and every node below it, with whether a function encloses it, and the node above. */
function walk(node, isInFunction, visit, above = null) {
  if (Array.isArray(node)) node.forEach((child) => walk(child, isInFunction, visit, above));
  else if (node && typeof node.type === "string") {
    visit(node, isInFunction, above);
    const isIn = isInFunction || /Function/.test(node.type);
    for (const key of Object.keys(node)) {
      if (typeof node[key] === "object" && key !== "loc") walk(node[key], isIn, visit, node);
    }
  }
}
