/**
 * An overlay. What is seen is what its output shows and what its playout host plays; what it says is what the host says, else
 * the output, else its address. The page is right before this runs.
 * @module
 */

import { Board } from "../live/board.js";
import { Cues } from "../live/cues.js";
import { LivePage } from "../live/live_page.js";
import { followProgram } from "../live/program.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { one } from "../lib/page.js";
import { Bringing } from "../overlays/bringing.js";
import { dress } from "../overlays/dress.js";
import { Faults } from "../overlays/faults.js";
import { Given } from "../overlays/given.js";
import { draw } from "../overlays/guides.js";
import { address, blank, merged, same, textsOf } from "../overlays/settings.js";
import { Presence } from "../overlays/presence.js";
import { PLAYED, hostOf } from "../overlays/host.js";
import { Stage } from "../scenes/stage.js";

/** A page of an earlier release has this long to load itself anew before it is a fault. */
const OLD_MS = 30_000;
const PERSON = ["honorific", "name", "titles", "capitals"];

const queried = (/** @type {string} */ name) => new URLSearchParams(window.location.search).get(name) === "1";
const page = /** @type {LivePage<wire.OverlayData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;
/** @param {typeof store} shown */
const cutOf = (shown) => ({ board: new Board(shown, contest), words, leaves: contest.leaves, nowMs: page.nowMs });
const element = one("[data-stage]");
const stage = new Stage(element, () => cutOf(store), async (topic) => {
  const numbers = await page.ready(topic);
  return numbers && { ...numbers, cut: () => cutOf(numbers.store) };
}, accepts);
const presence = new Presence(element);
/** A picture of how it would look (`own=1`) goes by nothing but its address. */
const isOwn = queried("own");
const isGuided = queried("safe");
document.body.classList.toggle("guided", isGuided);
if (isGuided) draw(contest.kept_out);
const faults = new Faults(contest.name, page.around);
// A text that is none is as good as not asked for, as with every other setting.
const written = contest.written.filter((name) => !contest.faults.includes(name));
const asked = { ...contest.asked, ...textsOf(written, window.location.search) };

/** What the output says of this overlay, undefined for hidden. @type {wire.OverlayOnAir | undefined} */
let onAir = contest.shown ?? undefined;
let cleared = contest.cleared;
/** The boxes that it keeps out of. */
let keptOut = contest.kept_out;
/** What the output has on air. @type {wire.SceneOnAir | null} */
let scene = null;
/** @type {import("../overlays/host.js").HostState | null} */
let host = isOwn ? PLAYED : null;
const given = new Given(contest);
/** Whether what was fetched last is not to be shown, for the host has asked for what there is not. */
let isRefused = false;

/** @param {HTMLElement} element an overlay that has come @returns {boolean} */
function accepts(element) {
  const wrong = element.dataset.faults?.split(" ") ?? [];
  isRefused = wrong.length > 0 && given.isNew;
  if (isRefused) for (const what of wrong) faults.tell({ code: "host_value", what });
  return !isRefused;
}

const said = () => merged(contest, asked, onAir?.data, given.data);
/** What is to be painted: with other boxes the same says it elsewhere. */
const asPainted = () => ({ ...blank(contest, said()), ...(keptOut.length > 0 && { room: keptOut.map(({ left, top, width, height }) => [left, top, width, height].join("-")) }) });
const bringing = new Bringing(asPainted(), {
  // One that the output hides says what it said until it is shown again.
  wanted: () => (onAir === undefined ? null : asPainted()),
  isSeen: () => onAir !== undefined && host !== null && host.playing,
  take: async (settings, moves) => {
    isRefused = false;
    const isTaken = await stage.take(address(contest, settings), moves);
    presence.fit();
    count();
    return isRefused ? "refused" : isTaken;
  },
  refused: () => given.refuse(),
  write: () => {
    given.stands();
    presence.write(contest.written, said());
    tellPerson();
  },
  presence,
  around: page.around,
  retryMaxMs: CLOSE_RETRY_MAX_MS,
});
const show = (moves = page.isSeen) => bringing.show(moves);

/** What the hall counts down to, and holds; an overlay that names a time of its own is another matter. */
function count() {
  if (contest.name !== "countdown" || scene === null) return;
  stage.scene.countdown = said().to_ms ? null : scene.countdown;
  stage.tick();
}

/** Whom it was told last that is named here. @type {Record<string, unknown>} */
let told = {};

/** Somebody is named here that the output does not name: nobody else has looked at that. */
function tellPerson() {
  const shown = said();
  if (isOwn || onAir === undefined || !host?.playing || !shown.name || !contest.written.includes("titles")) return;
  const person = Object.fromEntries(PERSON.map((field) => [field, shown[field]]));
  if (onAir.data.name && same(person, Object.fromEntries(PERSON.map((field) => [field, onAir?.data[field]])))) return;
  const strap = /** @type {wire.StrapTold} */ ({ ...person, capitals: [true, 1, "1", "true"].includes(/** @type {any} */ (person.capitals)) });
  if (same({ ...strap }, told)) return;
  told = { ...strap };
  faults.tell({ code: "strap", what: "", strap });
}

const hosted = isOwn ? Promise.resolve() : hostOf((state) => {
  if (host !== null && state.woken !== host.woken) window.dispatchEvent(new Event("diemcau:wake"));
  for (const fault of state.faults ?? []) faults.tell(fault);
  for (const what of given.hear(state.data)) faults.tell({ code: "host_value", what });
  host = state;
  void show(page.isSeen && !state.still);
});

presence.fit();
stage.paint(false);
// Nothing is painted between two beats, so nothing need come.
page.follow(CLOSE_RETRY_MAX_MS, () => stage.scene.beatMs, (moves) => stage.paint(moves && presence.isShown), String(stage.scene.beatMs));
page.onSecond(() => stage.tick());
const heard = followProgram(page, {
  cues: new Cues(page.clock, page.around, (playing) => stage.play(playing), (waiting) => stage.wait(waiting)),
  tells: isOwn || queried("preview") ? undefined : (say) => faults.begin(say),
  onScene: (found) => {
    scene = found;
    count();
  },
  onState: (state) => {
    // What takes all away waits for nothing else.
    const moment = state.get("cleared") ?? 0;
    if (moment > cleared) presence.clear();
    cleared = moment;
    keptOut = state.get("kept_out") ?? [];
    if (isGuided) draw(keptOut);
    if (!contest.asks_theme) dress(`${contest.sheets}/${state.get("theme") ?? contest.theme_shipped}.css`);
    if (isOwn) {
      void show(false);
      return;
    }
    onAir = state.get("overlays")?.[contest.name];
    void show();
  },
});
for (const what of contest.faults) faults.last({ code: "address", what });
window.setTimeout(function look() {
  if (page.making.isOld) faults.last({ code: "old", what: "" });
  window.setTimeout(look, OLD_MS);
}, OLD_MS);
void page.started(Promise.all([hosted, Promise.race([heard, page.atLast])]).then(() => show()));
