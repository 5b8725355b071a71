/**
 * What the shell has heard from its playout host (js/inline/host.js); a page without a shell is played.
 * @module
 */

import { isFramed } from "../shell.js";

/** @typedef {import("../inline/host.js").HostState} HostState */

/** A shell answers within one turn of its loop; one of an earlier release does not. */
const HOST_WAIT_MS = 500;
/** Of a page that no host plays. @type {HostState} */
export const PLAYED = { diemCau: "host", playing: true, data: {}, woken: 0, still: false, faults: [] };

/**
 * Hear what the host says, from now on.
 * @param {(state: HostState) => void} call
 * @returns {Promise<void>} once it is known what stands
 */
export function hostOf(call) {
  if (!isFramed()) {
    call(PLAYED);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const late = window.setTimeout(() => {
      call(PLAYED);
      resolve();
    }, HOST_WAIT_MS);
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== window.location.origin || event.data?.diemCau !== "host") return;
      window.clearTimeout(late);
      call(event.data);
      resolve();
    });
    window.parent.postMessage({ diemCau: "hosted?" }, window.location.origin);
  });
}
