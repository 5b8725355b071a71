/**
 * Whether whoever looks has asked for no motion.
 * @module
 */

const query = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** @returns {boolean} */
export const isStill = () => query?.matches ?? false;
