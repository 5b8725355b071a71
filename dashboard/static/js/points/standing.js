/**
 * What a point's screen shows on its stage: the scene on air, or its own numbers where they are wanted and the scene gives
 * way to them. A rite never does: all rooms see it together.
 * @module
 */

import { kept } from "../lib/kept.js";
import { one } from "../lib/page.js";
import { tellAddress } from "../shell.js";

/** @typedef {import("../live/live_page.js").LivePage<wire.PointData, wire.BoardState>} Page */

/** Where the choice of this machine is kept, beside its address. */
const CHOICE = "diem-cau-own";
const AGAIN_MS = 2_000;

/** Whether a screen wants its own numbers: as its address says, else as was chosen on it last. @param {string} search @param {string | null} chosen @returns {boolean} */
export function wants(search, chosen) {
  const asked = new URLSearchParams(search).get("own");
  return asked === null ? chosen === "1" : asked === "1";
}

export class Standing {
  /**
   * @param {Page} page
   * @param {import("../scenes/stage.js").Stage} stage
   * @param {() => void} changed another scene is on the stage
   */
  constructor(page, stage, changed) {
    this.page = page;
    this.stage = stage;
    this.changed = changed;
    const { unit, output, lang } = page.contest;
    this.tail = `lang=${lang}&out=${encodeURIComponent(output)}`;
    this.address = `/scenes/unit?${this.tail}&unit=${encodeURIComponent(unit)}`;
    this.isWanted = wants(window.location.search, kept(() => window.localStorage.getItem(CHOICE)));
    /** What is on air. @type {wire.SceneOnAir | null} */
    this.onAir = null;
    this.button = one("[data-own]");
    this.button.addEventListener("click", () => void this.choose(!this.isWanted));
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.code === "Digit0" || event.code === "Numpad0") void this.choose(!this.isWanted);
    });
    this.tell();
  }

  /** Whether the stage has the point's own numbers. @returns {boolean} */
  get isOwn() {
    const { scene } = this.stage;
    return scene.name === "unit" && scene.take === "";
  }

  /** Whether it should have them. @returns {boolean} */
  get isDue() {
    const name = this.onAir?.name ?? this.stage.scene.name;
    return this.isWanted && (this.isOwn && this.onAir === null ? true : this.page.contest.gives_way.includes(name));
  }

  /**
   * Show what was taken on the output.
   * @type {import("../live/program.js").OnTake}
   */
  async take(scene, shows) {
    this.onAir = scene;
    await this.page.has(shows);
    return this.bring();
  }

  /** Before the screen is shown for the first time. */
  async first() {
    if (this.isDue && !this.isOwn) await this.bring();
  }

  /** @param {boolean} isWanted */
  async choose(isWanted) {
    this.isWanted = isWanted;
    kept(() => window.localStorage.setItem(CHOICE, isWanted ? "1" : "0"));
    const query = new URLSearchParams(window.location.search);
    query.set("own", isWanted ? "1" : "0");
    window.history.replaceState(null, "", `?${query}`);
    tellAddress(query);
    this.tell();
    // Without a line it is tried again, until it comes or somebody has chosen otherwise.
    while (!(await this.bring()) && this.isWanted === isWanted) {
      await new Promise((resolve) => { window.setTimeout(resolve, AGAIN_MS); });
    }
  }

  /** Bring what is due onto the stage. @returns {Promise<boolean>} whether it is there */
  async bring() {
    const { stage, onAir, page } = this;
    if (this.isDue) {
      if (this.isOwn) page.cross();
      else await stage.take(this.address, page.isSeen);
    } else if (onAir !== null) {
      if (stage.scene.take !== String(onAir.take) || stage.scene.step !== onAir.step) {
        await stage.take(`/scenes/${onAir.name}?${this.tail}&item=${onAir.take}&step=${onAir.step}`, page.isSeen);
      }
    }
    this.tell();
    this.changed();
    if (this.isDue) return this.isOwn;
    return onAir === null || (stage.scene.take === String(onAir.take) && stage.scene.step === onAir.step);
  }

  tell() {
    document.documentElement.classList.toggle("own-standing", this.isOwn);
    const { button, isWanted } = this;
    button.setAttribute("aria-pressed", String(isWanted));
    button.textContent = (isWanted ? button.dataset.saysHall : button.dataset.saysOwn) ?? "";
  }
}
