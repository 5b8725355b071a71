/**
 * Cues: the order to do something together at one time of the server's clock, an output that is late by its delay later.
 * Whoever hears of one late joins in the middle. Pure, but for the timers that it is given.
 * @module
 */

/** The server's clock may be learnt anew while a cue is waited for, so it is looked at this often at least. */
const LOOK_MS = 200;

/**
 * A cue that has fired here: `at` is the time that it was given for, `phaseMs` for how long it has been played by now, and
 * `isStill` whether it stands there.
 * @typedef {{name: string, id: number, at: number, isStill: boolean, phaseMs: () => number}} Playing
 */

/** A cue that was given so far ahead is counted down to; one of now is not. */
const COUNTED_FROM_MS = 1_000;
/** Cues are told this long ahead (streaming/program/output.py), so every screen counts from the same second. */
const SECONDS_MAX = 10;

/**
 * A cue that is counted down to, and how many seconds are left, the last one 1.
 * @typedef {{name: string, id: number, seconds: number}} Waiting
 */

export class Cues {
  /**
   * @param {Pick<import("./clock.js").ServerClock, "now">} clock
   * @param {Pick<import("./socket.js").Surroundings, "setTimeout" | "clearTimeout">} around
   * @param {(playing: Playing | null) => void} play told when a cue fires, stands still, goes on, and when none is played any more
   * @param {(waiting: Waiting | null) => void} [wait] told at each second of one that is waited for, and when it is no more
   */
  constructor(clock, around, play, wait = () => {}) {
    this.clock = clock;
    this.around = around;
    this.play = play;
    this.wait = wait;
    /** @type {wire.Cue | null} */
    this.cue = null;
    this.delayMs = 0;
    /** Since when the picture stands still; null while it moves. @type {number | null} */
    this.since = null;
    /** @type {Playing | null} */
    this.playing = null;
    /** @type {Waiting | null} */
    this.waiting = null;
    /** The latest that has fired: of a cue that a kill has brought back from before it, nothing is played again. */
    this.latest = 0;
    this.timer = 0;
  }

  /**
   * What the output says now.
   * @param {wire.Cue | null} cue
   * @param {wire.Showing | null} showing
   */
  tell(cue, showing) {
    this.cue = cue !== null && cue.id >= this.latest ? cue : null;
    this.delayMs = showing?.delay_ms ?? 0;
    this.since = showing?.since ?? null;
    this.look();
  }

  look() {
    this.around.clearTimeout(this.timer);
    const { cue, since, playing } = this;
    if (cue !== null && playing?.id === cue.id) {
      // A delay that is changed does not take it back.
      if (playing.isStill !== (since !== null)) this.begin({ ...playing, isStill: since !== null });
      return;
    }
    const dueMs = (cue?.at ?? Infinity) + this.delayMs;
    const leftMs = dueMs - (since ?? this.clock.now());
    if (cue !== null && leftMs <= 0) {
      this.latest = cue.id;
      this.count(null);
      this.begin({ name: cue.name, id: cue.id, at: cue.at, isStill: since !== null, phaseMs: () => (this.since ?? this.clock.now()) - dueMs });
      return;
    }
    if (playing !== null) this.begin(null);
    const isCounted = cue !== null && cue.at - cue.id >= COUNTED_FROM_MS && leftMs <= SECONDS_MAX * 1_000;
    this.count(isCounted ? { name: cue.name, id: cue.id, seconds: Math.ceil(leftMs / 1_000) } : null);
    // A picture that stands still does not fire, and counts no further.
    if (cue === null || since !== null) return;
    const nextMs = leftMs - 1_000 * Math.floor(leftMs / 1_000);
    this.timer = this.around.setTimeout(() => this.look(), Math.min(leftMs, LOOK_MS, nextMs || LOOK_MS));
  }

  /** @param {Waiting | null} waiting */
  count(waiting) {
    if (waiting?.id === this.waiting?.id && waiting?.seconds === this.waiting?.seconds) return;
    this.waiting = waiting;
    this.wait(waiting);
  }

  /** @param {Playing | null} playing */
  begin(playing) {
    this.playing = playing;
    this.play(playing);
  }
}
