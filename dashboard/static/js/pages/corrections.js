/**
 * Corrections: one is made here, its effect first, and those that were made stand below, to be undone in one press.
 * @module
 */

import { Ask } from "../control/ask.js";
import { List, button, el, show, write } from "../control/element.js";
import { fillRounds, onSubmit, typed } from "../control/form.js";
import { UnitField } from "../control/unit_field.js";
import { Room } from "../control/room.js";
import { signed } from "../control/phrases.js";
import { one } from "../lib/page.js";

const room = new Room();
const { words, phrases, contest } = room;
const none = one("[data-corrections-none]");
const list = new List(one("[data-corrections]"), (/** @type {wire.CorrectionShown} */ fix) => String(fix.seq), (made) => {
  const texts = [
    words.number(made.seq), phrases.moment(made.at), phrases.unit(made.unit), contest.rounds[String(made.round)] ?? String(made.round),
    `${signed(words, made.delta)} ${words.say(`corrected_${made.column}`)}`,
  ];
  const [told, by] = [el("td"), el("td")];
  const undo = button(words.say("fix_undo"), () => void room.decide(opposite(made), "done_undo", { unit: phrases.unit(made.unit) }));
  const untell = button(words.say("fix_untell"), () => void room.decide({ do: "untell", correction: made.seq, seen: room.seen }, "done_untell", { row: words.number(made.seq) }));
  const cells = texts.map((text, at) => el("td", at === 0 ? "num" : "", text));
  const element = el("tr", "", [...cells, told, el("td", "", made.reason), by, contest.may_decide ? el("td", "acts", [undo, untell]) : null]);
  return {
    element,
    set: (/** @type {wire.CorrectionShown} */ fix) => {
      write(by, phrases.who(fix.by));
      write(told, state(fix));
      show(undo, fix.undoes === null && !fix.undone);
      show(untell, fix.labelled && !fix.undone && !fix.untold);
    },
  };
});

/** What screens say of a correction, and what has become of it. @param {wire.CorrectionShown} fix @returns {string} */
function state(fix) {
  if (fix.undone) return words.say("fix_undone");
  if (fix.undoes !== null) return words.say("fix_undoes", { row: words.number(fix.undoes) });
  return words.say(fix.untold ? "fix_untold" : fix.labelled ? "did_labelled" : "did_silent");
}

/** @param {wire.CorrectionShown} fix @returns {wire.Action} */
const opposite = (fix) => ({
  do: "correct", unit: fix.unit, round: fix.round, column: fix.column, delta: -fix.delta, labelled: false, undoes: fix.seq, seen: room.seen,
  reason: words.say("fix_undoes", { row: words.number(fix.seq) }),
});

function paint() {
  const fixes = room.stores.control.state.get("corrections") ?? [];
  list.set(fixes);
  show(none, fixes.length === 0);
}

/** An effect in lines: the unit in its round, then each unit above it. @param {wire.CorrectionEffect} effect @param {{round: number, column: string}} made @returns {string} */
function told(effect, { round, column }) {
  const lines = effect.units.map(({ code, round: inRound, all, rank }, at) => {
    const [now, then] = at === 0 ? inRound : all;
    const [was, is] = rank;
    const place = was === null || is === null ? "" : words.say("fix_effect_rank", { was: words.number(was), is: words.number(is) });
    const values = { unit: phrases.unit(code), now: words.number(now), then: words.number(then) };
    const of = { round: contest.rounds[String(round)] ?? String(round), column: words.say(`corrected_${column}`) };
    return at === 0 ? `${words.say("fix_effect", { ...values, ...of })}${place}` : words.say("fix_effect_all", { ...values, rank: place });
  });
  return (effect.kept_back ? [...lines, words.say("fix_effect_waits")] : lines).join("\n");
}

if (contest.may_decide) {
  const unit = new UnitField(room, /** @type {HTMLInputElement} */ (one("#fix-unit")), true);
  fillRounds(room, /** @type {HTMLSelectElement} */ (one("#fix-round")));
  const asked = new URLSearchParams(window.location.search).get("unit");
  if (asked !== null && room.names.has(asked) && !room.children.has(asked)) unit.choose(asked);
  /** Answers the open question. @type {(isMeant: boolean) => void} */
  let answer = () => {};
  const question = new Ask("fix", () => answer(true));
  question.dialog.addEventListener("close", () => answer(false));
  onSubmit(room, "[data-fix-form]", async (values, seen) => {
    const code = unit.chosen();
    if (code === null) return false;
    const column = /** @type {wire.CorrectionShown["column"]} */ (values.get("column"));
    const made = { unit: code, round: Number(values.get("round")), column, delta: Number(values.get("delta")) };
    try {
      const effect = await room.api.effectOfCorrection(made);
      const meant = new Promise((/** @type {(isMeant: boolean) => void} */ resolve) => {
        answer = resolve;
      });
      question.open(words.say("fix_title", { unit: phrases.unit(code) }), told(effect, made));
      if (!(await meant)) return false;
      const labelled = values.get("labelled") === "yes";
      return await room.decide({ do: "correct", ...made, labelled, reason: typed(values, "reason"), seen }, "done_correct", { unit: phrases.unit(code) });
    } catch (error) {
      room.refused(error);
      return false;
    }
  });
}

room.start(paint);
