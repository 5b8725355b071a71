/*
 * Runs in a page before its own scripts, in place of time and of the server: the clocks, timers, animation frames and
 * sockets that the page sees are moved by hand, a frame of 1/60 s at a time, so that a slow machine sees the same as a
 * fast one. `window.PLAYED_FROM` is the
 * wall clock at the beginning, `PLAYED_LINE_MS` how long the line takes one way.
 */
(() => {
  const STEP_MS = 1000 / 60;
  const BEAT_MS = 2_000;
  /** Chains of promises that a step may wait for. */
  const TURNS = 12;
  let now = 0;
  let made = 0;
  /** @type {Map<number, {at: number, run: () => void, everyMs: number | null}>} */
  const timers = new Map();
  let frames = new Map();

  const { Date: RealDate } = window;
  const wall = () => window.PLAYED_FROM + now;
  performance.now = () => now;
  window.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [wall()]));
    }

    static now() {
      return Math.floor(wall());
    }
  };

  const wait = (run, ms, everyMs, given) => {
    made += 1;
    timers.set(made, { at: now + Math.max(0, Number(ms) || 0), run: () => run(...given), everyMs });
    return made;
  };
  window.setTimeout = (run, ms, ...given) => wait(run, ms, null, given);
  window.setInterval = (run, ms, ...given) => wait(run, ms, Math.max(1, Number(ms) || 0), given);
  window.clearTimeout = window.clearInterval = (id) => void timers.delete(id);
  window.requestAnimationFrame = (run) => {
    made += 1;
    frames.set(made, run);
    return made;
  };
  window.cancelAnimationFrame = (id) => void frames.delete(id);

  /** Sockets by topic; what the page sends is a question for the time. */
  const sockets = new Set();
  const lineMs = window.PLAYED_LINE_MS;
  class PlayedSocket {
    constructor(url) {
      this.url = url;
      this.readyState = 0;
      this.topic = new URL(url).pathname.replace(/^\/live\//, "");
      sockets.add(this);
      later(2 * lineMs, () => {
        this.readyState = 1;
        this.onopen?.({});
      });
    }

    send(text) {
      const { type, id } = JSON.parse(text);
      if (type === "time") later(lineMs, () => this.hear({ v: 1, type: "time", id, at: Math.floor(wall()) }));
    }

    /** What leaves the server now arrives after the line's delay. */
    hear(message) {
      const data = typeof message === "string" ? message : JSON.stringify(message);
      later(lineMs, () => {
        if (sockets.has(this) && this.readyState === 1) this.onmessage?.({ data });
      });
    }

    close() {
      this.readyState = 3;
      sockets.delete(this);
    }
  }
  window.WebSocket = PlayedSocket;
  const later = (ms, run) => wait(run, ms, null, []);

  /* Animations stand still but for what a step moves them. What the browser itself would tell of their end comes with
     frames of its own, whenever those are; the page hears it from here instead. */
  const born = new WeakMap();
  const told = new WeakSet();
  const { animate } = Element.prototype;
  Element.prototype.animate = function played(...given) {
    const animation = animate.apply(this, given);
    animation.addEventListener("finish", (event) => told.has(event) || event.stopImmediatePropagation());
    return animation;
  };
  for (const end of ["transitionend", "animationend"]) {
    document.addEventListener(end, (event) => told.has(event) || event.stopImmediatePropagation(), true);
  }

  const all = () => document.getAnimations().filter((one) => one.playState !== "finished");
  const still = () => {
    for (const animation of all()) {
      if (born.has(animation)) continue;
      animation.pause();
      animation.currentTime = 0;
      born.set(animation, now);
    }
  };
  /** What tells that an animation has ended, and where. */
  const ended = (animation) => {
    const { target } = animation.effect;
    if (animation instanceof CSSTransition) {
      return [new TransitionEvent("transitionend", { propertyName: animation.transitionProperty, bubbles: true }), target];
    }
    if (animation instanceof CSSAnimation) {
      return [new AnimationEvent("animationend", { animationName: animation.animationName, bubbles: true }), target];
    }
    return [new Event("finish"), animation];
  };
  const move = () => {
    for (const animation of all()) {
      const { endTime } = animation.effect.getComputedTiming();
      const time = now - (born.get(animation) ?? now);
      if (time < endTime) {
        animation.currentTime = time;
        continue;
      }
      animation.finish();
      const [event, target] = ended(animation);
      told.add(event);
      target.dispatchEvent(event);
    }
  };
  const settle = async () => {
    for (let turn = 0; turn < TURNS; turn += 1) await null;
  };
  const due = () => [...timers].filter(([, timer]) => timer.at <= now).sort(([, one], [, other]) => one.at - other.at)[0];

  /** Move everything on by one animation frame. */
  const step = async () => {
    const until = now + STEP_MS;
    for (now = until; due(); ) {
      const [id, timer] = due();
      now = Math.max(timer.at, until - STEP_MS);
      timers.delete(id);
      if (timer.everyMs !== null) timers.set(id, { ...timer, at: timer.at + timer.everyMs });
      timer.run();
      await settle();
      now = until;
    }
    move();
    const runs = [...frames.values()];
    frames = new Map();
    for (const run of runs) run(now);
    await settle();
    still();
  };

  window.played = {
    wall,
    /**
     * Play frames for so long, look at every animation frame.
     * @param {{told: Record<string, [number, string][]>, seconds: number}} tape when a frame leaves, and its text
     * @param {() => any} look
     * @returns {Promise<any[]>} what was seen
     */
    async play(tape, look) {
      for (const [topic, frames] of Object.entries(tape.told)) {
        for (const [at, payload] of frames) {
          later(at - wall(), () => [...sockets].filter((one) => one.topic === topic).forEach((one) => one.hear(payload)));
        }
      }
      for (let ms = 0; ms < tape.seconds * 1000; ms += BEAT_MS) {
        later(ms + 100, () => sockets.forEach((one) => one.hear({ v: 1, type: "beat", at: Math.floor(wall()) })));
      }
      const seen = [];
      for (let nth = 0; nth * STEP_MS < tape.seconds * 1000; nth += 1) {
        await step();
        seen.push(look());
      }
      return seen;
    },
  };
})();
