import assert from "node:assert/strict";
import test from "node:test";

import { selfTestIn } from "../../../dashboard/static/js/live/report.js";
import { bySocket, byPoll, versionIn } from "../../../dashboard/static/js/test/measure.js";
import { awakeOf, browserOf, clockOf, fontOf, framesOf, lineOf, sizeOf, toldOf, verdictOf } from "../../../dashboard/static/js/test/verdicts.js";

const words = { number: String, age: (ms) => `${Math.round(ms / 1_000)} s` };
const says = ({ mark, key }) => `${mark} ${key}`;

test("each thing is told as what it means for whoever sits there", () => {
  const line = (way, tripsMs, asked = tripsMs.length) => says(lineOf({ way, tripsMs, asked }, words));
  const size = (width, height, screenWidth = 1366, screenHeight = 768, zoom = 1) => says(sizeOf({ width, height, screenWidth, screenHeight, zoom }));
  const browser = (version, can = true) => says(browserOf({ agent: "x", version, can }));
  assert.deepEqual([browser(86), browser(85), browser(null), browser(120, false)], ["ok browser_ok", "bad browser_old", "note browser_unknown", "bad browser_old"]);
  assert.deepEqual(
    [{ offMs: 1_999, boundMs: 20 }, { offMs: -180_000, boundMs: 20 }, { offMs: 0, boundMs: 251 }, null].map((it) => says(clockOf(it, words))),
    ["ok clock_ok", "note clock_off", "note clock_rough", "bad clock_none"],
  );
  assert.equal(clockOf({ offMs: -180_000, boundMs: 20 }, words).values.off, "180 s");
  assert.deepEqual(
    [line("socket", [20, 400, 30]), line("socket", [900, 800, 950]), line("socket", [20, 20, 20], 4), line("poll", [30]), line("portal", []), line("none", []), line("socket", [], 10)],
    ["ok line_ok", "note line_slow", "note line_lossy", "note line_poll", "bad line_portal", "bad line_none", "bad line_none"],
  );
  assert.deepEqual([60, 45, 44, 19, null].map((fps) => says(framesOf(fps, words))), ["ok frames_ok", "ok frames_ok", "note frames_slow", "bad frames_bad", "note frames_hidden"]);
  assert.deepEqual(
    [size(1366, 768), size(1024, 600), size(800, 480), size(911, 512, 1366, 768, 1.5), size(360, 640, 360, 640)],
    ["ok size_ok", "ok size_ok", "note size_small", "note size_zoom", "ok size_phone"],
  );
  assert.deepEqual([true, false].map((it) => says(fontOf(it))), ["ok font_ok", "note font_none"]);
  assert.deepEqual(["lock", "video", "none"].map((way) => awakeOf(way).mark), ["ok", "note", "note"]);
});

test("one look says whether the machine will do, and the registry of screens can read it", () => {
  const all = { browser: { mark: "ok", key: "" }, clock: { mark: "note", key: "" }, line: { mark: "bad", key: "" } };
  const { line, ...usable } = all;
  assert.deepEqual([[all.browser], Object.values(usable), Object.values(all)].map(verdictOf), ["fit", "usable", "unfit"]);
  assert.deepEqual(selfTestIn(JSON.stringify(toldOf(all, 7))), { at: 7, verdict: "bad", faults: ["clock", "line"] });
  assert.ok(line);
});

test("the age of an engine is told by its name", () => {
  assert.deepEqual(
    ["Mozilla/5.0 … HeadlessChrome/86.0.4240.0 Safari/537.36", "… Chrome/103.0 Safari Edg/103.0", "… Chromium/90.1", "… Firefox/128.0", ""].map(versionIn),
    [86, 103, 90, null, null],
  );
});

/** A browser whose timers run as soon as nothing else does, and whose clock is in the test's hand. */
function aroundOf(more) {
  const made = { nowMs: 0, timers: new Map(), ids: 0 };
  const around = {
    now: () => made.nowMs, wall: () => 1_000_000 + made.nowMs, random: () => 0,
    setTimeout: (run, ms) => { made.timers.set((made.ids += 1), [made.nowMs + ms, run]); return made.ids; },
    clearTimeout: (id) => { made.timers.delete(id); },
    ...more,
  };
  const run = () => {
    const [id, [at, act]] = [...made.timers].sort(([, [one]], [, [other]]) => one - other)[0];
    made.timers.delete(id);
    made.nowMs = Math.max(made.nowMs, at);
    act();
  };
  return { around, made, run };
}

test("a line over a socket is measured by questions of the time, and those that stall are told", async () => {
  const socket = { send: null, close() {} };
  const { around, made, run } = aroundOf({ open: () => socket });
  const asked = [];
  socket.send = (text) => {
    const { id } = JSON.parse(text);
    asked.push(id);
    if (id % 4 === 0) return;
    made.nowMs += 30;
    socket.onmessage({ data: JSON.stringify({ v: 1, type: "time", id, at: 1_180_000 + made.nowMs - 15 }) });
  };
  const line = bySocket(around, "ws://x/");
  socket.onmessage({ data: '{"v":1,"type":"beat","at":1}' });
  while (made.timers.size) run();
  const { way, tripsMs, clock } = await line;
  assert.deepEqual([way, asked.length, tripsMs.length, tripsMs[0]], ["socket", 10, 8, 30]);
  assert.ok(Math.abs(clock.offMs + 180_000) <= 31 && clock.boundMs < 20, JSON.stringify(clock));
});

test("a socket that never speaks is none, and a portal's page is no answer", async () => {
  const { around, made, run } = aroundOf({ open: () => ({ close() {} }) });
  const line = bySocket(around, "ws://x/");
  while (made.timers.size) run();
  assert.equal(await line, null);
  const answer = (headers, more = {}) => ({ text: async () => "", headers: new Headers(headers), redirected: false, ...more });
  const over = async (given) => {
    globalThis.fetch = given;
    const { way, tripsMs } = await byPoll(around, "http://x/");
    return [way, tripsMs.length];
  };
  assert.deepEqual(await over(async () => answer({ "Content-Type": "text/html" })), ["portal", 0]);
  assert.deepEqual(await over(async () => { throw new TypeError("no line"); }), ["none", 0]);
  assert.deepEqual(await over(async () => answer({ "Diem-Cau-At": "1180000", "Content-Type": "application/json" })), ["poll", 4]);
});
