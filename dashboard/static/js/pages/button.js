/**
 * The page of the button on stage: a tablet, or any machine with a button that is a keyboard.
 * @module
 */

import { bindToPage } from "../live/page_life.js";
import { ServerClock, Stopwatch } from "../live/clock.js";
import { Making } from "../live/made.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { Text, address, data, one, setData } from "../lib/page.js";
import { fetchWithin } from "../lib/within.js";
import { ownMade, started, tellHeard } from "../shell.js";
import { openLink } from "../stage/link.js";
import { StageButton, presses } from "../stage/press.js";

/** One request may take this long. */
const ASK_MS = 1_500;
const AGAIN_MS = 200;
const LOOK_MS = 250;

openLink();
const contest = /** @type {wire.ButtonData} */ (data("contest"));
const around = browser();
const clock = new ServerClock(around);
const making = new Making(ownMade(), tellHeard, { hasOwnStore: true });
const heard = new Stopwatch(around);
/** @type {Store<wire.ButtonState>} */
const store = new Store();
store.apply(data("first-told"));
const big = one("[data-big]");
const word = new Text(one('[data-text="word"]'));
const help = new Text(one('[data-text="help"]'));

const button = new StageButton(() => clock.now(), send, paint);

function paint() {
  const { look } = button;
  setData(document.body, "look", look);
  document.body.classList.toggle("is-rehearsal", store.rehearsal);
  word.set(contest.texts[`button_${look}`] ?? "");
  help.set(contest.texts[`button_${look}_help`] ?? "");
}

/**
 * @param {"press" | "try"} what
 * @param {object} body
 * @param {number} againMs
 * @returns {Promise<import("../stage/press.js").Answer>}
 */
async function send(what, body, againMs) {
  // Whatever is sent twice is done once.
  const name = `${what}-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const url = `/api/v1/outputs/${contest.output}/${what}?as=${encodeURIComponent(contest.me)}`;
  const headers = { "Content-Type": "application/json", "Idempotency-Key": name };
  const until = around.now() + againMs;
  for (;;) {
    const answer = await fetchWithin(url, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store", credentials: "same-origin" }, ASK_MS, read).catch(() => null);
    if (answer !== null) return answer;
    if (around.now() >= until) return "unheard";
    await new Promise((resolve) => { around.setTimeout(() => resolve(null), AGAIN_MS); });
  }
}

/** @param {Response} response @returns {Promise<import("../stage/press.js").Answer | null>} null for what may be asked again */
async function read(response) {
  if (response.ok) return "done";
  const { code } = /** @type {{code?: string}} */ (await response.json());
  if (code === "launched" || code === "too_soon") return "launched";
  if (response.status === 401 || response.status === 403) return "gone";
  return response.status === 409 || response.status === 422 ? "not_armed" : null;
}

function tell() {
  button.hear(Object.fromEntries(store.state));
}

const topic = `button/${contest.output}`;
const follower = new Follower(topic, { ...address(), as: contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS }, clock, {
  position: () => store.position,
  etag: () => store.etag,
  made: () => making.heard,
  told: (told) => making.hear(told),
  frame: (message) => {
    if (!making.fits) return "dropped";
    const outcome = store.apply(message);
    if (outcome === "applied") tell();
    return outcome;
  },
  contact: () => {
    if (making.fits) heard.restart();
    button.isGone = false;
    look();
  },
  refused: () => {
    button.isGone = true;
    look();
  },
  stopped: () => {
    button.isGone = true;
    look();
  },
}, around);

function look() {
  button.silentMs = heard.ms;
  paint();
}

big.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  void button.press();
});
// What is no pointer's: a switch control, a screen reader.
big.addEventListener("click", (event) => {
  if (event.detail === 0) void button.press();
});
window.addEventListener("keydown", (event) => {
  // While nothing is to be pressed, keys do what they do on every page.
  const isOurs = button.isArmed || button.look === "trying" || button.look === "launched" || event.target === big || event.target === document.body;
  if (!presses(event)) {
    if (event.repeat && isOurs) event.preventDefault();
    return;
  }
  if (!isOurs) return;
  event.preventDefault();
  void button.press();
}, true);
window.addEventListener("contextmenu", (event) => event.preventDefault());
// What keeps the focus would be pressed by the next key.
const tryOut = one("[data-try]");
tryOut.addEventListener("click", () => {
  button.toggleTry();
  tryOut.blur();
});

const full = one("[data-full]");
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => {
  void document.documentElement.requestFullscreen().catch(() => {});
  full.blur();
});
document.addEventListener("fullscreenchange", () => { full.hidden = document.fullscreenElement !== null; });

/** Keep the screen on, where the browser lets a page do so. */
async function stayAwake() {
  const { wakeLock } = /** @type {{wakeLock?: {request: (type: string) => Promise<unknown>}}} */ (/** @type {unknown} */ (navigator));
  let isAwake = false;
  if (document.visibilityState === "visible") isAwake = await (wakeLock?.request("screen") ?? Promise.reject()).then(() => true, () => false);
  one("[data-awake]").hidden = isAwake;
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") void stayAwake();
});
void stayAwake();

bindToPage(follower);
window.setInterval(look, LOOK_MS);
tell();
void started();
