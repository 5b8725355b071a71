/**
 * The browser's own store, which may be shut.
 * @module
 */

/** What is read from it, or done to it; null where it is shut. @template T @param {() => T} act @returns {T | null} */
export function kept(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
