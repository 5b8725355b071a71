/**
 * The clap test as a dialog: the flash for the camera in the hall, the flash as this output would show it, and presses.
 * @module
 */

import { one } from "../lib/page.js";
import { agreed, flashOf, lateAgain, lateBy, numbersAt } from "./clap.js";
import { button, mark, show, write } from "./element.js";
import { seconds, title } from "./output_words.js";

/** @typedef {import("./output_desk.js").OutputDesk} OutputDesk */

/** As many presses make a delay that may be set; more make it better. */
const PRESSES_MIN = 3;
const PRESSES_MAX = 9;
const BEEP_HZ = 1_000;
const BEEP_S = 0.1;

export class ClapTest {
  /** @param {OutputDesk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-clap]"));
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => one(`[data-clap-${name}]`, this.dialog);
    this.title = part("title");
    this.hall = part("hall");
    this.own = part("own");
    this.ownName = part("own-name");
    this.numbers = part("numbers");
    this.result = part("result");
    this.set = /** @type {HTMLButtonElement} */ (part("set"));
    const tap = part("tap");
    // The moment of a press is when it goes down.
    tap.addEventListener("pointerdown", () => this.press());
    tap.addEventListener("keydown", (event) => {
      if (event.repeat || (event.key !== " " && event.key !== "Enter")) return;
      event.preventDefault();
      this.press();
    });
    this.tap = tap;
    part("full").addEventListener("click", () => this.fillScreen());
    part("again").addEventListener("click", () => this.begin());
    part("leave").addEventListener("click", () => this.dialog.close());
    this.set.addEventListener("click", () => {
      this.dialog.close();
      void this.desk.setDelay(agreed(this.found));
    });
    this.dialog.addEventListener("close", () => void this.sound?.suspend());
    /** How late each press has found it, ms. @type {number[]} */
    this.found = [];
    this.pressedMs = 0;
    /** @type {AudioContext | null} */
    this.sound = null;
    this.wasLit = false;
  }

  open() {
    const { room, name } = this.desk.steering;
    write(this.title, room.words.say("clap_title", { output: title(room.words, name) }));
    write(this.ownName, title(room.words, name));
    this.begin();
    this.dialog.showModal();
    this.tap.focus();
    const paint = () => {
      if (!this.dialog.open) return;
      this.paint();
      requestAnimationFrame(paint);
    };
    paint();
  }

  begin() {
    this.found = [];
    this.numbers.replaceChildren();
    this.tell();
  }

  paint() {
    const { clock } = this.desk.steering.room;
    const now = clock.now();
    for (const [element, atMs] of /** @type {const} */ ([[this.hall, now], [this.own, now - (this.desk.state.output?.delay_ms ?? 0)]])) {
      const { n, isLit } = flashOf(atMs);
      write(one("b", element), String(n));
      mark(element, "data-lit", String(isLit));
    }
    const { isLit } = flashOf(now);
    if (isLit && !this.wasLit) this.beep();
    this.wasLit = isLit;
  }

  press() {
    const { room } = this.desk.steering;
    this.pressedMs = room.clock.now();
    const [known] = this.found;
    if (known !== undefined) {
      this.found = [...this.found, lateAgain(this.pressedMs, known)].slice(-PRESSES_MAX);
      this.tell();
      return;
    }
    // Which flash it was nobody knows before the first: the one who pressed has seen its number.
    this.numbers.replaceChildren(...numbersAt(this.pressedMs).map((n) => button(String(n), () => this.choose(n))));
    this.tell();
  }

  /** @param {number} n */
  choose(n) {
    const ms = lateBy(this.pressedMs, n);
    if (ms === null) return;
    this.found = [ms];
    this.numbers.replaceChildren();
    this.tell();
    this.tap.focus();
  }

  /** Say what is known, and what comes next. */
  tell() {
    const { words } = this.desk.steering.room;
    const isAsking = this.numbers.childElementCount > 0;
    const isEnough = this.found.length >= PRESSES_MIN;
    const s = seconds(words, agreed(this.found));
    const left = words.number(PRESSES_MIN - this.found.length);
    const key = isAsking ? "clap_which" : isEnough ? "clap_found" : this.found.length ? "clap_more" : "clap_first";
    write(this.result, words.say(key, { s, n: left, all: this.found.map((ms) => seconds(words, ms)).join(" · ") }));
    write(this.set, words.say("clap_set", { s }));
    show(this.set, isEnough);
  }

  /** The flash alone, for the camera; from here on it can be heard too, for a browser asks for a press before a sound. */
  fillScreen() {
    this.sound = this.sound ?? new AudioContext();
    void this.sound.resume();
    void this.hall.requestFullscreen?.();
  }

  beep() {
    if (this.sound?.state !== "running") return;
    const tone = this.sound.createOscillator();
    tone.frequency.value = BEEP_HZ;
    tone.connect(this.sound.destination);
    tone.start();
    tone.stop(this.sound.currentTime + BEEP_S);
  }
}
