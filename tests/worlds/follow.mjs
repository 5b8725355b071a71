/**
 * Follows a topic in Node as a page does, by the pages' own scripts, and prints a line of JSON for each frame and each
 * sign of the server. Reads lines: "state" prints what it shows now, "wake" tells it that the network is back.
 *
 * node [--experimental-websocket] follow.mjs PORT TOPIC RETRY_MAX_MS
 */

import { createInterface } from "node:readline";

import { ServerClock } from "../../dashboard/static/js/live/clock.js";
import { Follower } from "../../dashboard/static/js/live/socket.js";
import { Store } from "../../dashboard/static/js/live/store.js";

const [port, topic, retryMaxMs] = process.argv.slice(2);
const around = {
  open: (url) => new WebSocket(url),
  fetch: (url, init) => fetch(url, init),
  setTimeout: (run, ms) => Number(setTimeout(run, ms)),
  clearTimeout: (timer) => clearTimeout(timer),
  now: () => performance.now(),
  wall: () => Date.now(),
  random: () => Math.random(),
};
const print = (said) => process.stdout.write(`${JSON.stringify({ t: Date.now(), ...said })}\n`);
const store = new Store();
const clock = new ServerClock(around);
const place = { socketUrl: `ws://127.0.0.1:${port}/`, pollUrl: `http://127.0.0.1:${port}/`, key: "", retryMaxMs: Number(retryMaxMs) };
const follower = new Follower(topic, place, clock, {
  position: () => store.position,
  etag: () => store.etag,
  frame: (message) => {
    const outcome = store.apply(message);
    if (outcome === "applied") print({ seq: store.seq, at: store.at, via: follower.line === "poll" || follower.socket === null ? "poll" : "socket" });
    return outcome;
  },
  contact: () => print({ heard: true }),
}, around);
follower.start();
createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "wake") follower.wake();
  if (line === "state") print({ epoch: store.epoch, seq: store.seq, rows: Object.fromEntries(store.rows), state: Object.fromEntries(store.state) });
}).on("close", () => process.exit(0));
