/**
 * What the room is asked and told about the next opening of a round. It is asked ten minutes before, never at the button.
 * @module
 */

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./banner.js").Line} Line */

/** @param {Room} room @returns {Line[]} */
export function openingLines(room) {
  const opening = room.stores.watch.state.get("opening");
  if (opening === undefined) return [];
  const { words, contest } = room;
  const { n, state, at, launch } = opening;
  const round = contest.rounds[String(n)] ?? "";
  const time = at === null ? "" : words.time(at);
  const key = `opening ${state} ${n}`;
  if (state === "waits") return [{ key, text: words.say("banner_waits", { round }) }];
  if (state === "late") return [{ key, text: words.say("banner_late", { round, time }) }];
  const text = words.say("banner_opening", {
    round, time, launch: launch === null ? "" : words.say("banner_opening_launch", { time: words.time(launch) }),
  });
  if (!contest.may_decide) return [{ key, text }];
  const acts = [
    { text: words.say("opening_plan", { time }), press: () => void room.decide({ do: "plan", n }, "done_opening_plan", { round, time }) },
    { text: words.say("opening_wait"), press: () => void room.decide({ do: "wait", n, seen: room.seen }, "done_opening_wait", { round }) },
  ];
  return [{ key, text, acts }];
}
