import assert from "node:assert/strict";
import test from "node:test";
import { fetchWithin } from "../../../dashboard/static/js/lib/within.js";

/** @param {(signal: AbortSignal) => Promise<any>} answer */
function network(answer) {
  globalThis.fetch = (_, init) => answer(/** @type {AbortSignal} */ (init?.signal));
}

/** @param {AbortSignal} signal @returns {Promise<any>} */
const never = (signal) => new Promise((_, reject) => {
  signal.addEventListener("abort", () => reject(new Error("aborted")));
});

test("an answer is read, and its time ends with it", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  network((signal) => {
    signals.push(signal);
    return Promise.resolve({ text: () => Promise.resolve("12.734") });
  });
  assert.equal(await fetchWithin("/a", {}, 20, (answer) => answer.text()), "12.734");
  await new Promise((resolve) => { setTimeout(resolve, 60); });
  assert.equal(signals[0]?.aborted, false);
});

test("an answer that does not come, and one that does not end, are given up", async () => {
  network(never);
  await assert.rejects(fetchWithin("/a", {}, 5, (answer) => answer.text()), /aborted/);
  network((signal) => Promise.resolve({ text: () => never(signal) }));
  await assert.rejects(fetchWithin("/a", {}, 5, (answer) => answer.text()), /aborted/);
});
