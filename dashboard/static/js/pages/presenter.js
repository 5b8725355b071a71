/**
 * The presenter's page: what is said now and next, how the evening stands, and figures and words of the wall's own cut,
 * painted together at a beat; and whether who reads them may still. What was heard stays while the line is down, and its
 * times go on.
 * @module
 */

import { Board } from "../live/board.js";
import { LivePage } from "../live/live_page.js";
import { bindToPage } from "../live/page_life.js";
import { followProgram } from "../live/program.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Session } from "../live/session.js";
import { Follower } from "../live/socket.js";
import { Store } from "../live/store.js";
import { Text, address, data, one, oncePerFrame } from "../lib/page.js";
import { openLink } from "../stage/link.js";
import { Roll } from "../stage/roll.js";
import { Said } from "../stage/said.js";
import { partsWithin } from "../parts/parts.js";
import { leadersOf, leadOf } from "../stage/wall.js";

const SECOND_MS = 1_000;
const SECOND = "participants";

openLink();
const page = /** @type {LivePage<wire.PresenterData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;
const topic = `presenter/${contest.output}`;
/** @type {Store<wire.PresenterState>} */
const told = new Store();
told.apply(data("first-said"));

/** @param {string} name @returns {Text} */
const text = (name) => new Text(one(`[data-text="${name}"]`));
const mark = text("mark");
const scene = text("scene");
const more = text("more");
const parts = partsWithin(one(".as-of"));
const figures = ["first", "second"].map((slot) => ({ value: text(slot), noun: text(`${slot}-noun`), spoken: text(`${slot}-spoken`) }));
const leaders = [...document.querySelectorAll("[data-leader]")].map((row) => ({
  row: new Text(/** @type {HTMLElement} */ (row)),
  cells: [".rank", ".name", ".value", ".tie", ".spoken"].map((cell) => new Text(one(cell, row))),
}));
const said = new Said(words, told, () => page.clock.now());
const roll = new Roll(words, contest.points);
/** What the wall leads with. */
let lead = "";

/** @param {boolean} moves */
function paint(moves) {
  const board = new Board(store, contest);
  for (const part of parts) part.paint({ board, words, leaves: [], nowMs: page.nowMs }, moves);
  const isFinal = Boolean(store.state.get("frozen"));
  document.body.classList.toggle("is-final", isFinal);
  const say = (/** @type {number} */ count) => (isFinal ? words.spoken(count) : words.about(count));
  mark.set(words.say(isFinal ? "final" : "not_final"));
  figures.forEach(({ value, noun, spoken }, at) => {
    const column = at ? SECOND : lead;
    if (!column) return;
    const count = board.count(contest.root, column);
    value.set(words.number(count));
    value.element.dataset.chars = String(value.text.length);
    noun.set(words.say(`say_${column}`).replace(/ /g, "\u00a0"));
    spoken.set(say(count));
  });
  const found = leadersOf(board.lines(contest.ranked, contest.by));
  leaders.forEach(({ row, cells }, at) => {
    const line = found[at];
    row.show(line !== undefined);
    if (!line) return;
    const isRate = contest.by === "rate";
    const count = board.count(line.code, isRate ? "completed" : contest.by);
    const isTied = found.filter((each) => each.rank === line.rank).length > 1;
    const texts = [
      words.number(line.rank), contest.names[line.code] ?? line.code, isRate ? words.percent(line.value) : words.number(count),
      isTied ? words.say("say_tie") : "", isRate ? "" : say(count),
    ];
    cells.forEach((cell, index) => cell.set(texts[index] ?? ""));
  });
  const others = found.length - leaders.length;
  more.show(others > 0);
  if (others > 0) more.set(words.say("say_more", { n: words.number(others) }));
}

followProgram(page, {
  onTake: async (shown) => {
    scene.set(contest.scenes[shown.name] ?? "");
    lead = leadOf(shown);
    return true;
  },
});
page.follow(CLOSE_RETRY_MAX_MS, () => Number(document.body.dataset.beatMs), paint);

const ended = text("ended");
const session = new Session(() => ended.show(session.hasEnded));
const mine = { ...address(), as: contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS };
const show = oncePerFrame(() => {
  said.paint();
  roll.paint(told.state.get("points"));
});
const prompter = new Follower(topic, mine, page.clock, session.heardBy(topic, {
  position: () => told.position,
  etag: () => told.etag,
  frame: (message) => {
    // What another contest's server says is not for this page.
    if (!page.making.fits) return "dropped";
    const outcome = told.apply(message);
    if (outcome === "applied") show();
    return outcome;
  },
  order: (order) => page.reporter?.take(order),
  contact: () => {},
}), page.around);
bindToPage(prompter);
page.voice = () => prompter;
window.setInterval(show, SECOND_MS);
show();
void page.started();
