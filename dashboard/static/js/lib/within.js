/**
 * Requests that do not wait for ever.
 * @module
 */

/**
 * What is read of an answer that has to be there within a time, to its end.
 * @template T
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} waitMs
 * @param {(answer: Response) => Promise<T> | T} read
 * @returns {Promise<T>} rejected where it did not come, or could not be read
 */
export async function fetchWithin(url, init, waitMs, read) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), waitMs);
  try {
    return await read(await fetch(url, { ...init, signal: limit.signal }));
  } finally {
    clearTimeout(timer);
  }
}
