/**
 * When the items of a rundown are expected, as the evening goes; streaming/program/expected.py says the same, both are
 * held to tests/golden/expected.json.
 * @module
 */

/** @typedef {Pick<wire.Rundown, "items" | "ends_ms">} Rundown */
/** @typedef {Pick<wire.Running, "on" | "since" | "next">} Running */
/**
 * Every item that is on or to come and when it begins, and when all ends. `left_ms` is how long the item on has still
 * got, below 0 where it runs over; `late_ms` how much later than planned the next planned item begins; `over_ms` how much
 * after the end of the broadcast all is over. Null where nothing was planned.
 * @typedef {{items: {item: string, at: number}[], ends: number, left_ms: number | null, late_ms: number | null, over_ms: number | null}} Times
 */

/** @param {Rundown} rundown @param {Running} running @param {number} nowMs @returns {Times} */
export function expected(rundown, running, nowMs) {
  const on = rundown.items.find((item) => item.id === running.on);
  const coming = comingOf(rundown, running);
  const items = [];
  let leftMs = null;
  let ends = coming[0] ? Math.max(nowMs, coming[0].at_ms ?? 0) : nowMs;
  if (on !== undefined && running.since !== null) {
    items.push({ item: on.id, at: running.since });
    ends = Math.max(nowMs, running.since + lastsMs(on));
    leftMs = on.duration_s === null ? null : running.since + lastsMs(on) - nowMs;
  }
  let lateMs = null;
  for (const item of coming) {
    items.push({ item: item.id, at: ends });
    if (lateMs === null && item.at_ms !== null) lateMs = ends - item.at_ms;
    ends += lastsMs(item);
  }
  return { items, ends, left_ms: leftMs, late_ms: lateMs, over_ms: rundown.ends_ms === null ? null : ends - rundown.ends_ms };
}

/** The items to come, from the one that is taken next. @param {Rundown} rundown @param {Running} running */
function comingOf({ items }, { next }) {
  const start = items.findIndex((item) => item.id === next);
  return start < 0 ? [] : items.slice(start).filter((item) => !item.skip);
}

/** @param {wire.Item} item @returns {number} */
function lastsMs(item) {
  return (item.duration_s ?? 0) * 1000;
}
