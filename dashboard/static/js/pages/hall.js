/**
 * The big screen. The page is right before this runs; from then on every painted frame shows one cut.
 * @module
 */

import { Board } from "../board.js";
import { ServerClock } from "../live/clock.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { Text, data, oncePerFrame, one, origins } from "../page.js";
import { HallView } from "../ui/hall.js";
import { MarkView } from "../ui/mark.js";
import { Words } from "../words.js";

const RETRY_MAX_MS = 2_000;
const CLOCK_MS = 1_000;
const KEYS = ["live", "standings", "trend", "latest"];

const contest = data("contest");
const words = new Words(contest.lang, contest.timezone, contest.texts);
const store = new Store();
store.apply(data("first-frame"));

const clock = new ServerClock(() => performance.now());
const mark = new MarkView(store, clock, words);
const view = new HallView(contest, words, `${document.body.dataset.static}/vendor/plotly.min.js`);
const round = new Text(one('[data-text="round"]'));

const paint = oncePerFrame(() => {
  view.paint(new Board(store, contest), true);
  round.set(words.roundLine(contest.rounds, store.state.get("rounds") ?? [], store.at));
  mark.paint();
});

const follower = new Follower(
  contest.topic,
  { ...origins(), retryMaxMs: RETRY_MAX_MS },
  {
    position: () => store.position,
    frame: (message) => {
      const outcome = store.apply(message);
      if (outcome === "applied") paint();
      return outcome;
    },
    contact: (atMs) => mark.contact(atMs),
  },
  browser(),
);

/** @param {string} scene */
function take(scene) {
  if (!KEYS.includes(scene) || scene === view.scene) return;
  view.take(scene, new Board(store, contest));
  const query = new URLSearchParams(window.location.search);
  query.set("scene", scene);
  window.history.replaceState(null, "", `?${query}`);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-scene-link]"))) {
    if (link.dataset.sceneLink === scene) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
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
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  clock.forget();
  follower.wake();
});
window.addEventListener("online", () => follower.wake());
window.addEventListener("resize", () => paint());
window.setInterval(() => mark.paint(), CLOCK_MS);

view.paint(new Board(store, contest), false);
follower.start();
