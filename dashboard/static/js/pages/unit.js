/**
 * A unit's page: public, so many may hold it; after a break it comes back within half a minute, spread.
 * @module
 */

import { Board } from "../board.js";
import { ServerClock } from "../live/clock.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { data, oncePerFrame, origins } from "../page.js";
import { MarkView } from "../ui/mark.js";
import { UnitView } from "../ui/unit.js";
import { Words } from "../words.js";

const RETRY_MAX_MS = 30_000;
const CLOCK_MS = 1_000;

const contest = data("contest");
const words = new Words(contest.lang, contest.timezone, contest.texts);
const store = new Store();
store.apply(data("first-frame"));

const clock = new ServerClock(() => performance.now());
const mark = new MarkView(store, clock, words);
const view = new UnitView(contest, words);

const paint = oncePerFrame(() => {
  view.paint(new Board(store, contest));
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

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  clock.forget();
  follower.wake();
});
window.addEventListener("online", () => follower.wake());
window.setInterval(() => mark.paint(), CLOCK_MS);
follower.start();
