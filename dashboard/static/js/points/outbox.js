/**
 * What a point's operator has said and the server has not heard yet: the latest of each, kept over a reload. Nothing is
 * lost while the line is gone, and nothing is said twice. Pure, but for what it is given.
 * @module
 */

/** @typedef {{ready?: boolean, present?: number | null, line?: string, acked?: string}} Said */
/** @typedef {keyof Said} What */
/** @typedef {{outcome: "done" | "refused" | "later" | "unheard" | "gone", field?: string, code?: string}} Answer "later": the server asks to wait */
/** @typedef {{value: Said[What], after: number}} Waiting a value, and when the line was sent that the point had when it was said */

/** Between two tries. */
const AGAIN_MS = 2_000;
const LATER_MS = 10_000;
/** A line that the server may have heard, though its answer was lost, is told by its topic within this time. */
const SETTLE_MS = 3_000;

export class Outbox {
  /**
   * @param {{read: () => string | null, write: (text: string) => void}} kept
   * @param {(said: Said) => Promise<Answer>} send
   * @param {Pick<import("../live/socket.js").Surroundings, "setTimeout" | "now">} around
   * @param {() => void} changed
   */
  constructor(kept, send, around, changed) {
    this.kept = kept;
    this.send = send;
    this.around = around;
    this.changed = changed;
    /** @type {Map<What, Waiting>} */
    this.waiting = new Map(restored(kept.read()));
    /** What the server did not take, and why, until something else is said. @type {Map<string, string>} */
    this.refused = new Map();
    this.isSending = false;
    this.isGone = false;
    /** The line that the point has now, as the server told last. @type {wire.Line | null} */
    this.line = null;
    /** Since when it is unknown whether the line was heard; null where that is known. @type {number | null} */
    this.unsureSince = this.waiting.has("line") ? around.now() : null;
  }

  /** @param {What} what @param {Said[What]} value */
  say(what, value) {
    this.refused.delete(what);
    this.waiting.set(what, { value, after: this.line?.at ?? 0 });
    if (what === "line") this.unsureSince = null;
    this.keep();
    void this.flush();
  }

  /** What the server knows now: a line that has arrived although its answer was lost is not sent again. @param {wire.Line | null} line */
  hear(line) {
    this.line = line;
    const mine = this.waiting.get("line");
    if (mine === undefined || this.unsureSince === null) return;
    const has = line === null ? mine.value === "" : line.text === mine.value && line.at > mine.after;
    if (!has) return;
    this.waiting.delete("line");
    this.unsureSince = null;
    this.keep();
  }

  /** The server is heard: what it has not told by now of a line, it has not heard. */
  contact() {
    if (this.unsureSince !== null && this.around.now() - this.unsureSince > SETTLE_MS) this.unsureSince = null;
    void this.flush();
  }

  keep() {
    this.kept.write(JSON.stringify([...this.waiting]));
    this.changed();
  }

  /** Send what waits, again and again until it is heard. */
  async flush() {
    const sent = new Map([...this.waiting].filter(([what]) => what !== "line" || this.unsureSince === null));
    if (this.isSending || this.isGone || sent.size === 0) return;
    this.isSending = true;
    const said = /** @type {Said} */ (Object.fromEntries([...sent].map(([what, { value }]) => [what, value])));
    const answer = await this.send(said);
    this.isSending = false;
    if (answer.outcome === "done") this.drop(sent);
    if (answer.outcome === "refused") {
      // One that is wrong keeps no other out.
      const wrong = /** @type {What | undefined} */ ([...sent.keys()].find((what) => what === answer.field));
      const dropped = wrong === undefined ? [...sent.keys()] : [wrong];
      for (const what of dropped) this.refused.set(what, answer.code ?? "");
      this.drop(new Map([...sent].filter(([what]) => dropped.includes(what))));
    }
    if (answer.outcome === "gone") this.isGone = true;
    const isHeard = answer.outcome === "done" || answer.outcome === "refused";
    if (answer.outcome === "unheard" && sent.has("line") && this.waiting.get("line") === sent.get("line")) {
      this.unsureSince = this.around.now();
      // It may have been told already.
      this.hear(this.line);
    }
    this.changed();
    if (isHeard) await this.flush();
    else if (!this.isGone) this.around.setTimeout(() => void this.flush(), answer.outcome === "later" ? LATER_MS : AGAIN_MS);
  }

  /** @param {Map<What, Waiting>} sent what was said anew meanwhile stays */
  drop(sent) {
    for (const [what, waited] of sent) if (this.waiting.get(what) === waited) this.waiting.delete(what);
    this.keep();
  }
}

/** What was kept, where it is what we write. @param {string | null} text @returns {[What, Waiting][]} */
function restored(text) {
  try {
    const found = JSON.parse(text ?? "[]");
    return found.filter((/** @type {any} */ each) => Array.isArray(each) && typeof each[1]?.after === "number");
  } catch {
    return [];
  }
}
