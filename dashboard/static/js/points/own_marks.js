/**
 * What is a point's own among all that a scene shows: its lines, those of the units above it where it has none itself, and
 * its land. The scene's bytes are the same for all points.
 * @module
 */

import { one, svg } from "../lib/page.js";

/** The rules that mark lines, for a code that is written as a string of a style sheet. @param {string} code @returns {string[]} */
export function rules(code) {
  const named = `[data-code="${code.replace(/["\\]/g, "\\$&")}"]`;
  return [
    `.point .row${named}::after { content: ""; position: absolute; left: 0; right: 0; top: 0; bottom: 0; border: solid var(--gold); border-width: 0.2rem 0; background: rgba(255, 211, 92, 0.13); pointer-events: none; }`,
    `.point .row${named} .name { color: #fff; font-weight: 700; }`,
  ];
}

export class OwnMarks {
  /**
   * @param {HTMLElement} stage
   * @param {Pick<wire.PointData, "path" | "lands">} contest
   */
  constructor(stage, { path, lands }) {
    this.stage = stage;
    this.lands = new Set(lands);
    // Into a sheet of ours: a new one would be an inline style.
    const { sheet } = /** @type {HTMLLinkElement} */ (one("#point-sheet"));
    for (const rule of path.flatMap(rules)) sheet?.insertRule(rule, sheet.cssRules.length);
  }

  /** Mark the land on the maps that stand there now. */
  set() {
    for (const map of this.stage.querySelectorAll(".map")) {
      const cells = [...map.querySelectorAll(".cells path")].filter((cell) => this.lands.has(cell.getAttribute("data-code") ?? ""));
      // A map of nothing but its own land needs no mark.
      if (map.querySelector(".own-land") !== null || cells.length === 0 || cells.length === map.querySelectorAll(".cells path").length) continue;
      const land = svg("g", { class: "own-land", "aria-hidden": "true" });
      land.append(...cells.map((cell) => svg("path", { d: cell.getAttribute("d") ?? "" })));
      // Beneath the cells: what is seen of it runs round them.
      map.querySelector(".cells")?.before(land);
    }
  }
}
