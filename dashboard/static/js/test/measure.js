/**
 * What a self-test measures of this machine and its line.
 * @module
 */

import { ServerClock } from "../live/clock.js";
import { parse, timeIn } from "../live/message.js";
import { fetchWithin } from "../lib/within.js";

/** @typedef {import("../live/socket.js").Surroundings} Surroundings */
/** @typedef {{way: "socket" | "poll" | "portal" | "none", tripsMs: number[], asked: number, clock: {offMs: number, boundMs: number} | null}} Line */

/** A topic that is small and there for everybody. */
const TOPIC = "live/program/points";
const OPEN_WAIT_MS = 6_000;
/** The server allows a screen 20 messages in 10 s. */
const QUESTIONS = 10;
const STEP_MS = 300;
const ANSWER_WAIT_MS = 3_000;
const POLLS = 4;
const FRAMES_MS = 2_000;

/** Ask for the server's time over a socket; null where none opens, or it says nothing. @param {Surroundings} around @param {string} url @returns {Promise<Line | null>} */
export function bySocket(around, url) {
  return new Promise((resolve) => {
    const clock = new ServerClock(around);
    /** @type {Map<number, number>} when each was asked */
    const sent = new Map();
    /** @type {number[]} */
    const tripsMs = [];
    let isOver = false;
    /** @type {WebSocket} */
    let socket;
    /** @param {Line | null} line */
    const end = (line) => {
      if (isOver) return;
      isOver = true;
      around.clearTimeout(limit);
      socket?.close();
      resolve(line);
    };
    const told = () => {
      if (sent.size === 0) return end(null);
      return end({ way: "socket", tripsMs, asked: sent.size, clock: clockOf(clock, around) });
    };
    let limit = around.setTimeout(() => end(null), OPEN_WAIT_MS);
    const ask = () => {
      if (isOver) return;
      const id = sent.size + 1;
      sent.set(id, around.now());
      socket.send(JSON.stringify({ type: "time", id }));
      if (id < QUESTIONS) around.setTimeout(ask, STEP_MS);
      else limit = around.setTimeout(told, ANSWER_WAIT_MS);
    };
    try {
      socket = around.open(url);
    } catch {
      end(null);
      return;
    }
    socket.onmessage = (event) => {
      const time = timeIn(parse(event.data));
      // Whatever is heard first shows that frames get through a proxy.
      if (sent.size === 0) {
        around.clearTimeout(limit);
        ask();
      }
      const at = time?.id === undefined ? undefined : sent.get(time.id);
      if (time === null || at === undefined) return;
      const tookMs = around.now() - at;
      if (tookMs > ANSWER_WAIT_MS) return;
      tripsMs.push(tookMs);
      clock.trip(time.at, at);
      if (tripsMs.length === QUESTIONS) told();
    };
    socket.onclose = told;
  });
}

/** The same by requests. @param {Surroundings} around @param {string} url @returns {Promise<Line>} */
export async function byPoll(around, url) {
  const clock = new ServerClock(around);
  /** @type {number[]} */
  const tripsMs = [];
  let isPortal = false;
  for (let nth = 0; nth < POLLS; nth += 1) {
    const sentMs = around.now();
    try {
      await fetchWithin(url, { cache: "no-store" }, ANSWER_WAIT_MS, async (answer) => {
        await answer.text();
        const atMs = Number(answer.headers.get("Diem-Cau-At"));
        // A portal answers 200 with a page of its own.
        if (!Number.isSafeInteger(atMs) || atMs <= 0) {
          isPortal = isPortal || answer.redirected || (answer.headers.get("Content-Type") ?? "").includes("html");
          return;
        }
        tripsMs.push(around.now() - sentMs);
        clock.trip(atMs, sentMs);
      });
    } catch {
      // It counts as one that was not answered.
    }
  }
  const way = tripsMs.length ? "poll" : isPortal ? "portal" : "none";
  return { way, tripsMs, asked: POLLS, clock: clockOf(clock, around) };
}

/** The line as screens use it. @param {Surroundings} around @param {{socketUrl: string, pollUrl: string}} address @returns {Promise<Line>} */
export async function lineFrom(around, { socketUrl, pollUrl }) {
  return (await bySocket(around, socketUrl + TOPIC)) ?? byPoll(around, pollUrl + TOPIC);
}

/** @param {ServerClock} clock @param {Surroundings} around */
function clockOf(clock, around) {
  return clock.isGuess ? null : { offMs: around.wall() - clock.now(), boundMs: clock.boundMs };
}

/** How many pictures a second are drawn; null where the page is hidden meanwhile. @returns {Promise<number | null>} */
export function frames() {
  return new Promise((resolve) => {
    const begun = performance.now();
    let count = 0;
    let isSeen = document.visibilityState === "visible";
    const limit = window.setTimeout(() => resolve(null), FRAMES_MS * 3);
    const next = () => {
      isSeen = isSeen && document.visibilityState === "visible";
      const tookMs = performance.now() - begun;
      if (tookMs < FRAMES_MS) {
        count += 1;
        requestAnimationFrame(next);
        return;
      }
      window.clearTimeout(limit);
      resolve(isSeen ? (count * 1_000) / tookMs : null);
    };
    if (isSeen) requestAnimationFrame(next);
    else {
      window.clearTimeout(limit);
      resolve(null);
    }
  });
}

/** Whether our own fonts come. @returns {Promise<boolean>} */
export async function fonts() {
  try {
    const wanted = ['700 20px "Be Vietnam Pro"', '700 20px "Diem Cau Figures"'];
    const loaded = await Promise.all(wanted.map((font) => document.fonts.load(font, "Điểm Cầu 0123")));
    return loaded.every((faces) => faces.length > 0 && faces.every((face) => face.status === "loaded"));
  } catch {
    return false;
  }
}

/** Whether this engine has what screens are made of. @returns {boolean} */
export function can() {
  const has = [typeof Element.prototype.animate, typeof Element.prototype.replaceChildren, typeof Promise.allSettled, typeof WebSocket];
  return has.every((kind) => kind === "function") && CSS.supports("font-size", "min(1rem, 2vw)");
}

/** The version of a Chromium, null for any other. @param {string} said its User-Agent @returns {number | null} */
export function versionIn(said) {
  const found = /\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/.exec(said)?.[1];
  return found === undefined ? null : Number(found);
}
