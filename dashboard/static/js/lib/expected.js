/**
 * When the items of a rundown are expected, as the evening goes; streaming/program/expected.py says the same, both are
 * held to tests/golden/expected.json.
 * @module
 */

/** @typedef {Pick<wire.Rundown, "items" | "ends_ms">} Rundown */
/** @typedef {Pick<wire.Running, "on" | "since" | "next"> & {tempo?: wire.Tempo | null}} Running */
/** How an evening goes that is not rehearsed quicker. @type {wire.Tempo} */
const AS_PLANNED = { speed: 1, plan_ms: 0, at_ms: 0 };

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
  const tempo = running.tempo ?? AS_PLANNED;
  const items = [];
  let leftMs = null;
  const plannedMs = coming[0] && coming[0].at_ms !== null ? moment(coming[0].at_ms, tempo) : 0;
  let ends = Math.max(nowMs, plannedMs);
  if (on !== undefined && running.since !== null) {
    items.push({ item: on.id, at: running.since });
    ends = Math.max(nowMs, running.since + lastsMs(on, tempo));
    leftMs = on.duration_s === null ? null : running.since + lastsMs(on, tempo) - nowMs;
  }
  let lateMs = null;
  for (const item of coming) {
    items.push({ item: item.id, at: ends });
    if (lateMs === null && item.at_ms !== null) lateMs = ends - moment(item.at_ms, tempo);
    ends += lastsMs(item, tempo);
  }
  const overMs = rundown.ends_ms === null ? null : ends - moment(rundown.ends_ms, tempo);
  return { items, ends, left_ms: leftMs, late_ms: lateMs, over_ms: overMs };
}

/** When it is what was planned for a time. @param {number} plannedMs @param {wire.Tempo | null | undefined} tempo @returns {number} */
export function moment(plannedMs, tempo) {
  const { speed, plan_ms: planMs, at_ms: atMs } = tempo ?? AS_PLANNED;
  return atMs + Math.floor((plannedMs - planMs) / speed);
}

/** The items to come, from the one that is taken next. @param {Rundown} rundown @param {Running} running */
function comingOf({ items }, { next }) {
  const start = items.findIndex((item) => item.id === next);
  return start < 0 ? [] : items.slice(start).filter((item) => !item.skip);
}

/** @param {wire.Item} item @param {wire.Tempo} tempo @returns {number} */
function lastsMs(item, { speed }) {
  return Math.floor(((item.duration_s ?? 0) * 1000) / speed);
}
