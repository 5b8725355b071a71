/**
 * Tiếng báo: a short tone when an alarm comes that nobody has seen. Off until somebody switches it on, for this browser; then
 * every page of the room has it. A browser lets a page be heard once somebody has pressed something in it.
 * @module
 */

import { kept } from "../lib/kept.js";
import { mark } from "./element.js";

/** @typedef {import("./room.js").Room} Room */

const KEPT = "diemcau.tone";
/** Two short notes, apart from what speech and music of a hall have. */
const NOTES_HZ = [880, 1_175];
const NOTE_S = 0.14;
const LOUD = 0.2;

/**
 * The alarms that were not there before, of those that nobody has seen.
 * @param {ReadonlySet<string>} known
 * @param {readonly wire.AlarmShown[]} alarms
 * @returns {string[]}
 */
export function unheard(known, alarms) {
  return alarms.filter((alarm) => !alarm.seen && !alarm.past).map((alarm) => `${alarm.id} ${alarm.since}`).filter((id) => !known.has(id));
}

export class Tone {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.isOn = kept(() => window.localStorage.getItem(KEPT)) === "on";
    /** Those that stood there as the page was opened are not told again. @type {Set<string>} */
    this.known = new Set(unheard(new Set(), room.alarms));
    /** @type {AudioContext | null} */
    this.sound = null;
    this.button = /** @type {HTMLElement | null} */ (document.querySelector("[data-tone]"));
    this.button?.addEventListener("click", () => this.turn());
    for (const name of ["pointerdown", "keydown"]) {
      document.addEventListener(name, () => {
        if (this.isOn) this.wake();
      });
    }
    this.show();
  }

  turn() {
    this.isOn = !this.isOn;
    kept(() => window.localStorage.setItem(KEPT, this.isOn ? "on" : "off"));
    this.show();
    if (!this.isOn) return;
    this.wake();
    this.play();
  }

  show() {
    if (this.button) mark(this.button, "aria-pressed", String(this.isOn));
  }

  wake() {
    this.sound = this.sound ?? new AudioContext();
    void this.sound.resume();
  }

  look() {
    const fresh = unheard(this.known, this.room.alarms);
    if (fresh.length === 0) return;
    for (const id of fresh) this.known.add(id);
    if (this.isOn) this.play();
  }

  play() {
    const { sound } = this;
    if (!sound) return;
    NOTES_HZ.forEach((hz, at) => {
      const [note, gain] = [sound.createOscillator(), sound.createGain()];
      note.frequency.value = hz;
      gain.gain.value = LOUD;
      note.connect(gain).connect(sound.destination);
      note.start(sound.currentTime + at * NOTE_S);
      note.stop(sound.currentTime + (at + 1) * NOTE_S);
    });
  }
}
