/**
 * The phone page of a connection point's operator. Whoever opens it on a second phone sees the same.
 * @module
 */

import { bindToPage } from "../live/page_life.js";
import { ServerClock, Stopwatch } from "../live/clock.js";
import { Making } from "../live/made.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { kept } from "../lib/kept.js";
import { Text, address, data, one } from "../lib/page.js";
import { fetchWithin } from "../lib/within.js";
import { Words } from "../lib/words.js";
import { Board } from "../live/board.js";
import { Awake } from "../points/awake.js";
import { Calls, people, word } from "../points/called.js";
import { Outbox } from "../points/outbox.js";
import { ownMade, started, tellHeard } from "../shell.js";

const ASK_MS = 6_000;
/** Without a word from the server for this long the page says so. */
const SILENT_MS = 6_000;
const LOOK_MS = 500;

const contest = /** @type {wire.PhoneData} */ (data("contest"));
const words = new Words(contest.lang, contest.timezone, contest.texts);
const around = browser();
const clock = new ServerClock(around);
const making = new Making(ownMade(), tellHeard, { hasOwnStore: true });
const heard = new Stopwatch(around);
/** @type {Store<wire.PointsState>} */
const store = new Store();
store.apply(data("first-told"));
let isGone = false;
let hasHeard = false;

/** @param {string} name */
const text = (name) => new Text(one(`[data-text="${name}"]`));
const texts = {
  net: text("net"), call: text("call"), note: text("call-note"), ready: text("ready"), present: text("present"), line: text("line"),
};
const ack = new Text(one("[data-ack]"));
const takeBack = new Text(one("[data-take-back]"));
const present = /** @type {HTMLInputElement} */ (one("#present"));
const line = /** @type {HTMLInputElement} */ (one("#line"));
const readyButtons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-ready]")]);

const PLACE = `diem-cau-said-${contest.unit}`;
const outbox = new Outbox({
  read: () => kept(() => window.localStorage.getItem(PLACE)),
  write: (said) => { kept(() => window.localStorage.setItem(PLACE, said)); },
}, send, around, paint);
// Where the browser has no vibration, or the phone is mute, nothing is said of it.
const calls = new Calls((pattern) => { kept(() => navigator.vibrate(pattern)); });

/** @param {import("../points/outbox.js").Said} said @returns {Promise<import("../points/outbox.js").Answer>} */
async function send(said) {
  const url = `/api/v1/points/${encodeURIComponent(contest.unit)}?as=${encodeURIComponent(contest.me)}`;
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) };
  try {
    return await fetchWithin(url, { ...init, cache: "no-store", credentials: "same-origin" }, ASK_MS, answered);
  } catch {
    return { outcome: "unheard" };
  }
}

/** @param {Response} response @returns {Promise<import("../points/outbox.js").Answer>} */
async function answered(response) {
  const isOurs = (response.headers.get("Content-Type") ?? "").includes("json");
  // A portal's page answers 200 too.
  if (!isOurs) return { outcome: "unheard" };
  if (response.ok) return { outcome: "done" };
  const { code, field } = /** @type {{code?: string, field?: string}} */ (await response.json());
  if (response.status === 401 || response.status === 403) return { outcome: "gone" };
  if (response.status === 422 || response.status === 404) return { outcome: "refused", ...(code && { code }), ...(field && { field }) };
  return { outcome: "later" };
}

/** @returns {wire.Call | null} */
const call = () => store.state.get("calls")?.[contest.unit] ?? null;
/** @returns {wire.Line | null} */
const told = () => store.state.get("lines")?.[contest.unit] ?? null;
/** @param {string} column @returns {number | null} */
const cell = (column) => new Board(store, { root: contest.unit, by: "" }).cell(contest.unit, column);

/** Show what the server knows, and of what waits that it waits. */
function paint() {
  const now = call();
  const state = now?.state ?? "none";
  const isAcked = outbox.waiting.get("acked")?.value === now?.key || cell("acked") === 1;
  document.body.dataset.call = state;
  texts.call.set(word(now, words, clock.now()));
  texts.note.set([now?.text ?? "", state !== "none" && isAcked ? words.say("acked") : ""].filter(Boolean).join(" · "));
  texts.note.show(texts.note.text !== "");
  ack.show(state !== "none" && !isAcked);
  const silentMs = heard.ms;
  const isOff = silentMs > SILENT_MS;
  document.body.classList.toggle("is-off", isOff || isGone);
  texts.net.set(isGone || outbox.isGone ? words.say("net_gone") : isOff ? words.say("net_off", { age: words.age(silentMs) }) : words.say(hasHeard ? "net_on" : "net_wait"));

  const saidReady = outbox.waiting.get("ready");
  const ready = saidReady === undefined ? cell("ready") : Number(saidReady.value);
  for (const button of readyButtons) button.setAttribute("aria-pressed", String(ready === (button.dataset.ready === "yes" ? 1 : 0)));
  say("ready", ready === null ? words.say("ready_unsaid") : words.say("sent"), "ready");
  texts.ready.element.classList.toggle("unsaid", ready === null);

  const count = /** @type {number | null} */ (outbox.waiting.has("present") ? outbox.waiting.get("present")?.value : cell("present"));
  if (document.activeElement !== present && !present.matches('[aria-invalid="true"]')) present.value = count === null ? "" : String(count);
  say("present", count === null ? "" : words.say("present_sent", { n: words.number(count) }), "present");

  const mine = told();
  const waits = outbox.waiting.get("line");
  const shown = waits === undefined ? mine?.text ?? "" : String(waits.value);
  say("line", shown === "" ? "" : `“${shown}” · ${words.say(waits === undefined ? `line_${mine?.state}` : "waits")}`, "line");
  takeBack.show(waits === undefined && mine?.state === "waiting");
}

/**
 * @param {"ready" | "present" | "line"} name
 * @param {string} known
 * @param {import("../points/outbox.js").What} what
 */
function say(name, known, what) {
  const { element } = texts[name];
  const waits = outbox.waiting.has(what);
  const wrong = outbox.refused.get(what);
  element.classList.toggle("waits", waits);
  element.classList.toggle("wrong", wrong !== undefined);
  texts[name].set(wrong !== undefined ? words.say(`wrong_${what}`) : waits && what !== "line" ? words.say("waits") : known);
}

const follower = new Follower("points", { ...address(), as: contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS }, clock, {
  position: () => store.position,
  etag: () => store.etag,
  made: () => making.heard,
  told: (said) => making.hear(said),
  frame: (message) => {
    if (!making.fits) return "dropped";
    const outcome = store.apply(message);
    if (outcome === "applied") hear();
    return outcome;
  },
  contact: () => {
    heard.restart();
    hasHeard = true;
    isGone = false;
    // The line is back: what waits goes at once.
    outbox.contact();
    paint();
  },
  refused: () => gone(),
  stopped: () => gone(),
}, around);

function gone() {
  isGone = true;
  paint();
}

function hear() {
  outbox.hear(told());
  calls.hear(call(), cell("acked") === 1);
  paint();
}

for (const button of readyButtons) {
  button.addEventListener("click", () => outbox.say("ready", button.dataset.ready === "yes"));
}
ack.element.addEventListener("click", () => {
  const now = call();
  if (now !== null) outbox.say("acked", now.key);
});
one("[data-present]").addEventListener("submit", (event) => {
  event.preventDefault();
  const count = people(present.value, contest.present_max);
  present.setAttribute("aria-invalid", String(count === undefined));
  if (count === undefined) {
    outbox.refused.set("present", "");
    paint();
    return;
  }
  present.blur();
  outbox.say("present", count);
});
present.addEventListener("input", () => {
  present.removeAttribute("aria-invalid");
  outbox.refused.delete("present");
});
one("[data-line]").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = line.value.trim();
  if (said === "") return;
  outbox.say("line", said);
  line.value = "";
  line.blur();
});
takeBack.element.addEventListener("click", () => outbox.say("line", ""));

bindToPage(follower);
window.setInterval(paint, LOOK_MS);
hear();
void new Awake().start();
void outbox.flush();
void started();
