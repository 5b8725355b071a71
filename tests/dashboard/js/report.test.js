import assert from "node:assert/strict";
import test from "node:test";

import { Identity } from "../../../dashboard/static/js/live/identity.js";
import { Reporter, agentOf, harmless, orderIn, selfTestIn, worthOf } from "../../../dashboard/static/js/live/report.js";
import { Around } from "./around.js";

/** A browser's store. */
class Kept {
  constructor(items = {}) {
    this.items = { ...items };
  }

  getItem(name) {
    return Object.prototype.hasOwnProperty.call(this.items, name) ? this.items[name] : null;
  }

  setItem(name, value) {
    this.items[name] = String(value);
  }
}

/** What a store is that the browser has shut. */
const SHUT = { getItem() { throw new Error("shut"); }, setItem() { throw new Error("shut"); } };

function making() {
  let made = 0;
  return () => String((made += 1)).padStart(24, "0");
}

const make = making();
const window_ = (address, local, session = new Kept()) => new Identity(address, { session, local }, make);

test("a window keeps its id over loads, and a profile over restarts, for each address its own", () => {
  const local = new Kept();
  const session = new Kept();
  const wall = window_("/", local, session);
  assert.deepEqual([window_("/", local, session).id, window_("/?out=tv1", local, session).id], [wall.id, wall.id]);
  assert.equal(window_("/", local).id, wall.id);
  assert.notEqual(window_("/", local).window, wall.window);
  assert.notEqual(window_("/?out=tv1", local).id, wall.id);
});

test("two windows of one address find two ids, and the same two after a restart", () => {
  const local = new Kept();
  const [first, second] = [window_("/", local), window_("/", local)];
  assert.equal(second.id, first.id);
  second.other();
  assert.notEqual(second.id, first.id);
  const again = window_("/", local);
  assert.equal(again.id, first.id);
  again.other();
  assert.equal(again.id, second.id);
});

test("whatever a store holds, and where there is none, a window has an id", () => {
  for (const text of ["", "{", "[]", "null", "7", '{"/":"x"}', '{"/":["<script>"]}', '{"/":[7]}']) {
    assert.match(window_("/", new Kept({ "diemcau.screens": text })).id, /^[0-9a-f]{24}$/);
  }
  for (const at of [{ session: null, local: null }, { session: SHUT, local: SHUT }]) {
    const found = new Identity("/", at, make);
    assert.match(found.id, /^[0-9a-f]{24}$/);
    found.other();
    assert.equal(found.took, "");
  }
});

test("a profile keeps ids of a bounded number of addresses and windows", () => {
  const local = new Kept();
  for (let n = 0; n < 60; n += 1) window_(`/units/${n}`, local);
  const many = window_("/", local);
  for (let n = 0; n < 40; n += 1) many.other();
  const all = JSON.parse(local.getItem("diemcau.screens"));
  assert.equal(Object.keys(all).length, 24);
  assert.equal(all["/"].length, 12);
});

test("no secret of an address is told", () => {
  assert.equal(harmless("?out=tv1&key=S3cret&frame=1&as=account:7&scene=live"), "out=tv1&scene=live");
  assert.equal(harmless("?key=S3cret"), "");
  assert.equal(harmless("?keys=1&key"), "keys=1");
});

test("browsers are called what people call them", () => {
  const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
  const known = {
    [`${windows} Chrome/86.0.4240.111 Safari/537.36`]: "Chrome 86 · Windows",
    [`${windows} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0`]: "Edge 120 · Windows",
    [`${windows} coc_coc_browser/117.0.180 Chrome/111.0 Safari/537.36`]: "Cốc Cốc 117 · Windows",
    [`${windows} Chrome/103.0.5060.134 Safari/537.36 OBS/29.1.3`]: "OBS 29 · Chrome 103 · Windows",
    "Mozilla/5.0 (Windows NT 6.1; rv:109.0) Gecko/20100101 Firefox/115.0": "Firefox 115 · Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1": "Safari 15 · iOS",
    "Mozilla/5.0 (Linux; Android 12; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Mobile Safari/537.36": "Chrome 114 · Android",
    "": "",
  };
  for (const [said, name] of Object.entries(known)) assert.equal(agentOf(said), name);
});

test("a self-test that cannot be read is none", () => {
  assert.deepEqual(selfTestIn('{"at":5,"verdict":"fair","faults":["clock",7]}'), { at: 5, verdict: "fair", faults: ["clock"] });
  for (const text of [null, "", "{", "7", '{"at":5,"verdict":"splendid"}', '{"at":-1,"verdict":"good"}']) assert.equal(selfTestIn(text), undefined);
});

test("an order is one or nothing", () => {
  assert.deepEqual(orderIn({ v: 1, type: "order", do: "reload" }), { do: "reload", ms: 0, text: "", address: "" });
  for (const message of [null, 7, {}, { v: 2, type: "order", do: "reload" }, { v: 1, type: "order" }, { v: 1, type: "order", do: "show", address: 7 }]) {
    assert.equal(orderIn(message), null);
  }
});

/** A reporter over a line in a test's hand. */
function reporting(said = { path: "/", seq: 1 }) {
  const around = new Around();
  const told = [];
  const acted = [];
  const voice = { line: { name: "socket" }, say: (text) => told.push(JSON.parse(text)), post: async (text) => { told.push(JSON.parse(text)); return voice.answer; }, answer: "" };
  const state = { said, voice };
  const identity = new Identity("/", { session: new Kept(), local: new Kept() }, making());
  const reporter = new Reporter(identity, () => state.voice, () => state.said, (order) => acted.push(order), around.surroundings);
  const pass = (ms) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      around.time += 1_000;
      reporter.look();
    }
  };
  pass(4_000);
  return { around, reporter, state, voice, told, acted, pass, identity };
}

test("it reports once, and again when something changes, at most each ten seconds", () => {
  const { told, pass, state } = reporting();
  assert.equal(told.length, 1);
  assert.deepEqual(Object.keys(told[0]), ["type", "id", "window", "took", "path", "seq"]);
  pass(60_000);
  assert.equal(told.length, 1);
  for (let seq = 2; seq < 32; seq += 1) {
    state.said = { path: "/", seq };
    pass(1_000);
  }
  assert.equal(told.length, 4);
});

test("a clock that wavers is not worth a report", () => {
  const report = { path: "/", offset: 10, bound: 20 };
  assert.equal(worthOf(report), worthOf({ ...report, offset: 20, bound: 24 }));
  assert.notEqual(worthOf(report), worthOf({ ...report, offset: 4_000 }));
});

test("over another line it reports anew, and while nothing gets through it says nothing", () => {
  const { told, pass, state, voice } = reporting();
  voice.line = null;
  state.said = { path: "/", seq: 9 };
  pass(30_000);
  assert.equal(told.length, 1);
  voice.line = { name: "another" };
  pass(4_000);
  assert.equal(told.length, 2);
});

test("over a poll it says that it is there, and hears what it is told in the answer", async () => {
  const { told, pass, voice, acted } = reporting();
  voice.line = "poll";
  voice.answer = '{"orders":[{"do":"identify","ms":8000,"text":"Sảnh A"},{"do":7},null]}';
  for (let second = 0; second < 25; second += 1) {
    pass(1_000);
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  assert.equal(told.length, 4);
  assert.deepEqual(acted[0], { do: "identify", ms: 8_000, text: "Sảnh A", address: "" });
  voice.answer = "<html>sign in to the hotel's network";
  pass(20_000);
});

test("told to rest it rests, told to be another it is another", () => {
  const { told, pass, reporter, identity, state } = reporting();
  const before = identity.id;
  reporter.take({ do: "rest", ms: 600_000, text: "", address: "" });
  state.said = { path: "/", seq: 7 };
  pass(590_000);
  assert.equal(told.length, 1);
  pass(20_000);
  assert.equal(told.length, 2);
  reporter.take({ do: "other", ms: 0, text: "", address: "" });
  pass(1_000);
  assert.deepEqual([told.length, told[2].id === before, told[2].window === told[0].window], [3, false, true]);
});

test("an address that it is told to show it tells of from then on", () => {
  const { told, pass, reporter, acted, state } = reporting();
  reporter.take({ do: "show", ms: 0, text: "", address: "/?out=tv1" });
  assert.equal(acted[0].address, "/?out=tv1");
  state.said = { path: "/", seq: 2 };
  pass(10_000);
  assert.equal(told[1].took, "/?out=tv1");
});
