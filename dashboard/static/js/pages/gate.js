/**
 * What may go on air: holds with their reasons, a delay, schedules, moved rounds, and entries one by one.
 * @module
 */

import { fill, typedInstant } from "../control/date_time.js";
import { EntriesView } from "../control/entries.js";
import { decidesByForms, fillRounds, onSubmit, typed } from "../control/form.js";
import { HoldsView } from "../control/holds.js";
import { Room } from "../control/room.js";
import { one } from "../lib/page.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const room = new Room();
const holds = new HoldsView(room);
new EntriesView(room);
let showRounds = () => {};

if (room.contest.may_decide) {
  decidesByForms(room);

  onSubmit(room, "[data-delay-form]", (values, seen) => {
    const delayMs = Number(values.get("minutes")) * MINUTE_MS;
    /** @type {wire.Action} */
    const action = { do: "delay", delay_ms: delayMs, reason: typed(values, "reason"), seen };
    return room.decide(action, delayMs ? "done_delay" : "done_no_delay", { age: room.words.duration(delayMs) });
  });

  const kind = /** @type {HTMLSelectElement} */ (one("#schedule-kind"));
  const late = /** @type {HTMLInputElement} */ (one("#schedule-late"));
  const before = /** @type {HTMLInputElement} */ (one("#schedule-before"));
  /** Only the fields that the kind of schedule has can be filled in. */
  const suitSchedule = () => {
    before.disabled = kind.value === "none";
    late.disabled = kind.value !== "delay";
  };
  kind.addEventListener("change", suitSchedule);
  const schedule = onSubmit(room, "[data-schedule-form]", (values, seen) => {
    const isNone = kind.value === "none";
    /** @type {wire.Action} */
    const action = {
      do: "schedule", round: Number(values.get("round")), seen, reason: typed(values, "reason"),
      before_close_ms: isNone ? null : Math.round(Number(before.value) * HOUR_MS),
      delay_ms: kind.value === "delay" ? Math.round(Number(late.value) * MINUTE_MS) : null,
    };
    const round = room.contest.rounds[String(action.round)] ?? "";
    return room.decide(action, isNone ? "done_no_schedule" : "done_schedule", { round });
  });
  // What is reset is so only after this event.
  schedule.form.addEventListener("reset", () => window.setTimeout(suitSchedule));
  suitSchedule();

  const rounds = /** @type {HTMLSelectElement} */ (one("#round-n"));
  const opens = /** @type {HTMLInputElement} */ (one("#round-opens"));
  const closes = /** @type {HTMLInputElement} */ (one("#round-closes"));
  for (const select of [rounds, /** @type {HTMLSelectElement} */ (one("#schedule-round"))]) fillRounds(room, select);
  /** What the fields said before anybody touched them. */
  let filled = ["", ""];
  const showRound = () => {
    const found = (room.stores.control.state.get("rounds") ?? []).find((each) => each[0] === Number(rounds.value));
    // One that waits for the button opens at no time.
    fill(room.words, opens, found && found[1] < found[2] ? found[1] : null);
    fill(room.words, closes, found ? found[2] : null);
    filled = [opens.value, closes.value];
  };
  rounds.addEventListener("change", showRound);
  // A field that still says what was wrong keeps its form from being sent.
  for (const input of [opens, closes]) input.addEventListener("input", () => input.setCustomValidity(""));
  const moved = onSubmit(room, "[data-round-form]", async (values, seen) => {
    // What nobody has touched is not sent, and stays as it is.
    const touched = [opens, closes].map((input, at) => input.value.trim() !== filled[at]);
    const edges = [opens, closes].map((input, at) => (touched[at] ? typedInstant(room.words, input.value) : null));
    const wrong = [opens, closes].find((_, at) => touched[at] && edges[at] === null);
    if (wrong) {
      wrong.setCustomValidity(room.words.say("date_time_wrong"));
      wrong.reportValidity();
      return false;
    }
    if (edges[0] === null && edges[1] === null) {
      room.toast.bad(room.words.say("round_unmoved"));
      return false;
    }
    /** @type {wire.Action} */
    const action = {
      do: "round", n: Number(rounds.value), seen, reason: typed(values, "reason"), opens_ms: edges[0] ?? null, closes_ms: edges[1] ?? null,
    };
    await room.decide(action, "done_round", { round: room.contest.rounds[rounds.value] ?? "" });
    return false;
  });
  let shown = "";
  showRounds = () => {
    // A form that nobody has touched shows the times as they are; one in somebody's hands stays as it is.
    const now = JSON.stringify(room.stores.control.state.get("rounds") ?? []);
    if (now === shown || moved.isTouched()) return;
    shown = now;
    showRound();
  };
}

room.start(() => holds.paint(), () => showRounds());
