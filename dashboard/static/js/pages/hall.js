/**
 * The big screen. The page is right before this runs; from then on every painted frame shows one cut.
 * @module
 */

import { Board } from "../live/board.js";
import { Cues } from "../live/cues.js";
import { LivePage } from "../live/live_page.js";
import { followProgram } from "../live/program.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { one } from "../lib/page.js";
import { fit } from "../lib/wall.js";
import { partsWithin } from "../parts/parts.js";
import { Stage } from "../scenes/stage.js";
import { tellAddress } from "../shell.js";

fit(document.documentElement, window.location.search);
const page = /** @type {LivePage<wire.HallData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;
/** @param {typeof store} shown */
const cutOf = (shown) => ({ board: new Board(shown, contest), words, leaves: contest.leaves, nowMs: page.nowMs });
const cut = () => cutOf(store);
const head = partsWithin(one(".head"));
const stage = new Stage(one("[data-stage]"), cut, async (topic) => {
  const numbers = await page.ready(topic);
  return numbers && { ...numbers, cut: () => cutOf(numbers.store) };
});

const ofOutput = contest.output && `&out=${encodeURIComponent(contest.output)}`;

/** The scene that was chosen last, which may not have come yet. */
let chosen = stage.scene.name;

/** A window that was opened with a scene shows what its keys choose. @param {string} scene */
async function take(scene) {
  if (!contest.keys.includes(scene) || scene === chosen) return;
  chosen = scene;
  await stage.take(`/scenes/${scene}?lang=${contest.lang}${ofOutput}`, page.isSeen);
  // Another was chosen since.
  if (chosen !== scene) return;
  chosen = stage.scene.name;
  // It has not come.
  if (chosen !== scene) return;
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
  const key = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (key) void take(contest.keys[Number(key[1]) - 1] ?? "");
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-scene-link]") : null;
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void take(link.dataset.sceneLink ?? "");
});

stage.paint(false);
page.follow(CLOSE_RETRY_MAX_MS, () => stage.scene.beatMs, (moves) => {
  stage.paint(moves);
  for (const part of head) part.paint(cut(), moves);
});
page.onSecond(() => stage.tick());
/** A screen that is opened after a launch shows how that has ended, and not the map asleep first. */
let heard = Promise.resolve();
if (contest.output && !contest.stays) {
  page.waitsForScene = contest.keys.length === 0;
  heard = followProgram(page, {
    cues: new Cues(page.clock, page.around, (playing) => stage.play(playing), (waiting) => stage.wait(waiting)),
    onScene: (scene) => stage.count(scene),
    onState: (state) => stage.air(state.get("points") ?? null),
    ...(page.waitsForScene && { shown: { take: Number(stage.scene.take), step: stage.scene.step }, onTake: show }),
  });
}

/** What is taken on the output comes into sight with numbers of its own store. @type {import("../live/program.js").OnTake} */
async function show({ name, take: item, step }, store) {
  await page.has(store);
  await stage.take(`/scenes/${name}?lang=${contest.lang}&item=${item}&step=${step}${ofOutput}`, page.isSeen);
  return stage.scene.take === String(item) && stage.scene.step === step;
}

window.addEventListener("resize", () => stage.paint(false));
// A picture that cannot be had keeps nothing else from being seen.
void page.started(Promise.all([stage.scene.isDrawn().catch(() => {}), Promise.race([heard, page.atLast])]));
