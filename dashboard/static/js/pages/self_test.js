/**
 * The self-test: whether this machine, its browser and its line are fit for a screen, in one look.
 * @module
 */

import { agentOf } from "../live/report.js";
import { browser } from "../live/socket.js";
import { kept } from "../lib/kept.js";
import { address, data, one } from "../lib/page.js";
import { Words } from "../lib/words.js";
import { Awake } from "../points/awake.js";
import { can, fonts, frames, lineFrom, versionIn } from "../test/measure.js";
import { awakeOf, browserOf, clockOf, fontOf, framesOf, lineOf, sizeOf, toldOf, verdictOf } from "../test/verdicts.js";

/** @typedef {import("../test/verdicts.js").Found} Found */

/** Where screens of this profile read what was found, live/report.js. */
const TOLD = "diemcau:test";
const MARKS = { ok: "✓", note: "!", bad: "✗" };

const contest = /** @type {wire.SelfTestData} */ (data("contest"));
const words = new Words(contest.lang, contest.timezone, contest.texts);
const around = browser();
const awake = new Awake();
const again = /** @type {HTMLButtonElement} */ (one("[data-again]"));
document.documentElement.dataset.started = "";

/** @param {string} name @param {Found} found */
function show(name, { mark, key, values = {} }) {
  const line = one(`[data-test="${name}"]`);
  line.dataset.mark = mark;
  one(".mark", line).textContent = MARKS[mark];
  one(".found", line).textContent = words.say(key, values);
}

/** @param {"wait" | import("../test/verdicts.js").Verdict} verdict */
function judge(verdict) {
  document.body.dataset.verdict = verdict;
  one("[data-verdict-word]").textContent = words.say(`test_${verdict}`);
  one("[data-verdict-help]").textContent = words.say(verdict === "wait" ? "test_lead" : `test_${verdict}_help`);
}

/** @returns {Found} */
function size() {
  const { innerWidth: width, innerHeight: height, outerWidth, screen } = window;
  return sizeOf({ width, height, screenWidth: screen.width, screenHeight: screen.height, zoom: outerWidth && outerWidth / width });
}

async function test() {
  again.disabled = true;
  judge("wait");
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-test]"))) {
    line.dataset.mark = "wait";
    one(".mark", line).textContent = "…";
    one(".found", line).textContent = "";
  }
  /** @type {Record<string, Found>} */
  const all = {};
  /** @param {string} name @param {Found} it */
  const found = (name, it) => {
    all[name] = it;
    show(name, it);
  };
  const agent = agentOf(navigator.userAgent) || words.say("test_browser");
  found("browser", browserOf({ agent, version: versionIn(navigator.userAgent), can: can() }));
  found("size", size());
  found("sound", { mark: "ok", key: "sound_ok" });
  const measured = [
    lineFrom(around, address()).then((line) => {
      found("line", lineOf(line, words));
      found("clock", clockOf(line.clock, words));
    }),
    fonts().then((isThere) => found("font", fontOf(isThere))),
    frames().then((fps) => found("frames", framesOf(fps, words))),
    awake.way === "none" ? awake.start().then((way) => found("awake", awakeOf(way))) : Promise.resolve(found("awake", awakeOf(awake.way))),
  ];
  await Promise.all(measured);
  judge(verdictOf(Object.values(all)));
  kept(() => window.localStorage.setItem(TOLD, JSON.stringify(toldOf(all, Date.now()))));
  again.disabled = false;
}

again.addEventListener("click", () => void test());
awake.changed = () => show("awake", awakeOf(awake.way));
void test();
