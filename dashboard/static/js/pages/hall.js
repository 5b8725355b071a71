/**
 * The big screen. The page is right before this runs; from then on every painted frame shows one cut.
 * @module
 */

import { Board } from "../live/board.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Text, one } from "../lib/page.js";
import { tellAddress } from "../shell.js";
import { HallView } from "../ui/hall.js";
import { MilestoneView } from "../ui/milestone.js";
import { LivePage } from "../live/live_page.js";

/** A milestone is seen for a while, whether or not a frame comes. */
const MILESTONE_MS = 1_000;
const KEYS = ["live", "standings", "trend", "latest"];

const page = /** @type {LivePage<wire.HallData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;
const view = new HallView(contest, words, `${document.body.dataset.static}/vendor/plotly.min.js`);
const milestone = new MilestoneView(store, page.clock, words);
const round = new Text(one('[data-text="round"]'));

/** @param {string} scene */
function take(scene) {
  if (!KEYS.includes(scene) || scene === view.scene) return;
  view.take(scene, new Board(store, contest));
  const query = new URLSearchParams(window.location.search);
  query.set("scene", scene);
  window.history.replaceState(null, "", `?${query}`);
  tellAddress(query);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-scene-link]"))) {
    if (link.dataset.sceneLink === scene) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // A link is copied and sent on; the screen's key is not.
  query.delete("key");
  query.delete("frame");
  const other = /** @type {HTMLAnchorElement} */ (one("[data-language]"));
  query.set("lang", other.dataset.language ?? "");
  other.search = `?${query}`;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const key = /^(?:Digit|Numpad)([1-4])$/.exec(event.code);
  if (key) take(KEYS[Number(key[1]) - 1] ?? "");
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-scene-link]") : null;
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  take(link.dataset.sceneLink ?? "");
});

view.paint(new Board(store, contest), false);
const paint = page.follow(CLOSE_RETRY_MAX_MS, () => {
  view.paint(new Board(store, contest), page.isSeen);
  milestone.paint();
  round.set(words.roundLine(contest.rounds, store.state.get("rounds") ?? [], store.at));
});
window.addEventListener("resize", () => paint());
window.setInterval(() => milestone.paint(), MILESTONE_MS);
void page.started(view.isDrawn());
