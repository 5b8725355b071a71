/**
 * What the overlays of an output keep out of, drawn over a picture of its frame or typed, and how they look.
 * @module
 */

import { one } from "../lib/page.js";
import { el, mark, show } from "./element.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./steering.js").Steering} Steering */

const [WIDTH, HEIGHT] = /** @type {const} */ ([1920, 1080]);
const BOXES_MAX = 4;
/** A press that moves less than this draws nothing. */
const DRAWN_PX = 8;
const WHATS = /** @type {const} */ (["logo", "sign", "other"]);
const MEASURES = /** @type {const} */ (["left", "top", "width", "height"]);
/** A station's logo, as most have it. @type {wire.KeptOut} */
const FIRST = { left: 1560, top: 54, width: 264, height: 120, what: "logo" };

/**
 * A box that begins at one point and ends at another, within the picture. Pure.
 * @param {{x: number, y: number}} from @param {{x: number, y: number}} to @returns {wire.KeptOut}
 */
export function boxOf(from, to) {
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.round(Math.min(Math.max(value, 0), most));
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)].map((x) => within(x, WIDTH));
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)].map((y) => within(y, HEIGHT));
  return { left: left ?? 0, top: top ?? 0, width: Math.max((right ?? 0) - (left ?? 0), 1), height: Math.max((bottom ?? 0) - (top ?? 0), 1), what: "other" };
}

/** @param {number} px @param {number} all */
const share = (px, all) => `${100 * px / all}%`;

export class OverlayFrame {
  /** @param {Room} room @param {Steering} steering @param {boolean} maySteer */
  constructor(room, steering, maySteer) {
    this.room = room;
    this.steering = steering;
    this.maySteer = maySteer;
    this.frame = one("[data-box-frame]");
    this.list = one("[data-boxes]");
    this.theme = /** @type {HTMLSelectElement} */ (one("[data-frame-theme]"));
    /** @type {wire.KeptOut[]} */
    this.boxes = [];
    /** What the output has, as it was last followed. */
    this.followed = "";
    this.isChanged = false;
    // While somebody draws, the picture of the overlay is in the way.
    const panel = /** @type {HTMLDetailsElement} */ (one("[data-frame]"));
    panel.addEventListener("toggle", () => mark(one(".chosen"), "data-framing", String(panel.open)));
    if (!maySteer) return;
    this.add = /** @type {HTMLButtonElement} */ (one("[data-box-add]"));
    this.save = /** @type {HTMLButtonElement} */ (one("[data-frame-save]"));
    this.unsaved = one("[data-frame-unsaved]");
    this.add.addEventListener("click", () => this.change([...this.boxes, FIRST]));
    this.save.addEventListener("click", () => void this.send());
    this.theme.addEventListener("input", () => this.change(this.boxes));
    this.bindDrawing();
  }

  bindDrawing() {
    /** @type {{x: number, y: number} | null} */
    let from = null;
    const at = (/** @type {PointerEvent} */ event) => {
      const { left, top, width, height } = this.frame.getBoundingClientRect();
      return { x: (event.clientX - left) * WIDTH / width, y: (event.clientY - top) * HEIGHT / height };
    };
    this.frame.addEventListener("pointerdown", (event) => {
      if (this.boxes.length >= BOXES_MAX) return;
      from = at(event);
      this.frame.setPointerCapture(event.pointerId);
    });
    this.frame.addEventListener("pointermove", (event) => {
      if (from !== null) this.draw([...this.boxes, boxOf(from, at(event))]);
    });
    this.frame.addEventListener("pointerup", (event) => {
      if (from === null) return;
      const box = boxOf(from, at(event));
      from = null;
      if (box.width >= DRAWN_PX && box.height >= DRAWN_PX) this.change([...this.boxes, box]);
      else this.draw(this.boxes);
    });
  }

  /** Somebody has changed something. @param {wire.KeptOut[]} boxes */
  change(boxes) {
    this.isChanged = true;
    this.set(boxes);
  }

  /** @param {wire.KeptOut[]} boxes */
  set(boxes) {
    this.boxes = boxes;
    this.list.replaceChildren(...boxes.map((box, nth) => this.row(box, nth)));
    this.draw(boxes);
    this.paint();
  }

  /** @param {wire.KeptOut} box @param {number} nth @returns {HTMLElement} */
  row(box, nth) {
    const { words } = this.room;
    const row = el("p", "box-line");
    const what = /** @type {HTMLSelectElement} */ (el("select", ""));
    for (const each of WHATS) {
      const option = /** @type {HTMLOptionElement} */ (el("option", "", words.say(`box_what_${each}`)));
      option.value = each;
      what.append(option);
    }
    what.value = box.what ?? "other";
    what.setAttribute("aria-label", words.say("box_what"));
    what.disabled = !this.maySteer;
    what.addEventListener("input", () => this.edit(nth, { what: /** @type {wire.KeptOut["what"]} */ (what.value) }));
    row.append(what);
    if (this.maySteer) {
      const remove = /** @type {HTMLButtonElement} */ (el("button", "plain", words.say("box_remove")));
      remove.type = "button";
      remove.addEventListener("click", () => this.change(this.boxes.filter((_, each) => each !== nth)));
      row.append(remove);
    }
    for (const name of MEASURES) {
      const label = el("label", "", `${words.say(`box_${name}`)} `);
      const input = /** @type {HTMLInputElement} */ (el("input", ""));
      input.type = "number";
      input.min = name === "left" || name === "top" ? "0" : "1";
      input.max = String(name === "left" || name === "width" ? WIDTH : HEIGHT);
      input.value = String(box[name]);
      input.disabled = !this.maySteer;
      input.dataset.box = name;
      input.addEventListener("input", () => {
        if (input.value !== "" && input.checkValidity()) this.edit(nth, { [name]: Number(input.value) });
      });
      label.append(input);
      row.append(label);
    }
    return row;
  }

  /** A field was typed in, and keeps the focus. @param {number} nth @param {Partial<wire.KeptOut>} changes */
  edit(nth, changes) {
    this.isChanged = true;
    this.boxes = this.boxes.map((box, each) => (each === nth ? { ...box, ...changes } : box));
    this.draw(this.boxes);
    this.paint();
  }

  /** @param {wire.KeptOut[]} boxes */
  draw(boxes) {
    const { words } = this.room;
    this.frame.replaceChildren(...boxes.map((box) => {
      const drawn = el("div", "box", words.say(`box_what_${box.what ?? "other"}`));
      drawn.style.left = share(box.left, WIDTH);
      drawn.style.top = share(box.top, HEIGHT);
      drawn.style.width = share(box.width, WIDTH);
      drawn.style.height = share(box.height, HEIGHT);
      return drawn;
    }));
  }

  async send() {
    const sent = JSON.stringify([this.boxes, this.theme.value]);
    if (!await this.steering.do("overlays/frame", { boxes: this.boxes, theme: this.theme.value }, "done_overlays_frame")) return;
    // Unless somebody has typed on meanwhile.
    if (JSON.stringify([this.boxes, this.theme.value]) === sent) this.isChanged = false;
    this.paint();
  }

  /** Hear what the output has; what is typed and not saved stays. @param {import("./output_words.js").OutputState} state */
  follow(state) {
    const boxes = [...(state.kept_out ?? [])];
    const theme = state.theme ?? "";
    const followed = JSON.stringify([boxes, theme]);
    if (followed === this.followed || this.isChanged) return;
    this.followed = followed;
    this.theme.value = theme;
    this.set(boxes);
  }

  paint() {
    if (!this.maySteer || !this.add || !this.save || !this.unsaved) return;
    this.add.disabled = this.boxes.length >= BOXES_MAX;
    this.save.disabled = !this.isChanged || this.steering.isShut;
    show(this.unsaved, this.isChanged);
    mark(this.frame, "data-full", String(this.boxes.length >= BOXES_MAX));
  }
}
