/**
 * The map's colours: a class on each hexagon, set only where its step has changed.
 * @module
 */

import { step } from "../live/board.js";

/**
 * @param {wire.MapSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.MapView}
 */
export function view(spec, { board }) {
  return { steps: spec.codes.map((code) => step(board.count(code, spec.by), spec.steps)) };
}

export class MapPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.MapSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.map = new MapView(element);
    this.at = new Map(spec.codes.map((code, index) => [code, index]));
  }

  /** @param {import("./part.js").Cut} cut */
  paint(cut) {
    const { steps } = view(this.spec, cut);
    this.map.set((code) => `s${steps[this.at.get(code) ?? -1] ?? "none"}`);
  }
}

export class MapView {
  /** @param {ParentNode} within */
  constructor(within) {
    /** @type {{code: string, path: SVGPathElement, name: string}[]} */
    this.cells = [...within.querySelectorAll(".map .cells path")].map((found) => {
      const path = /** @type {SVGPathElement} */ (found);
      return { code: path.dataset.code ?? "", path, name: path.getAttribute("class") ?? "" };
    });
  }

  /** @param {(code: string) => string} nameOf the class of a unit's hexagon */
  set(nameOf) {
    for (const cell of this.cells) {
      const name = nameOf(cell.code);
      if (name === cell.name) continue;
      cell.name = name;
      cell.path.setAttribute("class", name);
    }
  }
}
