/**
 * Where a page shows its scene: the one that the server painted at first, then whatever is taken.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { one } from "../lib/page.js";
import { fetchWithin } from "../lib/within.js";
import { partsWithin } from "../parts/parts.js";
import { Launch } from "./launch.js";
import { styled } from "./sheets.js";

/** @typedef {import("../parts/part.js").Cut} Cut */
/** @typedef {import("../live/cues.js").Playing} Playing */
/** @typedef {import("../live/cues.js").Waiting} Waiting */
/**
 * What a scene that comes is painted of; `settle` is called right before it comes into sight, in the same picture, and `drop`
 * if it does not.
 * @typedef {{cut: () => Cut, settle: () => void, drop: () => void}} Ready
 */

/** One scene goes, then the other comes; what both pages share stands still. */
const OUT_MS = 160;
const IN_MS = 240;
/** What comes, comes line by line, each this much after the one before; the last ones of a long list together. */
const LINE_MS = 20;
const LINES_MAX = 16;
const LINES = ".shown-picture, .lead-line, .lead, .pace, .figures, .scene-head, .heads, .invitation > *, .organisers, .event, .called, .called-small, .word, .to-whom, .day, .logos, .said > *, .code, .leads > *, .row, .chart, .where, .plot, .taking-part, .place, .spot-label, .spot-total, .facts, .ladder, .spot-chart, .parts-land, .split-line, .mark-of, .mark-now, .results-title, .result, .results-foot, h2";
/** A scene that has not come within this time leaves the old one where it is. */
const FETCH_WAIT_MS = 2_000;

/**
 * Scenes with a choreography that no style sheet can have, by their names.
 * @type {Record<string, new (element: HTMLElement, words: Cut["words"]) => {wait: (waiting: Waiting | null) => void, play: (playing: Playing | null) => void}>}
 */
const CHOREOGRAPHIES = { launch: Launch };

/** A scene on the page. */
class SceneView {
  /** @param {HTMLElement} element @param {Cut["words"]} words */
  constructor(element, words) {
    this.element = element;
    this.name = element.dataset.name ?? "";
    this.take = element.dataset.take ?? "";
    this.step = Number(element.dataset.step);
    this.topic = element.dataset.topic ?? "";
    this.beatMs = Number(element.dataset.beatMs);
    this.head = element.dataset.head ?? "";
    /** What it counts down to. @type {wire.Countdown | null} */
    this.countdown = JSON.parse(element.dataset.countdown ?? "null");
    /** The connection points, where it tells of them. @type {wire.PointsAired | null} */
    this.points = JSON.parse(element.dataset.points ?? "null");
    this.parts = partsWithin(element);
    const Made = CHOREOGRAPHIES[this.name];
    this.choreography = Made && new Made(element, words);
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    for (const part of this.parts) part.paint({ ...cut, countdown: this.countdown, points: this.points }, moves);
  }

  /** A second has passed. @param {Cut} cut */
  tick(cut) {
    for (const part of this.parts) part.tick?.({ ...cut, countdown: this.countdown, points: this.points });
  }

  /** What it loads is there, pictures decoded. @returns {Promise<unknown>} rejected where one cannot be had that the scene is about */
  isDrawn() {
    const pictures = [...this.element.querySelectorAll("img")].map((picture) => decoded(picture));
    return Promise.all([...pictures, ...this.parts.map((part) => part.isDrawn?.())]);
  }

  /**
   * Play a cue from where it stands by now, or none: the scene's style sheet hangs its animations on `data-cue`, with
   * `--cue-delay`, how long ago they began, and `--cue-play`.
   * @param {Playing | null} playing
   */
  play(playing) {
    this.choreography?.play(playing);
    const { dataset, style } = this.element;
    if (dataset.cue !== undefined) {
      delete dataset.cue;
      // What has begun would go on from where it is.
      void this.element.offsetWidth;
    }
    if (playing === null) return;
    style.setProperty("--cue-delay", `${-Math.round(playing.phaseMs())}ms`);
    style.setProperty("--cue-play", playing.isStill ? "paused" : "running");
    dataset.cue = playing.name;
  }

  /** Count down to a cue; null ends it. @param {Waiting | null} waiting */
  wait(waiting) {
    this.choreography?.wait(waiting);
  }

  leave() {
    for (const part of this.parts) part.leave?.();
    this.element.remove();
  }
}

export class Stage {
  /**
   * @param {HTMLElement} element
   * @param {() => Cut} cut what is shown now
   * @param {(topic: string) => Promise<Ready | null>} ready the numbers of a scene that is to come
   * @param {(element: HTMLElement) => boolean} [accepts] whether a scene that has come is to be shown
   */
  constructor(element, cut, ready, accepts = () => true) {
    this.element = element;
    this.accepts = accepts;
    this.cut = cut;
    this.ready = ready;
    /** @type {Playing | null} */
    this.playing = null;
    /** @type {Waiting | null} */
    this.waiting = null;
    /** What is on air, as the output says last. @type {wire.SceneOnAir | null} */
    this.onAir = null;
    /** The connection points, as the output says last while it airs them. @type {wire.PointsAired | null} */
    this.aired = null;
    this.scene = new SceneView(one(".scene", element), cut().words);
    /** The latest scene that was asked for: one that comes later than its successor is dropped. */
    this.asked = 0;
    /** @type {Promise<void>} */
    this.change = Promise.resolve();
    /** The lines of what was taken last come into sight. @type {Promise<void>} */
    this.coming = Promise.resolve();
    /** @type {Animation[]} */
    this.lines = [];
  }

  /** @param {boolean} moves */
  paint(moves) {
    this.scene.paint(this.cut(), moves);
  }

  tick() {
    this.scene.tick(this.cut());
  }

  /** Others may be connected by the next beat, without another take. @param {wire.PointsAired | null} points */
  air(points) {
    this.aired = points;
    this.counts(this.scene);
  }

  /** What the output has on air may count down to something else without another take. @param {wire.SceneOnAir} scene */
  count(scene) {
    this.onAir = scene;
    if (this.counts(this.scene)) this.tick();
  }

  /** Tell a scene what it counts down to by now. @param {SceneView} scene @returns {boolean} whether it is the one on air */
  counts(scene) {
    const isOnAir = this.onAir !== null && String(this.onAir.take) === scene.take;
    if (this.onAir !== null && isOnAir) scene.countdown = this.onAir.countdown;
    if (isOnAir && this.aired !== null) scene.points = this.aired;
    return isOnAir;
  }

  /** Let what is shown, and what comes, play a cue that has fired; null ends it. @param {Playing | null} playing */
  play(playing) {
    this.playing = playing;
    this.scene.play(playing);
  }

  /** Let what is shown, and what comes, count down to a cue; null ends it. @param {Waiting | null} waiting */
  wait(waiting) {
    this.waiting = waiting;
    this.scene.wait(waiting);
  }

  /**
   * Fetch a scene and show it. Changes are queued: one ends before the next begins.
   * @param {string} address of its fragment
   * @param {boolean} isSeen whether the change is to be seen as one
   * @returns {Promise<boolean>} whether it is shown, or another was asked for since
   */
  async take(address, isSeen) {
    this.asked += 1;
    const asked = this.asked;
    const element = await fetched(address);
    if (asked !== this.asked) return true;
    if (element === null || !this.accepts(element)) return false;
    // Whoever takes again need not wait for what he has taken before: it stands at once.
    for (const line of this.lines) line.finish();
    const replaced = this.change.then(() => this.bring(element, isSeen && !isStill()));
    // One that fails must not keep the next from coming.
    this.change = replaced.then(() => this.coming, () => {});
    try {
      await replaced;
    } catch (reason) {
      console.error("scene not shown", reason);
      element.remove();
      return false;
    }
    return true;
  }

  /**
   * Show another scene with its numbers.
   * @param {HTMLElement} element
   * @param {boolean} isSeen
   */
  async bring(element, isSeen) {
    // Asked for when the change before has ended: which numbers the page has is its business.
    const numbers = await this.ready(element.dataset.topic ?? "");
    if (numbers === null) throw new Error("its numbers have not come");
    try {
      await this.replace(element, isSeen, numbers);
    } catch (reason) {
      numbers.drop();
      throw reason;
    }
  }

  /**
   * Show another scene, or another step of the one that is shown, instead of that; if it cannot be painted, that one stays.
   * @param {HTMLElement} element
   * @param {boolean} isSeen
   * @param {Ready} numbers
   */
  async replace(element, isSeen, numbers) {
    const before = this.scene;
    element.classList.add("waiting");
    this.element.append(element);
    const scene = new SceneView(element, this.cut().words);
    this.counts(scene);
    const isStep = scene.take !== "" && scene.take === before.take;
    /** @type {Animation | null} */
    let going = null;
    try {
      scene.paint(numbers.cut(), false);
      const isDrawn = await Promise.race([scene.isDrawn().then(() => true), wait(FETCH_WAIT_MS).then(() => false)]);
      // A picture that comes after that is in the browser's cache by the next try; meanwhile the old scene stays.
      if (!isDrawn && element.querySelector("img[data-needed]") !== null) throw new Error("its pictures have not come");
      // Of a step what stood there stands on.
      if (isSeen && !isStep) going = await disappear(before.element);
      numbers.settle();
      // What was counted while it waited.
      this.counts(scene);
      scene.paint(this.cut(), false);
    } catch (reason) {
      going?.cancel();
      scene.leave();
      throw reason;
    }
    this.scene = scene;
    before.leave();
    document.body.dataset.scene = scene.name;
    document.body.dataset.head = scene.head;
    document.documentElement.classList.toggle("clear", element.dataset.clear !== undefined);
    element.classList.remove("waiting");
    scene.play(this.playing);
    scene.wait(this.waiting);
    if (!isSeen) return;
    this.lines = appear(isStep ? revealed(before.element, element) : [...element.querySelectorAll(LINES)].filter((line) => !line.parentElement?.closest(LINES)));
    this.coming = there(this.lines);
  }
}

/** @param {HTMLImageElement} picture */
async function decoded(picture) {
  try {
    await picture.decode();
  } catch (reason) {
    // A scene goes without an ornament. A renderer of old may decode no SVG by itself, though it shows it.
    if ("needed" in picture.dataset && !(picture.complete && picture.naturalWidth > 0)) throw reason;
  }
}

/** @param {string} address @returns {Promise<HTMLElement | null>} the scene, whose style sheets are on the page */
async function fetched(address) {
  try {
    const text = await fetchWithin(address, {}, FETCH_WAIT_MS, (answer) => (answer.ok ? answer.text() : ""));
    const held = document.createElement("template");
    // Our own server's, which has escaped every name in it; scripts in a template do not run.
    held.innerHTML = text;
    await styled(held.content.querySelectorAll("link"), FETCH_WAIT_MS);
    return /** @type {HTMLElement | null} */ (held.content.querySelector(".scene"));
  } catch {
    // It is asked for again by whoever wants it shown.
    return null;
  }
}

/** @param {HTMLElement} element @returns {Promise<Animation>} what keeps it away until it is removed, or comes back */
async function disappear(element) {
  const going = element.animate([{ opacity: 1 }, { opacity: 0 }], { duration: OUT_MS, fill: "forwards" });
  await Promise.race([going.finished, wait(2 * OUT_MS)]).catch(() => {});
  return going;
}

/** The lines that one step of a scene has and the other has not. @param {HTMLElement} before @param {HTMLElement} after @returns {Element[]} */
function revealed(before, after) {
  const lines = /** @type {NodeListOf<HTMLElement>} */ (before.querySelectorAll("[data-code]"));
  const told = new Set([...lines].map((line) => line.dataset.code));
  const found = /** @type {NodeListOf<HTMLElement>} */ (after.querySelectorAll("[data-code]"));
  return [...found].filter((line) => !told.has(line.dataset.code));
}

/** @param {Element[]} lines @returns {Animation[]} of each, one after the other */
function appear(lines) {
  return lines.map((line, nth) => {
    const delay = Math.min(nth, LINES_MAX) * LINE_MS;
    return line.animate([{ opacity: 0 }, { opacity: 1 }], { duration: IN_MS, delay, fill: "backwards" });
  });
}

/** @param {Animation[]} lines */
async function there(lines) {
  const all = Promise.all(lines.map((line) => line.finished));
  await Promise.race([all, wait(2 * (IN_MS + LINES_MAX * LINE_MS))]).catch(() => {});
}

/** @param {number} ms @returns {Promise<void>} */
function wait(ms) {
  return new Promise((resolve) => { window.setTimeout(resolve, ms); });
}
