/**
 * Cues: the order to do something together at one time of the server's clock, an output that is late by its delay later.
 * Whoever hears of one late joins in the middle. Pure, but for the timers that it is given.
 * @module
 */

/** The server's clock may be learnt anew while a cue is waited for, so it is looked at this often at least. */
const LOOK_MS = 200;

/**
 * A cue that has fired here: `phaseMs` is for how long it has been played by now, and `isStill` whether it stands there.
 * @typedef {{name: string, id: number, isStill: boolean, phaseMs: () => number}} Playing
 */

export class Cues {
  /**
   * @param {Pick<import("./clock.js").ServerClock, "now">} clock
   * @param {Pick<import("./socket.js").Surroundings, "setTimeout" | "clearTimeout">} around
   * @param {(playing: Playing | null) => void} play told when a cue fires, stands still, goes on, and when none is played any more
   */
  constructor(clock, around, play) {
    this.clock = clock;
    this.around = around;
    this.play = play;
    /** @type {wire.Cue | null} */
    this.cue = null;
    this.delayMs = 0;
    /** Since when the picture stands still; null while it moves. @type {number | null} */
    this.since = null;
    /** @type {Playing | null} */
    this.playing = null;
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
      this.begin({ name: cue.name, id: cue.id, isStill: since !== null, phaseMs: () => (this.since ?? this.clock.now()) - dueMs });
      return;
    }
    if (playing !== null) this.begin(null);
    // A picture that stands still does not fire.
    if (cue !== null && since === null) this.timer = this.around.setTimeout(() => this.look(), Math.min(leftMs, LOOK_MS));
  }

  /** @param {Playing | null} playing */
  begin(playing) {
    this.playing = playing;
    this.play(playing);
  }
}
