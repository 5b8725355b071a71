/**
 * A connection point's screen: the scene of its output in step with all others, or its own numbers instead; a band about
 * itself; its own lines and land marked.
 * @module
 */

import { Board } from "../live/board.js";
import { Cues } from "../live/cues.js";
import { LivePage } from "../live/live_page.js";
import { bindToPage } from "../live/page_life.js";
import { followProgram } from "../live/program.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { data, one } from "../lib/page.js";
import { fit } from "../lib/wall.js";
import { partsWithin } from "../parts/parts.js";
import { Awake } from "../points/awake.js";
import { Band } from "../points/band.js";
import { Hotline } from "../points/hotline.js";
import { keepLease } from "../points/lease.js";
import { OwnLaunch } from "../points/own_launch.js";
import { OwnMarks } from "../points/own_marks.js";
import { Standing } from "../points/standing.js";
import { Stage } from "../scenes/stage.js";

fit(document.documentElement, window.location.search);
const page = /** @type {LivePage<wire.PointData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;
/** @param {typeof store} shown */
const cutOf = (shown) => (
  { board: new Board(shown, contest), words, leaves: contest.leaves, nowMs: page.nowMs, own: contest.path }
);
const cut = () => cutOf(store);
const head = partsWithin(one(".head"));
const stage = new Stage(one("[data-stage]"), cut, async (topic) => {
  const numbers = await page.ready(topic);
  return numbers && { ...numbers, cut: () => cutOf(numbers.store) };
});
const band = new Band(one(".band"), page, data("own-frame"));
const marks = new OwnMarks(stage.element, contest);
const launch = new OwnLaunch(one("[data-own-launch]"), words);
const hotline = new Hotline(one("[data-hotline]"));
const standing = new Standing(page, stage, () => marks.set());

/** @param {boolean} moves */
function paint(moves) {
  stage.paint(moves);
  for (const part of head) part.paint(cut(), moves);
  band.paint(moves ? stage.scene.beatMs : null, moves);
}

/** A scene that has the whole picture has it here too: beside a flag or a minute's silence nothing is told. */
function fitBand() {
  document.documentElement.classList.toggle("whole", document.body.dataset.head === "none");
  paint(false);
}

marks.set();
fitBand();
// In the picture in which the scene comes into sight.
new MutationObserver(fitBand).observe(document.body, { attributeFilter: ["data-head"] });
page.follow(CLOSE_RETRY_MAX_MS, () => stage.scene.beatMs, paint);
bindToPage(page.begin(contest.own_topic, band.beat));
page.onSecond(() => stage.tick());
window.setInterval(() => hotline.look(), 1_000);
page.waitsForScene = true;
const cues = new Cues(page.clock, page.around, (playing) => {
  stage.play(playing);
  launch.play(playing);
}, (waiting) => {
  stage.wait(waiting);
  launch.wait(waiting);
});
/** A screen that is opened after a launch shows how that has ended. */
const heard = followProgram(page, {
  cues,
  onScene: (scene) => stage.count(scene),
  onState: (state) => stage.air(state.get("points") ?? null),
  shown: { take: Number(stage.scene.take), step: stage.scene.step },
  onTake: (scene, shows) => standing.take(scene, shows),
});

window.addEventListener("resize", () => paint(false));
void new Awake().start();
void keepLease(page);
// A picture that cannot be had keeps nothing else from being seen.
void page.started(Promise.all([
  stage.scene.isDrawn().catch(() => {}),
  Promise.race([heard.then(() => standing.first()), page.atLast]),
]));
