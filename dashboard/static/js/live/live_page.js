/**
 * What every page with live numbers starts from: its data, a store with the first frame, the server's clock, a follower
 * that keeps both current, a beat at which all figures go to the next cut, and a mark that says how current they are.
 * @module
 */

import { Beat, DELAY_MS, lastBeat } from "./beat.js";
import { bindToPage } from "./page_life.js";
import { ServerClock } from "./clock.js";
import { Identity, storages } from "./identity.js";
import { Making } from "./made.js";
import { PictureTime } from "./picture_time.js";
import { Reporter, agentOf, harmless, selfTestIn } from "./report.js";
import { Follower, browser } from "./socket.js";
import { Store } from "./store.js";
import { kept } from "../lib/kept.js";
import { address, data, oncePerFrame, textsOf } from "../lib/page.js";
import { isFramed, isScreen, obey, onNotShown, ownAddress, ownMade, started, tellHeard } from "../shell.js";
import { identify } from "../ui/identify.js";
import { MarkView } from "../ui/mark.js";
import { Words } from "../lib/words.js";

/** The mark's age moves once a second. */
const MARK_MS = 1_000;
/** A page in a shell is shown once it is current: with the first frame, or when none follows within this time. */
const FRAME_AFTER_MS = 150;
const AT_NOW_WAIT_MS = 3_000;
const SECOND_MS = 1_000;
/** A wait for the next beat looks at the clock this often at least. */
const LOOK_MS = 1_000;
/** Numbers of another store wait this long for the scene that comes with them, and a scene for its numbers: both may be polled. */
const STORE_WAIT_MS = 4_000;
const STORE_LOOK_MS = 50;
/** Under which the self-test keeps what it has found, for all screens of the same profile. */
const SELF_TEST = "diemcau:test";
/** A scene of other numbers waits this long for the first of them. */
const NUMBERS_WAIT_MS = 2_000;

/**
 * Numbers that a scene is painted of: `store` has them, `settle` makes them those of the page, in the picture in which the
 * scene comes into sight, and `drop` ends what was begun for a scene that does not come.
 * @typedef {{store: Store<any>, settle: () => void, drop: () => void}} Ready
 */

/**
 * @template {{lang: string, timezone: string, texts: Record<string, string>, topic: string, output?: string}} C what the page's data block says, see wire
 * @template {Pick<wire.BoardState, "frozen">} S what its topic says beside its rows
 */
export class LivePage {
  constructor() {
    this.contest = /** @type {C} */ (data("contest"));
    this.words = new Words(this.contest.lang, this.contest.timezone, textsOf(this.contest));
    this.store = /** @type {Store<S>} */ (new Store());
    this.beat = new Beat(this.store);
    this.beat.begin(data("first-frame"));
    this.around = browser();
    this.clock = new ServerClock(this.around);
    this.picture = new PictureTime(this.clock, this.contest.output ? data("showing") : null);
    /** Whether the picture has just ceased to stand still: what was missed comes at the next beat, whoever has acted meanwhile. */
    this.isResuming = false;
    /** Whether numbers of another store wait for a scene. */
    this.waitsForScene = false;
    /** Shows everything that has arrived, at once. */
    this.hurry = () => {};
    /** When the server painted the page, by the time of its picture, and our own then. */
    this.paintedMs = Number(document.body.dataset.nowMs ?? this.store.at);
    this.openedAt = this.around.now();
    /** The topic that is followed, by its name without "rehearsal/". */
    this.topic = this.contest.topic.replace(/^rehearsal\//, "");
    /** Follow a topic into a beat of its own. @type {(topic: string, beat: Beat<any>) => Follower} */
    this.begin = () => { throw new Error("the page follows nothing yet"); };
    /** @type {Follower | null} */
    this.follower = null;
    /** Over what this screen tells of itself: a page that is let in by a key or an account, over what it follows so. @type {() => Follower | null} */
    this.voice = () => this.follower;
    /** @type {Reporter | null} none on a page that is no screen */
    this.reporter = null;
    /** An address that this window was told to show, and could not. */
    this.notShown = "";
    this.making = new Making(ownMade(), tellHeard, { hasOwnStore: Boolean(this.contest.output) });
    /** Whether the page is visible: until then nothing on it moves, or it would be shown in mid-motion. */
    this.isSeen = !isFramed();
    this.standsAtNow = () => {};
    /** What a page waits for before it is shown, it waits for no longer. @type {Promise<void>} */
    this.atLast = new Promise((resolve) => { window.setTimeout(resolve, AT_NOW_WAIT_MS); });
    /** @type {Promise<void>} */
    this.atNow = new Promise((resolve) => {
      this.standsAtNow = resolve;
      void this.atLast.then(resolve);
    });
  }

  /** The time by which texts tell how old something is: until the server is heard by that of the page, for this machine's clock may be of another year. @returns {number} */
  get nowMs() {
    if (!this.clock.isGuess || this.picture.isStill) return this.picture.ms;
    return this.paintedMs + this.around.now() - this.openedAt;
  }

  /** Whether what has arrived is of another store than what is shown. @returns {boolean} */
  get isCrossing() {
    return this.beat.arrived.rehearsal !== this.store.rehearsal;
  }

  /** Show numbers as the output does. @param {wire.Showing} showing */
  show(showing) {
    this.isResuming = this.isResuming || (this.picture.isStill && !showing.frozen);
    this.picture.showing = showing;
  }

  /** Wait for numbers of a store, for a scene that was taken over them. @param {wire.Showing["store"]} store */
  async has(store) {
    for (let waitedMs = 0; waitedMs < STORE_WAIT_MS; waitedMs += STORE_LOOK_MS) {
      if (this.beat.arrived.rehearsal === (store === "rehearsal")) return;
      await new Promise((resolve) => { window.setTimeout(resolve, STORE_LOOK_MS); });
    }
  }

  /** Go over to the numbers of another store, if some have come: the scene is there that was taken over them. */
  cross() {
    if (this.isCrossing) this.hurry();
  }

  /** The page's script has started; the shell may show it once it stands at now. @param {Promise<unknown>} [more] what else is to be waited for */
  async started(more = Promise.resolve()) {
    await started(Promise.all([this.atNow, more]));
    this.isSeen = true;
  }

  /**
   * Follow the page's topic from now on.
   * @param {number} retryMaxMs the longest window between two tries
   * @param {() => number} beatMs how often figures are painted, now
   * @param {(moves: boolean) => void} paint called once a beat, and at once when somebody has acted or the page is to be
   *   shown: then nothing moves
   * @param {string} [pace] in how many ms a frame is wanted, where the page's address says nothing
   */
  follow(retryMaxMs, beatMs, paint, pace = "") {
    const mark = new MarkView(this.store, this.picture, this.words, this.making);
    /** @param {boolean} moves */
    const show = (moves) => {
      paint(moves && this.isSeen && document.visibilityState === "visible");
      mark.paint();
    };
    this.hurry = () => {
      if (this.beat.advance(Infinity)) show(false);
    };
    const hurrySoon = oncePerFrame(this.hurry);
    // A beat without a new frame is painted too: pages turn at it, and marks of the beat before end.
    const onBeat = oncePerFrame(() => {
      if (this.picture.isStill) return;
      if (!this.isCrossing) this.beat.advance(lastBeat(this.picture.ms, beatMs()));
      this.isResuming = false;
      show(true);
    });
    const wait = () => {
      const nextMs = this.picture.until(lastBeat(this.picture.ms, beatMs()) + beatMs() + DELAY_MS);
      // The server's clock may be learnt anew meanwhile, and the beat may change with the scene.
      window.setTimeout(() => {
        if (nextMs <= LOOK_MS) onBeat();
        wait();
      }, Math.min(nextMs, LOOK_MS));
    };
    wait();
    const standsSoon = () => window.setTimeout(this.standsAtNow, FRAME_AFTER_MS);
    const asked = address();
    const place = { ...asked, pace: asked.pace || pace, out: this.contest.output, retryMaxMs };
    const prefix = this.contest.topic.slice(0, -this.topic.length);
    this.begin = (topic, beat) => new Follower(prefix + topic, place, this.clock, {
      position: () => beat.arrived.position,
      etag: () => beat.arrived.etag,
      made: () => this.making.heard,
      opened: standsSoon,
      told: (told) => {
        this.making.hear(told);
        // A poll without a new frame only calls this.
        standsSoon();
      },
      frame: (message) => {
        if (!this.making.fits) return "dropped";
        const outcome = beat.take(message);
        if (outcome === "applied" && beat === this.beat) this.look(hurrySoon);
        if (outcome === "applied" || outcome === "dropped") this.standsAtNow();
        return outcome;
      },
      order: (order) => this.reporter?.take(order),
      contact: () => {
        // Contact with another contest's server does not keep this page fresh.
        if (this.making.fits) mark.contact();
      },
    }, this.around);
    window.setInterval(() => mark.paint(), MARK_MS);
    this.follower = this.begin(this.topic, this.beat);
    bindToPage({ start: () => this.follower?.start(), wake: () => this.follower?.wake(), rest: () => this.follower?.rest() });
    this.report();
  }

  /** Tell the room of this screen from now on, if it is one. */
  report() {
    if (!isScreen()) return;
    const { pathname, search } = ownAddress();
    const query = harmless(search);
    const identity = new Identity(query ? `${pathname}?${query}` : pathname, storages());
    onNotShown((found) => { this.notShown = found; });
    this.reporter = new Reporter(identity, () => this.voice(), () => (this.isSeen ? this.described() : null), (order) => {
      if (order.do === "identify") identify(order.text, order.ms);
      else obey(order);
    }, this.around);
    this.reporter.start();
  }

  /** What this screen says of itself, see streaming/points/screen.py. @returns {Record<string, unknown>} */
  described() {
    const { pathname, search } = ownAddress();
    const { epoch, seq } = this.beat.arrived;
    const { clock } = this;
    const [made, test] = [ownMade(), selfTestIn(kept(() => window.localStorage.getItem(SELF_TEST)) ?? null)];
    return {
      path: pathname,
      query: harmless(search),
      out: this.contest.output ?? "",
      scene: document.body.dataset.scene ?? "",
      topic: this.follower?.topic ?? "",
      epoch,
      ...(seq >= 0 && { seq }),
      agent: agentOf(navigator.userAgent),
      width: Math.round(window.innerWidth),
      height: Math.round(window.innerHeight),
      ratio: Math.min(16, Math.max(0.1, Math.round(window.devicePixelRatio * 100) / 100)),
      ...(!clock.isGuess && { offset: Math.round(clock.now() - this.around.wall()) }),
      ...(Number.isFinite(clock.boundMs) && { bound: Math.ceil(clock.boundMs) }),
      ...(made && { made: made.made, show: made.show }),
      hidden: document.visibilityState !== "visible",
      ...(this.notShown && { fault: this.notShown }),
      ...(test && { test }),
    };
  }

  /**
   * The numbers of a topic, for a scene that is to come.
   * @param {string} topic by its name without "rehearsal/"
   * @returns {Promise<Ready | null>} null if none have come in time
   */
  async ready(topic) {
    if (topic === this.topic) return { store: this.store, settle: () => this.cross(), drop: () => {} };
    const beat = /** @type {Beat<S>} */ (new Beat(new Store()));
    const follower = this.begin(topic, beat);
    follower.start();
    for (let waitedMs = 0; beat.arrived.epoch === ""; waitedMs += STORE_LOOK_MS) {
      if (waitedMs >= NUMBERS_WAIT_MS) {
        follower.stop();
        return null;
      }
      await new Promise((resolve) => { window.setTimeout(resolve, STORE_LOOK_MS); });
    }
    const settle = () => {
      this.follower?.stop();
      [this.topic, this.follower, this.beat] = [topic, follower, beat];
      // What pages and marks hold is the one store that is shown.
      this.store.become(beat.arrived);
      beat.shown = this.store;
      beat.waiting.length = 0;
      beat.isFull = false;
    };
    return { store: beat.arrived, settle, drop: () => follower.stop() };
  }

  /** Call at each whole second of the picture's time, but not while that stands still. @param {() => void} call */
  onSecond(call) {
    const soon = oncePerFrame(() => {
      if (!this.picture.isStill) call();
    });
    const wait = () => {
      const nextMs = this.picture.until((Math.floor(this.picture.ms / SECOND_MS) + 1) * SECOND_MS);
      // The server's clock may be learnt anew meanwhile.
      window.setTimeout(() => {
        if (nextMs <= LOOK_MS) soon();
        wait();
      }, Math.min(nextMs, LOOK_MS));
    };
    wait();
  }

  /** Numbers have arrived: whether they are to be shown before the next beat. @param {() => void} hurry */
  look(hurry) {
    if (!this.isSeen) hurry();
    else if (!this.isCrossing) {
      if (this.beat.hasActed && !this.isResuming && !this.picture.isStill) hurry();
    } else if (this.waitsForScene) window.setTimeout(() => this.cross(), STORE_WAIT_MS);
    else hurry();
  }
}
