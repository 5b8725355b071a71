import assert from "node:assert/strict";
import test from "node:test";

import { ServerClock } from "../../../dashboard/static/js/live/clock.js";
import { Session } from "../../../dashboard/static/js/live/session.js";
import { Follower } from "../../../dashboard/static/js/live/socket.js";
import { Around } from "./around.js";

function begin() {
  const said = [];
  const session = new Session(() => said.push(session.hasEnded));
  return { session, said };
}

test("a session is in force until something is refused, and again once that is answered", () => {
  const { session, said } = begin();
  const heard = [];
  const hooks = ["watch", "control"].map((topic) => session.heardBy(topic, { contact: () => heard.push(topic) }));
  for (const each of hooks) each.refused();
  hooks[0].contact();
  assert.equal(session.hasEnded, true);
  hooks[1].contact();
  hooks[1].contact();
  assert.deepEqual(said, [true, true, true, false]);
  assert.deepEqual(heard, ["watch", "control", "control"]);
});

test("a socket that is closed for good ends it for good", () => {
  const { session, said } = begin();
  const around = new Around();
  const hooks = session.heardBy("board", { position: () => "", etag: () => "", frame: () => "dropped", contact: () => {} });
  const address = { socketUrl: "ws://here/", pollUrl: "http://here/", key: "", as: "account:7", retryMaxMs: 8_000 };
  new Follower("board", address, new ServerClock(around.surroundings), hooks, around.surroundings).start();
  assert.match(around.last.url, /\/live\/board\?as=account%3A7$/);
  around.last.onclose({ code: 4502, reason: "" });
  hooks.contact();
  assert.deepEqual([session.hasEnded, said], [true, [true]]);
});
