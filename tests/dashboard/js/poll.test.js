import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { Poll } from "../../../dashboard/static/js/live/poll.js";
import { Store } from "../../../dashboard/static/js/live/store.js";
import { Around } from "./around.js";

function polling(answers, retryMaxMs = 2000) {
  const around = new Around();
  around.answers = answers;
  const clock = new ServerClock(around.surroundings);
  const store = new Store();
  const answered = [];
  const poll = new Poll(retryMaxMs, clock, {
    url: () => "http://x/live/board",
    etag: () => store.etag,
    frame: (message) => store.apply(message),
    answered: (isBack) => answered.push(isBack),
  }, around.surroundings);
  poll.begin();
  const waits = () => around.fetched.slice(1).map((asked, nth) => asked.at - around.fetched[nth].at);
  return { around, clock, store, poll, answered, waits };
}

const snapshot = (seq, epoch = "e1") => ({
  status: 200,
  text: JSON.stringify({
    v: 1, type: "snapshot", topic: "board", epoch, base: 0, seq, at: 1000, heard: 900, rehearsal: false,
    columns: ["completed"], rows: { a: [seq] }, state: {},
  }),
});

test("each poll says what the screen has, and takes what is newer", async () => {
  const { around, store, answered } = polling([snapshot(10), { status: 304 }, snapshot(11), snapshot(9), { status: 304 }]);
  await around.pass(8_000);
  assert.deepEqual(around.fetched.map((asked) => asked.etag), [null, 'W/"e1-10"', 'W/"e1-10"', 'W/"e1-11"', 'W/"e1-11"']);
  assert.deepEqual(store.rows.get("a"), [11]);
  assert.deepEqual(answered, [false, false, false, false, false]);
});

test("a poll is a timed round trip", async () => {
  const { around, clock } = polling([{ status: 304, headers: { "Diem-Cau-At": "7000000" } }]);
  await around.pass(0);
  assert.ok(clock.boundMs <= 1);
  assert.ok(Math.abs(clock.now() - 7_000_000) <= 1);
});

for (const value of ["", "soon", "-5", "1e400"]) {
  test(`a time that is none ("${value}") is no round trip`, async () => {
    const { around, clock } = polling([{ status: 304, headers: { "Diem-Cau-At": value } }]);
    await around.pass(0);
    assert.equal(clock.boundMs, Infinity);
  });
}

test("while polls fail a public page asks ever more rarely, the hall goes on", async () => {
  const publicPage = polling([], 30_000);
  publicPage.around.chance = 0.999;
  await publicPage.around.pass(400_000);
  assert.ok(publicPage.around.fetched.length < 22, `${publicPage.around.fetched.length} polls in 400 s`);
  assert.ok(Math.max(...publicPage.waits()) <= 30_000);
  const hall = polling([], 2_000);
  await hall.around.pass(20_000);
  assert.ok(hall.waits().every((ms) => ms >= 250 && ms <= 2_000));
});

test("where a page of somebody else's answers, the hall asks no more often than where we do", async () => {
  const portal = Array.from({ length: 9 }, () => ({ status: 200, text: "<html>log in</html>" }));
  const { around, waits } = polling(portal, 2_000);
  await around.pass(16_000);
  assert.deepEqual(new Set(waits()), new Set([2_000]));
});

test("the hall waits for an answer three times as long as for the last one, and as long as there may be at first", async () => {
  const { around } = polling([{ status: 200, text: snapshot(10).text }, { hangs: true }, { hangs: true }], 2_000);
  await around.pass(2_000);
  assert.equal(around.fetched.length, 2);
  await around.pass(2_900);
  assert.equal(around.fetched.length, 2);
  await around.pass(2_200);
  assert.equal(around.fetched.length, 3);
});

for (const status of [404, 500, 502, 503]) {
  test(`${status} is a failure, and the first answer after it is a return`, async () => {
    const { around, answered } = polling([{ status }, { status: 304 }, { status: 304 }]);
    await around.pass(4_000);
    assert.deepEqual(answered, [true, false]);
  });
}

test("a page of somebody else's in place of the frame is a failure", async () => {
  const { around, answered, store } = polling([{ status: 200, text: "<html>log in</html>" }]);
  await around.pass(0);
  assert.deepEqual(answered, []);
  assert.equal(store.seq, -1);
});

test("Retry-After is obeyed, up to half a minute", async () => {
  const rest = (value) => ({ status: 503, headers: { "Retry-After": value } });
  const { around, waits } = polling([rest("5"), rest("99999"), rest("Wed, 21 Oct 2026 07:28:00 GMT"), { status: 304 }]);
  await around.pass(60_000);
  assert.deepEqual(waits().slice(0, 3), [7_000, 32_000, 2_000]);
});

test("a poll that is never answered ends, and the next follows", async () => {
  const { around, answered } = polling([{ hangs: true }, { status: 304 }]);
  await around.pass(7_900);
  assert.equal(around.fetched.length, 1);
  await around.pass(2_200);
  assert.equal(around.fetched.length, 2);
  assert.deepEqual(answered, [true]);
});

test("ended in mid-request it neither takes the answer nor asks on", async () => {
  const { around, poll, store } = polling([snapshot(10)]);
  poll.end();
  assert.equal(around.fetched[0].signal.aborted, true);
  await around.pass(60_000);
  assert.equal(store.seq, -1);
  assert.equal(around.fetched.length, 1);
});

test("hurried it asks once, now, and goes on in its own time", async () => {
  const { around, poll } = polling([{ status: 503 }, { status: 503 }]);
  await around.pass(500);
  poll.hurry();
  await around.pass(1_900);
  assert.equal(around.fetched.length, 2);
  poll.end();
  poll.hurry();
  assert.equal(around.fetched.length, 2);
});

test("a late delta of the old socket does not undo a poll, and a late poll no delta", async () => {
  const { around, store } = polling([snapshot(10), snapshot(10)]);
  const delta = (base, seq) => ({ ...JSON.parse(snapshot(seq).text), type: "delta", base, columns: undefined });
  await around.pass(0);
  assert.equal(store.apply(delta(5, 8)), "dropped");
  assert.equal(store.apply(delta(8, 12)), "applied");
  await around.pass(2_000);
  assert.equal(store.seq, 12);
  assert.deepEqual(store.rows.get("a"), [12]);
});
