/**
 * The table of parts, and how they are found on a page. A new part is its file and its line here and in parts.py.
 * @module
 */

import { BelowPart } from "./below.js";
import { CountdownPart } from "./countdown.js";
import { FactsPart } from "./facts.js";
import { GapsPart } from "./gaps.js";
import { GaugePart } from "./gauge.js";
import { LadderPart } from "./ladder.js";
import { LegendPart } from "./legend.js";
import { LightPart } from "./light.js";
import { MapPart } from "./map.js";
import { MilestonePart } from "./milestone.js";
import { NumberPart } from "./number.js";
import { PlacePart } from "./place.js";
import { RecentPart } from "./recent.js";
import { RollPart } from "./roll.js";
import { RowsPart } from "./rows.js";
import { SplitPart } from "./split.js";
import { TablePart } from "./table.js";
import { TextPart } from "./text.js";
import { TrendPart } from "./trend.js";

/** @type {Record<string, new (element: HTMLElement, spec: any) => import("./part.js").Part>} */
const PARTS = {
  legend: LegendPart, map: MapPart, milestone: MilestonePart, number: NumberPart, recent: RecentPart, rows: RowsPart, table: TablePart,
  text: TextPart, trend: TrendPart, place: PlacePart, facts: FactsPart, ladder: LadderPart, below: BelowPart,
  gauge: GaugePart, light: LightPart, split: SplitPart, countdown: CountdownPart, gaps: GapsPart,
  roll: RollPart,
};

/** The parts within an element, each with the spec that it carries. @param {ParentNode} within @returns {import("./part.js").Part[]} */
export function partsWithin(within) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-part]"));
  return [...elements].map((element) => {
    const Made = PARTS[element.dataset.part ?? ""];
    if (Made === undefined) throw new Error(`there is no part "${element.dataset.part}"`);
    return new Made(element, JSON.parse(element.dataset.spec ?? "{}"));
  });
}
