/**
 * Which screen a window is: an id of its own that outlives loads, restarts and reassignments, so that the room can name it.
 * A profile keeps the ids of each address that windows are opened with; a window keeps the one that it has. Pure.
 * @module
 */

import { kept } from "../lib/kept.js";

const OWN = "diemcau.screen";
const WINDOW = "diemcau.window";
const TOOK = "diemcau.took";
const ALL = "diemcau.screens";
/** Addresses of which a profile keeps ids, the newest, and windows that are open at one of them. */
const ADDRESSES_MAX = 24;
const WINDOWS_MAX = 12;
const ID_BYTES = 12;
const ID = /^[A-Za-z0-9_-]{16,40}$/;

/** @typedef {{session: Storage | null, local: Storage | null}} Storages null where the browser has shut one */

/** @returns {Storages} */
export function storages() {
  return { session: kept(() => window.sessionStorage), local: kept(() => window.localStorage) };
}

/** @returns {string} */
function made() {
  return [...crypto.getRandomValues(new Uint8Array(ID_BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Identity {
  /**
   * @param {string} address with which the window was opened
   * @param {Storages} at
   * @param {() => string} [make]
   */
  constructor(address, at, make = made) {
    this.address = address;
    this.at = at;
    this.make = make;
    /** Tells this window from another of the same profile. */
    this.window = this.own(WINDOW) || this.keep(WINDOW, make());
    const ids = this.known();
    this.id = this.own(OWN) || this.keep(OWN, ids[0] ?? this.add(make()));
  }

  /** Another window has this id: take the profile's next one of this address, or a new one. */
  other() {
    const ids = this.known();
    const next = ids[ids.indexOf(this.id) + 1];
    this.id = this.keep(OWN, next ?? this.add(this.make()));
  }

  /** The address that this window was told last to show, "" for none. @returns {string} */
  get took() {
    return kept(() => this.at.session?.getItem(TOOK)) ?? "";
  }

  /** @param {string} address */
  take(address) {
    this.keep(TOOK, address);
  }

  /** @param {string} name @returns {string} "" for none that can be an id */
  own(name) {
    const found = kept(() => this.at.session?.getItem(name)) ?? "";
    return ID.test(found) ? found : "";
  }

  /** @param {string} name @param {string} value @returns {string} */
  keep(name, value) {
    kept(() => this.at.session?.setItem(name, value));
    return value;
  }

  /** @returns {Record<string, string[]>} what the profile keeps; whatever cannot be read is nothing */
  all() {
    const read = kept(() => JSON.parse(this.at.local?.getItem(ALL) ?? "{}"));
    if (typeof read !== "object" || read === null || Array.isArray(read)) return {};
    return Object.fromEntries(Object.entries(read).filter(([, ids]) => Array.isArray(ids) && ids.every((id) => ID.test(id))));
  }

  /** The ids that windows of this address had, the first one first. @returns {string[]} */
  known() {
    const all = this.all();
    return Object.prototype.hasOwnProperty.call(all, this.address) ? all[this.address] ?? [] : [];
  }

  /** @param {string} id @returns {string} */
  add(id) {
    const { [this.address]: before = [], ...others } = this.all();
    const newest = Object.entries(others).slice(1 - ADDRESSES_MAX);
    const all = Object.fromEntries([...newest, [this.address, [...before, id].slice(-WINDOWS_MAX)]]);
    kept(() => this.at.local?.setItem(ALL, JSON.stringify(all)));
    return id;
  }
}
