/**
 * What may go on air: holds with their reasons, a delay, schedules, moved rounds, and entries one by one.
 * @module
 */

import { EntriesView } from "../control/entries.js";
import { UnitField, fillRounds, onSubmit, typed } from "../control/form.js";
import { HoldsView } from "../control/holds.js";
import { Room } from "../control/room.js";
import { field, instant } from "../control/said.js";
import { one } from "../page.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const room = new Room();
const holds = new HoldsView(room);
new EntriesView(room);

if (room.contest.may_decide) {
  const unit = new UnitField(room, /** @type {HTMLInputElement} */ (one("#hold-unit")), false);
  onSubmit("[data-hold-form]", (values) => {
    const code = unit.code;
    if (code === null) return Promise.resolve(false);
    const action = { do: "hold", unit: code, reason: typed(values, "reason"), tell: values.get("tell") !== null };
    return room.decide(action, "done_hold", { unit: room.said.unit(code) });
  });

  onSubmit("[data-delay-form]", (values) => {
    const delayMs = Number(values.get("minutes")) * MINUTE_MS;
    const action = { do: "delay", delay_ms: delayMs, reason: typed(values, "reason"), seen: room.seen };
    return room.decide(action, delayMs ? "done_delay" : "done_no_delay", { age: room.words.age(delayMs) });
  });

  const kind = /** @type {HTMLSelectElement} */ (one("#schedule-kind"));
  const late = /** @type {HTMLInputElement} */ (one("#schedule-late"));
  const before = /** @type {HTMLInputElement} */ (one("#schedule-before"));
  kind.addEventListener("change", () => suitSchedule());
  onSubmit("[data-schedule-form]", async (values, form) => {
    const isNone = kind.value === "none";
    const action = {
      do: "schedule", round: Number(values.get("round")), seen: room.seen, reason: typed(values, "reason"),
      before_close_ms: isNone ? null : Math.round(Number(before.value) * HOUR_MS),
      delay_ms: kind.value === "delay" ? Math.round(Number(late.value) * MINUTE_MS) : null,
    };
    const round = room.contest.rounds[String(action.round)] ?? "";
    const isMade = await room.decide(action, isNone ? "done_no_schedule" : "done_schedule", { round });
    if (isMade) {
      form.reset();
      suitSchedule();
    }
    return false;
  });

  const rounds = /** @type {HTMLSelectElement} */ (one("#round-n"));
  const opens = /** @type {HTMLInputElement} */ (one("#round-opens"));
  const closes = /** @type {HTMLInputElement} */ (one("#round-closes"));
  const showRound = () => {
    const found = (room.stores.control.state.get("rounds") ?? []).find((/** @type {number[]} */ each) => each[0] === Number(rounds.value));
    opens.value = found ? field(room.words, found[1]) : "";
    closes.value = found ? field(room.words, found[2]) : "";
  };
  onSubmit("[data-round-form]", async (values) => {
    const action = {
      do: "round", n: Number(rounds.value), seen: room.seen, reason: typed(values, "reason"),
      opens_ms: instant(room.words, opens.value), closes_ms: instant(room.words, closes.value),
    };
    await room.decide(action, "done_round", { round: room.contest.rounds[rounds.value] ?? "" });
    return false;
  });
  for (const select of [rounds, /** @type {HTMLSelectElement} */ (one("#schedule-round"))]) fillRounds(room, select);
  rounds.addEventListener("change", showRound);
  showRound();
  suitSchedule();

  /** Only the fields that the kind of schedule has can be filled in. */
  function suitSchedule() {
    before.disabled = kind.value === "none";
    late.disabled = kind.value !== "delay";
  }
}

room.start(() => holds.paint());
