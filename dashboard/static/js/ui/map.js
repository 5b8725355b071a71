/**
 * The map's colours: a class on each hexagon, set only where its step has changed.
 * @module
 */

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
