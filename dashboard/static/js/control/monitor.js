/**
 * Two pictures beside the keys: what would be taken next, and what the screens of the output show. They are there while
 * somebody looks, for each costs what a screen costs.
 * @module
 */

import { kept } from "../lib/kept.js";
import { el } from "./element.js";

/** A screen's own size; what is seen is as wide as there is room. */
const [WIDTH, HEIGHT] = /** @type {const} */ ([1920, 1080]);
const CLOSED = "diemcau.monitor-closed";
/** Who walks through a list passes over many; only where he rests is it loaded. */
const LOAD_AFTER_MS = 250;

/** A screen in a frame, scaled to its place. */
export class Picture {
  /** @param {HTMLElement} place @param {(page: Document | null) => void} [loaded] hears of each page that has come */
  constructor(place, loaded = () => undefined) {
    this.place = place;
    this.loaded = loaded;
    this.url = "";
    this.timer = 0;
    new ResizeObserver(() => this.fit()).observe(place);
  }

  /** @param {string} url "" for none */
  show(url) {
    if (url === this.url) return;
    this.url = url;
    window.clearTimeout(this.timer);
    if (url === "") this.place.replaceChildren();
    else this.timer = window.setTimeout(() => this.load(), this.place.firstElementChild ? LOAD_AFTER_MS : 0);
  }

  load() {
    const frame = /** @type {HTMLIFrameElement} */ (el("iframe"));
    frame.title = this.place.dataset.title ?? "";
    frame.tabIndex = -1;
    frame.addEventListener("load", () => this.loaded(frame.contentDocument));
    frame.src = this.url;
    this.place.replaceChildren(frame);
    this.fit();
  }

  fit() {
    const frame = /** @type {HTMLElement | null} */ (this.place.firstElementChild);
    const scale = this.place.clientWidth / WIDTH;
    this.place.style.height = `${Math.round(HEIGHT * scale)}px`;
    if (frame) frame.style.transform = `scale(${scale})`;
  }
}

export class Monitor {
  /**
   * @param {HTMLElement} element
   * @param {HTMLButtonElement} turns
   */
  constructor(element, turns) {
    this.element = element;
    this.turns = turns;
    const place = (/** @type {string} */ name) => new Picture(/** @type {HTMLElement} */ (element.querySelector(`[data-picture=${name}]`)));
    this.pictures = { air: place("air"), ready: place("ready") };
    /** @type {{air: string, ready: string}} */
    this.urls = { air: "", ready: "" };
    this.isOpen = kept(() => window.localStorage.getItem(CLOSED) !== "1") ?? true;
    turns.addEventListener("click", () => {
      this.isOpen = !this.isOpen;
      kept(() => window.localStorage.setItem(CLOSED, this.isOpen ? "0" : "1"));
      this.paint();
    });
    this.paint();
  }

  /** @param {string} air @param {string} ready addresses of the two, "" for none */
  show(air, ready) {
    this.urls = { air, ready };
    this.paint();
  }

  paint() {
    this.element.dataset.pictures = this.isOpen ? "shown" : "hidden";
    this.turns.setAttribute("aria-pressed", String(this.isOpen));
    this.pictures.air.show(this.isOpen ? this.urls.air : "");
    this.pictures.ready.show(this.isOpen ? this.urls.ready : "");
  }
}
