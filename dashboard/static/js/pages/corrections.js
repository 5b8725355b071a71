/**
 * Corrections: one is made here, and those that were made stand below.
 * @module
 */

import { List, el, show, write } from "../control/element.js";
import { UnitField, fillRounds, onSubmit, typed } from "../control/form.js";
import { Room } from "../control/room.js";
import { signed } from "../control/phrases.js";
import { one } from "../lib/page.js";

const room = new Room();
const { words, phrases, contest } = room;
const none = one("[data-corrections-none]");
const list = new List(one("[data-corrections]"), (/** @type {wire.CorrectionShown} */ fix) => String(fix.seq), (fix) => {
  const texts = [
    words.number(fix.seq), phrases.moment(fix.at), phrases.unit(fix.unit), contest.rounds[String(fix.round)] ?? String(fix.round),
    `${signed(words, fix.delta)} ${words.say(`corrected_${fix.column}`)}`, words.say(fix.labelled ? "did_labelled" : "did_silent"), fix.reason,
  ];
  const by = el("td");
  const element = el("tr", "", [...texts.map((text, at) => el("td", at === 0 ? "num" : "", text)), by]);
  return { element, set: () => write(by, phrases.who(fix.by)) };
});

function paint() {
  const fixes = room.stores.control.state.get("corrections") ?? [];
  list.set(fixes);
  show(none, fixes.length === 0);
}

if (contest.may_decide) {
  const unit = new UnitField(room, /** @type {HTMLInputElement} */ (one("#fix-unit")), true);
  fillRounds(room, /** @type {HTMLSelectElement} */ (one("#fix-round")));
  const asked = new URLSearchParams(window.location.search).get("unit");
  if (asked !== null && room.names.has(asked) && !room.children.has(asked)) unit.choose(asked);
  onSubmit(room, "[data-fix-form]", (values, seen) => {
    const code = unit.chosen();
    if (code === null) return Promise.resolve(false);
    /** @type {wire.Action} */
    const action = {
      do: "correct", unit: code, round: Number(values.get("round")), column: /** @type {wire.CorrectionShown["column"]} */ (values.get("column")),
      delta: Number(values.get("delta")), reason: typed(values, "reason"), labelled: values.get("labelled") === "yes", seen,
    };
    return room.decide(action, "done_correct", { unit: phrases.unit(code) });
  });
}

room.start(paint);
