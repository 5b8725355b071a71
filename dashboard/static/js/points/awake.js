/**
 * Keeps a screen from going dark: by a wake lock where the page is secure, else by a video of our own that loops unseen
 * and mute, as pages in a hall's network over plain http have no wake lock.
 * @module
 */

/** @typedef {"lock" | "video" | "none"} Way */

const FRAME_MS = 1_000;
/** Pixels of the video; it is drawn as large as the page, or browsers hold it for an ornament. */
const SIZE = 16;

export class Awake {
  constructor() {
    /** How the screen is kept awake now. @type {Way} */
    this.way = "none";
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.timer = 0;
    /** @type {() => void} called when the way has changed */
    this.changed = () => {};
  }

  /** Keep the screen awake from now on. @returns {Promise<Way>} the way that it is kept now */
  async start() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.keep();
    });
    // A phone plays nothing before it was touched.
    document.addEventListener("pointerdown", () => {
      if (this.way === "none") void this.keep();
    });
    return this.keep();
  }

  /** @returns {Promise<Way>} */
  async keep() {
    this.set((await this.lock()) ? "lock" : (await this.play()) ? "video" : "none");
    return this.way;
  }

  /** @param {Way} way */
  set(way) {
    const before = this.way;
    this.way = way;
    document.documentElement.dataset.awake = way;
    if (way !== before) this.changed();
  }

  /** @returns {Promise<boolean>} */
  async lock() {
    const { wakeLock } = /** @type {{wakeLock?: {request: (type: string) => Promise<EventTarget>}}} */ (/** @type {unknown} */ (navigator));
    if (wakeLock === undefined || document.visibilityState !== "visible") return false;
    try {
      const held = await wakeLock.request("screen");
      // The system takes it back when the power is low; a hidden page asks anew once it is seen.
      held.addEventListener("release", () => {
        if (document.visibilityState === "visible") void this.play().then((plays) => this.set(plays ? "video" : "none"));
      });
      return true;
    } catch {
      return false;
    }
  }

  /** @returns {Promise<boolean>} */
  async play() {
    try {
      this.video = this.video ?? this.drawn();
      await this.video.play();
      return true;
    } catch {
      return false;
    }
  }

  /** A video of two colours by turns, which this page draws itself. @returns {HTMLVideoElement} */
  drawn() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser draws nothing");
    let count = 0;
    const draw = () => {
      count += 1;
      context.fillStyle = count % 2 ? "#061320" : "#071421";
      context.fillRect(0, 0, SIZE, SIZE);
    };
    draw();
    const video = document.createElement("video");
    video.muted = true;
    video.loop = true;
    video.setAttribute("playsinline", "");
    video.setAttribute("aria-hidden", "true");
    video.className = "awake";
    video.srcObject = canvas.captureStream(2);
    this.timer = window.setInterval(draw, FRAME_MS);
    document.body.append(video);
    return video;
  }
}
