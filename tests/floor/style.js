/**
 * What is too new in a style: properties, values, functions, units, selectors, at-rules.
 *
 * What stands within @supports is asked for before it is used, and passes.
 * @module
 */
import { parse, walk } from "css-tree";
import { bcd, deep, since } from "./compat.js";

/** @typedef {import("./compat.js").Finding} Finding */

/** Rules whose declarations are descriptors and no properties. */
const DESCRIBED = ["font-face", "page", "property", "counter-style"];
/** Properties whose words are names that anybody gives. */
const NAMING = ["font-family", "animation", "animation-name", "grid-area", "grid-template-areas", "transition", "will-change"];
const NEW_UNIT = /^[dsl]v(?:h|w|i|b|min|max)$/;
const NEVER = { __compat: { support: { chrome: { version_added: false } } } };

/**
 * @param {string} source
 * @param {number} floor
 * @param {"stylesheet" | "declarationList" | "selectorList"} [context] what the source is
 * @returns {Finding[]}
 */
export function findInStyle(source, floor, context = "stylesheet") {
  /** @type {Finding[]} */
  const found = [];
  const tree = parse(source, { context, positions: true, onParseError: (error) => fail(error) });
  const tell = (node, what, ...sought) => {
    const came = known(floor, sought);
    if (came !== null && came > floor) found.push({ line: node.loc.start.line, what, since: came });
  };
  const within = [];
  let asked = 0;
  walk(tree, {
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") asked += 1;
      if (!asked) look(node, within, tell);
      within.push(node);
    },
    leave(node) {
      within.pop();
      if (node.type === "Atrule" && node.name === "supports") asked -= 1;
    },
  });
  return found;
}

/** @param {string} name @returns {boolean} whether a style may have a property of this name, in any browser */
export function isProperty(name) {
  return bcd.css.properties[name] !== undefined;
}

/** @param {Error} error */
function fail(error) {
  throw Object.assign(new SyntaxError(error.message), { loc: { line: error.line } });
}

/**
 * The Chrome that brought the first of these that the data knows.
 * @param {number} floor
 * @param {[any, string?][]} sought features, each with its prefix
 * @returns {number | null}
 */
function known(floor, sought) {
  return sought.map(([feature, prefix]) => since(feature, floor, prefix)).find((came) => came !== null) ?? null;
}

function look(node, within, tell) {
  const { css } = bcd;
  switch (node.type) {
    case "Atrule":
      tell(node, `@${node.name}`, [css["at-rules"][node.name]]);
      break;
    case "Rule":
      // Keyframes are rules in an at-rule, and so is what stands within @media: only a rule in a rule is nested.
      if (within.some((one) => one.type === "Rule")) tell(node, "a nested rule", [css.selectors.nesting]);
      break;
    case "Feature":
      tell(node, `the media feature ${node.name}`, [css["at-rules"].media[node.name.replace(/^(?:min|max)-/, "")]]);
      break;
    case "FeatureRange":
      tell(node, "a range of a media feature", [css["at-rules"].media.range_syntax]);
      break;
    case "PseudoClassSelector":
      tell(node, `:${node.name}`, ...selector(node.name));
      if (node.name === "not" && node.children?.first?.type === "SelectorList" && node.children.first.children.size > 1) {
        tell(node, ":not() of more than one", [css.selectors.not.selector_list]);
      }
      break;
    case "PseudoElementSelector":
      tell(node, `::${node.name}`, ...selector(node.name));
      break;
    case "Declaration":
      if (!within.some((one) => one.type === "Atrule" && DESCRIBED.includes(one.name))) declaration(node, tell);
      break;
    default:
  }
}

/** @param {string} name @returns {[any, string?][]} */
function selector(name) {
  const [prefix, bare] = parted(name);
  return [[bcd.css.selectors[name]], [bcd.css.selectors[bare], prefix]];
}

/** @param {string} name @returns {[string, string]} its vendor's prefix, "" without one, and the rest */
function parted(name) {
  const [, prefix = "", bare] = /^(-[a-z]+-)?(.*)$/.exec(name);
  return [prefix, bare];
}

function declaration(node, tell) {
  const { property } = node;
  const [prefix, bare] = parted(property);
  const properties = bcd.css.properties;
  // A vendor's property is for its own browser, and beside the plain one.
  const feature = properties[property] ?? (prefix ? undefined : properties[bare]);
  if (feature) tell(node, property, [feature]);
  if (!feature && !prefix && !property.startsWith("--")) tell(node, `${property}, which is no property`, [NEVER]);
  walk(node.value, (part) => {
    if (part.type === "Identifier" && feature && !NAMING.includes(property)) {
      tell(node, `${property}: ${part.name}`, [feature[part.name.toLowerCase()]]);
    }
    if (part.type === "Dimension" && NEW_UNIT.test(part.unit)) {
      tell(node, `the unit ${part.unit}`, [bcd.css.types.length.viewport_percentage_units_dynamic]);
    }
    if (part.type === "Function") {
      tell(node, `${part.name}()`, ...[...deep(feature, part.name), ...deep(bcd.css.types, part.name)].map((one) => [one]));
    }
  });
}
