/**
 * What every page of the control room starts from: the public board, the whole fold and the watch, each kept current,
 * as far as who sits here may see them; words and phrases; the API; the banner, the toast, and the totals with their keys.
 * @module
 */

import { Board } from "../live/board.js";
import { bindToPage } from "../live/page_life.js";
import { ServerClock, Stopwatch } from "../live/clock.js";
import { Making } from "../live/made.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Session } from "../live/session.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { address, data, oncePerFrame } from "../lib/page.js";
import { ownMade, started, tellHeard } from "../shell.js";
import { Words } from "../lib/words.js";
import { STALE_MS } from "../ui/mark.js";
import { EffectDialog } from "./effect.js";
import { Api } from "./api.js";
import { Refused } from "./asking.js";
import { Toast } from "./toast.js";
import { Tone } from "./tone.js";
import { Totals } from "./totals.js";
import { Phrases } from "./phrases.js";
import { pressOnce } from "./keys.js";
import { Banner } from "./banner.js";

/** Ages move once a second. */
const LOOK_MS = 1_000;
/** The code of a refusal where nobody is signed in, or another account than this page was opened for. */
const ENDED = "not_signed_in";
/** What passes by itself: said no longer once the server answers, and writes. */
const PASSING = new Set(["unreachable", "busy", "starting", "catching_up", "ledger_unavailable"]);
const TOPICS = /** @type {const} */ (["board", "control", "watch"]);

export class Room {
  constructor() {
    this.contest = /** @type {wire.RoomData} */ (data("contest"));
    this.words = new Words(this.contest.lang, this.contest.timezone, this.contest.texts);
    this.around = browser();
    this.clock = new ServerClock(this.around);
    /** @type {Map<string, string>} full names */
    this.names = new Map();
    /** @type {Map<string, string | null>} */
    this.parents = new Map();
    /** @type {Map<string, string[]>} in official order */
    this.children = new Map();
    for (const [code, parent, name] of this.contest.units) {
      this.names.set(code, name);
      this.parents.set(code, parent);
      if (parent !== null) this.children.set(parent, [...(this.children.get(parent) ?? []), code]);
    }
    const frames = /** @type {wire.Live} */ (data("first-frames"));
    this.stores = {
      board: /** @type {Store<wire.BoardState>} */ (new Store()),
      control: /** @type {Store<wire.ControlState>} */ (new Store()),
      watch: /** @type {Store<wire.WatchState>} */ (new Store()),
    };
    /** Those that wait for the start. @type {Follower[]} */
    this.followers = [];
    this.hasStarted = false;
    /** @type {Map<string, Stopwatch>} by topic */
    this.heard = new Map();
    // Who does not see the room, a director, follows the public numbers and his output.
    const topics = TOPICS.filter((topic) => frames[topic] !== null);
    for (const topic of topics) this.stores[topic].apply(frames[topic]);
    /** The names of accounts, where the watch does not tell them. @type {Record<string, string>} */
    this.accounts = {};
    this.phrases = new Phrases(this.words, this.names, () => this.stores.watch.state.get("names") ?? this.accounts, () => this.clock.now(), new Set(this.contest.unit_rules), () => this.titles);
    this.api = new Api(this.contest.store, this.contest.me);
    this.toast = new Toast();
    this.session = new Session(() => {
      for (const each of this.paints) each();
    });
    this.making = new Making(ownMade(), (heard, isOld) => {
      tellHeard(heard, isOld);
      for (const each of this.paints) each();
    });
    pressOnce();
    document.addEventListener("submit", (event) => {
      // The account forms have no script of their own, so they are checked here; signing out is always allowed.
      const mayGo = !this.isOld && !this.hasEnded;
      if (mayGo || event.defaultPrevented || /** @type {HTMLFormElement} */ (event.target).action.endsWith("/sign-out")) return;
      event.preventDefault();
      if (!this.isNobodys()) this.refused(new Refused({ code: "old_page" }));
    });
    /** @type {(() => void)[]} */
    this.paints = [];
    this.paint = oncePerFrame(() => {
      for (const each of this.paints) each();
    });
    for (const topic of topics) this.follow(this.contest.prefix + topic, this.stores[topic], topic === "board");
    this.effect = new EffectDialog(this);
    this.banner = new Banner(this);
    this.totals = document.querySelector("[data-totals]") ? new Totals(this) : null;
  }

  /** What people call sources, by name. @returns {Map<string, string>} */
  get titles() {
    return new Map((this.stores.watch.state.get("sources") ?? []).filter(({ title }) => title).map(({ name, title }) => [name, title ?? ""]));
  }

  /** The public numbers. @returns {Board} */
  get public() {
    return new Board(this.stores.board, this.contest);
  }

  /** The numbers of all that has arrived. @returns {Board} */
  get whole() {
    return new Board(this.stores.control, this.contest);
  }

  /** @returns {wire.GateShown | undefined} */
  get gate() {
    return this.stores.control.state.get("gate");
  }

  /** @returns {wire.AlarmShown[]} newest first, those that are past last */
  get alarms() {
    return this.stores.watch.state.get("alarms") ?? [];
  }

  /** The last decision that this page has seen. @returns {number} */
  get seen() {
    return this.stores.control.state.get("decided") ?? 0;
  }

  /** How long ago the topic that was heard longest ago was heard, ms. @returns {number} */
  get silentMs() {
    return Math.max(...[...this.heard.values()].map((watch) => watch.ms));
  }

  /** Whether the server is heard, and can write. @returns {boolean} */
  get isAnswered() {
    return this.silentMs <= STALE_MS && this.stores.watch.state.get("ledger")?.ok !== false;
  }

  /** Whether the server has ended the session, or the browser has another's. @returns {boolean} */
  get hasEnded() {
    return this.session.hasEnded;
  }

  /** Whether this page is of another release, contest or store than the server's: then it decides nothing. @returns {boolean} */
  get isOld() {
    return this.making.isOld;
  }

  /**
   * Make a decision, and say what became of it.
   * @param {wire.Action} action
   * @param {string} done the key of the text for a success
   * @param {Record<string, string>} [values]
   * @returns {Promise<boolean>} whether it acts
   */
  async decide(action, done, values = {}) {
    return (await this.act(() => this.api.decide(action), done, values)) !== null;
  }

  /**
   * Ask the server to do something, and say what became of it.
   * @template {object} T
   * @param {() => Promise<T>} ask
   * @param {string} done the key of the text for a success
   * @param {Record<string, string>} [values]
   * @returns {Promise<T | null>} the answer, null if it was refused
   */
  async act(ask, done, values = {}) {
    if (this.isNobodys()) return null;
    try {
      if (this.isOld) throw new Refused({ code: "old_page" });
      const answer = await ask();
      const text = this.words.say(done, values);
      const isWaiting = "written" in answer && answer.written === false;
      this.toast.good(isWaiting ? `${text} · ${this.words.say("not_written")}` : text);
      return answer;
    } catch (error) {
      this.refused(error);
      return null;
    }
  }

  /** Whether the session has ended; if so, tell the operator. @returns {boolean} */
  isNobodys() {
    if (this.hasEnded) this.toast.bad(this.phrases.refusal({ code: ENDED }));
    return this.hasEnded;
  }

  /** Say why something was refused. @param {unknown} error */
  refused(error) {
    if (!(error instanceof Refused)) throw error;
    if (error.refusal.code === ENDED) this.session.refuse("control");
    const text = this.phrases.refusal(error.refusal);
    // A second press has done no harm, and nothing is left to do.
    if (error.refusal.code === "too_soon") this.toast.calm(text);
    else this.toast.bad(text, PASSING.has(error.refusal.code) ? () => this.isAnswered : null);
  }

  /**
   * Keep a store current with a topic, from `start` on.
   * @param {string} topic
   * @param {Store<any>} store
   * @param {boolean} [isPublic] it needs no session, so it tells nothing about one
   */
  follow(topic, store, isPublic = false) {
    const heard = new Stopwatch(this.around);
    this.heard.set(topic, heard);
    /** @type {import("../live/socket.js").Hooks} */
    const hooks = {
      position: () => store.position,
      etag: () => store.etag,
      made: () => this.making.heard,
      told: (told) => this.making.hear(told),
      frame: (message) => {
        if (!this.making.fits) return "dropped";
        const outcome = store.apply(message);
        if (outcome === "applied") this.paint();
        return outcome;
      },
      contact: () => {
        if (this.making.fits) heard.restart();
      },
    };
    const place = { ...address(), as: isPublic ? "" : this.contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS };
    const follower = new Follower(topic, place, this.clock, isPublic ? hooks : this.session.heardBy(topic, hooks), this.around);
    if (this.hasStarted) bindToPage(follower);
    else this.followers.push(follower);
  }

  /** Tell in the window's title how many alarms nobody has seen. @param {string} title */
  mark(title) {
    const open = this.alarms.filter((alarm) => !alarm.seen && !alarm.past).length;
    const text = open ? `(${this.words.number(open)}) ${title}` : title;
    if (document.title !== text) document.title = text;
  }

  /**
   * Follow from now on.
   * @param {(() => void)[]} paints called once a frame while anything changes, and once a second
   */
  start(...paints) {
    const title = document.title;
    const tone = new Tone(this);
    this.paints = [() => this.mark(title), () => this.totals?.paint(), () => this.banner.paint(), () => this.toast.look(), () => tone.look(), ...paints];
    this.hasStarted = true;
    for (const each of this.followers) bindToPage(each);
    window.setInterval(this.paint, LOOK_MS);
    for (const each of this.paints) each();
    document.body.dataset.ready = "";
    void started();
  }
}
