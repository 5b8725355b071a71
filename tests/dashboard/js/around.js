/** A browser whose clocks, sockets and answers a test moves by hand. */

/** All promises that can settle now have settled. */
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

export class Around {
  constructor() {
    this.time = 0;
    /** How far the wall clock is ahead of `time`; it grows in sleep where the other stands still. */
    this.ahead = 1_000_000;
    this.chance = 0.5;
    this.timers = [];
    this.sockets = [];
    this.fetched = [];
    /** What the next polls get: {status, text, headers}, or {hangs: true}; nothing left means no network. */
    this.answers = [];
    this.refuses = false;
  }

  get surroundings() {
    return {
      open: (url) => {
        if (this.refuses) throw new Error("blocked");
        const socket = {
          url, sent: [], isClosed: false, onmessage: null, onclose: null,
          close() { this.isClosed = true; },
          send(text) { this.sent.push(JSON.parse(text)); },
        };
        this.sockets.push(socket);
        return socket;
      },
      fetch: async (url, init) => {
        this.fetched.push({ url, etag: init.headers["If-None-Match"] ?? null, at: this.time, signal: init.signal });
        const answer = this.answers.shift();
        if (answer === undefined) throw new Error("no network");
        if (answer.hangs) {
          await new Promise((_, reject) => { init.signal.addEventListener("abort", () => reject(new Error("aborted"))); });
        }
        const headers = answer.headers ?? {};
        return { status: answer.status, text: async () => answer.text ?? "", headers: { get: (name) => headers[name] ?? null } };
      },
      setTimeout: (run, ms) => {
        this.timers.push({ run, at: this.time + ms, id: this.timers.length + 1 });
        return this.timers.length;
      },
      clearTimeout: (id) => {
        const timer = this.timers.find((other) => other.id === id);
        if (timer) timer.isDone = true;
      },
      now: () => this.time,
      wall: () => this.time + this.ahead,
      random: () => this.chance,
    };
  }

  get last() {
    return this.sockets[this.sockets.length - 1];
  }

  get open() {
    return this.sockets.filter((socket) => !socket.isClosed);
  }

  /** Let time pass; due timers run in order, and what they promised settles. */
  async pass(ms) {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end && !timer.isDone).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      due.isDone = true;
      this.time = Math.max(this.time, due.at);
      due.run();
      await settled();
    }
    this.time = end;
  }

  /** Sleep: no timer runs. @param {boolean} isStill whether performance.now stands still meanwhile */
  sleep(ms, isStill) {
    if (isStill) this.ahead += ms;
    else this.time += ms;
  }
}
