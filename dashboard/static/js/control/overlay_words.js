/**
 * What stands over the whole width of the page of overlays while it lasts. Pure.
 * @module
 */

import { isOthers } from "./output_words.js";

/** @typedef {import("./phrases.js").Phrases} Phrases */
/** @typedef {import("./output_words.js").OutputState} OutputState */
/** @typedef {import("./output_words.js").Hand} Hand */

/**
 * Why overlays are not seen, or cannot be shown from here.
 * @param {Phrases} phrases
 * @param {OutputState} state
 * @param {Pick<wire.OverlayDeskData, "solemn" | "overlays">} about
 * @param {Hand} hand
 * @returns {{key: string, text: string}[]}
 */
export function overlayLines(phrases, state, about, hand) {
  const { words } = phrases;
  const lines = [];
  const scene = state.on_air?.scene.name ?? "";
  if (about.solemn.includes(scene)) lines.push({ key: "respect", text: words.say("line_overlays_respect", { scene: phrases.scene(scene) }) });
  const taken = state.withdrawn?.overlays ?? [];
  if (taken.length > 0) lines.push({ key: "taken", text: words.say("line_overlays_withdrawn", { overlays: taken.map((name) => about.overlays[name] ?? name).join(", ") }) });
  const named = (state.faults ?? []).filter(({ code }) => code === "strap").map(({ what }) => what);
  // A wrong name on air is worse than any other fault.
  if (named.length > 0) lines.push({ key: "strap", text: words.say("line_overlays_strap", { who: [...new Set(named)].join("; ") }) });
  if (isOthers(state, hand)) lines.push({ key: "locked", text: words.say("line_overlays_locked", { who: phrases.who(state.lock?.by ?? "") }) });
  return lines;
}
