/**
 * What points want the hall to hear: it waits until somebody lets it through to the host, or puts it aside.
 * @module
 */

import { one } from "../lib/page.js";
import { List, button, el, show, write } from "./element.js";

/** @typedef {import("./roll_call.js").RollCall} RollCall */
/** @typedef {{code: string, line: wire.Line}} Said */

export class RollLines {
  /** @param {RollCall} rollCall */
  constructor(rollCall) {
    this.rollCall = rollCall;
    this.panel = /** @type {HTMLElement} */ (one("[data-roll-lines-panel]"));
    this.count = one("[data-roll-lines-count]");
    this.list = new List(one("[data-roll-lines]"), (/** @type {Said} */ { code, line }) => `${code} ${line.at}`, (said) => this.line(said));
  }

  paint() {
    const { roll, room: { words } } = this.rollCall;
    const lines = Object.entries(roll.state.get("lines") ?? {}).map(([code, line]) => ({ code, line }));
    // The oldest that waits first, then what the host sees; what was put aside is on its point's card alone.
    const told = lines.filter(({ line }) => line.state !== "aside")
      .sort((one, other) => Number(one.line.state === "shown") - Number(other.line.state === "shown") || one.line.at - other.line.at);
    show(this.panel, told.length > 0);
    write(this.count, words.number(told.filter(({ line }) => line.state === "waiting").length));
    this.list.set(told);
  }

  /** @param {string} code @param {wire.Line["state"]} state */
  async moderate(code, state) {
    const { room, roll } = this.rollCall;
    const line = roll.state.get("lines")?.[code];
    if (line) await room.act(() => room.api.moderateLine(code, line.at, state), "done_roll_line", { unit: this.rollCall.name(code) });
  }

  /** @param {Said} made */
  line({ code }) {
    const { room: { words }, data } = this.rollCall;
    const [text, state] = [el("p", "text"), el("span", "state")];
    const name = button(this.rollCall.name(code), () => this.rollCall.choose(code), "plain");
    const shown = button(words.say("roll_line_show"), () => void this.moderate(code, "shown"));
    const acts = el("p", "acts", data.may_moderate ? [shown, button(words.say("roll_line_aside"), () => void this.moderate(code, "aside"))] : []);
    const element = el("li", "said", [el("p", "head", [name, state]), text, acts]);
    return {
      element,
      set: (/** @type {Said} */ { line }) => {
        element.dataset.state = line.state;
        write(text, line.text);
        write(state, `${words.clock(line.at)} · ${words.say(`line_${line.state}`)}`);
        show(shown, line.state !== "shown");
      },
    };
  }
}
