/**
 * The presenter's page: figures and words of one cut, painted together at a beat, the words round until the figures are
 * final; and whether who reads them is still signed in.
 * @module
 */

import { Board } from "../live/board.js";
import { bindToPage } from "../live/page_life.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Session } from "../live/session.js";
import { Follower } from "../live/socket.js";
import { Text, address, one } from "../lib/page.js";
import { LivePage } from "../live/live_page.js";
import { partsWithin } from "../parts/parts.js";

const page = /** @type {LivePage<wire.PresenterData, wire.BoardState>} */ (new LivePage());
const { contest, words, store } = page;

/** @param {string} name @returns {Text} */
const text = (name) => new Text(one(`[data-text="${name}"]`));
const mark = text("mark");
const parts = partsWithin(one(".as-of"));
const figures = ["completed", "participants"].map((name) => ({ name, value: text(name), spoken: text(`${name}-spoken`) }));
const leaders = [...document.querySelectorAll("[data-leader]")].map((row) => ({
  row: new Text(/** @type {HTMLElement} */ (row)),
  cells: [".rank", ".name", ".value", ".spoken"].map((cell) => new Text(one(cell, row))),
}));

/** @param {boolean} moves */
function paint(moves) {
  const board = new Board(store, contest);
  for (const part of parts) part.paint({ board, words, leaves: [], nowMs: page.nowMs }, moves);
  const isFinal = Boolean(store.state.get("frozen"));
  document.body.classList.toggle("is-final", isFinal);
  const said = (/** @type {number} */ count) => (isFinal ? words.spoken(count) : words.about(count));
  mark.set(words.say(isFinal ? "final" : "not_final"));
  for (const { name, value, spoken } of figures) {
    const count = board.count(contest.root, name);
    value.set(words.number(count));
    value.element.dataset.chars = String(value.text.length);
    spoken.set(said(count));
  }
  const lines = board.lines(contest.ranked, contest.by);
  leaders.forEach(({ row, cells }, at) => {
    const line = lines[at];
    const isShown = line !== undefined && line.rank !== null;
    row.show(isShown);
    if (!isShown) return;
    const isRate = contest.by === "rate";
    const count = board.count(line.code, isRate ? "completed" : contest.by);
    const texts = [
      words.number(line.rank), contest.names[line.code] ?? line.code,
      isRate ? words.percent(line.value) : words.number(count), isRate ? "" : said(count),
    ];
    cells.forEach((cell, index) => cell.set(texts[index] ?? ""));
  });
}

page.follow(CLOSE_RETRY_MAX_MS, () => Number(document.body.dataset.beatMs), paint);

// The figures need nobody signed in, and go on for the host whatever becomes of the session. So it is heard apart.
const ended = text("ended");
const session = new Session(() => ended.show(session.hasEnded));
const signedIn = { ...address(), as: contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS };
bindToPage(new Follower(contest.topic, signedIn, page.clock, session.heardBy(contest.topic, {
  position: () => store.position,
  etag: () => store.etag,
  frame: () => "dropped",
  contact: () => {},
}), page.around));
void page.started();
