/**
 * What an output is in words: whose hand it is in, which numbers it shows and how late, what is unusual. Pure.
 * @module
 */


/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("./phrases.js").Phrases} Phrases */
/** @typedef {Partial<wire.ControlProgramState>} OutputState of a topic that has not been heard yet nothing is known */
/** @typedef {"still" | "withdrawn" | "checking"} Mark */
/** @typedef {{me: string, output: string | null, steer: boolean, break: boolean}} Hand who sits here, and which output they are bound to */

const TV = "tv";
const TV_OUTPUTS_MAX = 16;

/** An output's name on pages: whole, or short where many stand side by side. @param {Words} words @param {string} name @param {"output" | "short"} [form] @returns {string} */
export function title(words, name, form = "output") {
  const key = `${form}_${name}`;
  return key in words.texts ? words.say(key) : words.say(`${form}_tv`, { n: name.slice(TV.length) });
}

/** The first name that no output has, null where there are as many as there may be. @param {readonly string[]} names @returns {string | null} */
export function freeName(names) {
  for (let n = 1; n <= TV_OUTPUTS_MAX; n += 1) if (!names.includes(`${TV}${n}`)) return `${TV}${n}`;
  return null;
}

/** Names in the order in which outputs stand: what every ceremony has, then by number. @param {readonly string[]} names @returns {string[]} */
export function inOrder(names) {
  const place = (/** @type {string} */ name) => (name.startsWith(TV) ? Number(name.slice(TV.length)) : name === "hall" ? -1 : 0);
  return [...names].sort((one, other) => place(one) - place(other));
}

/** The outputs that one may follow: none that follows it, directly or over others. @param {string} name @param {ReadonlyMap<string, OutputState>} states @returns {string[]} */
export function followable(name, states) {
  return [...states.keys()].filter((other) => {
    /** @type {string | null} */
    let at = other;
    for (let hops = 0; at !== null && hops <= states.size; hops += 1) {
      if (at === name) return false;
      at = states.get(at)?.follows ?? null;
    }
    return true;
  });
}

/**
 * What taking wrong numbers off at an output does: whose picture goes to the backdrop, and who is told and keeps his own.
 * @param {string} name
 * @param {ReadonlyMap<string, OutputState>} states
 * @param {Hand} hand
 * @returns {{taken: string[], told: string[]}}
 */
export function withdrawal(name, states, hand) {
  const store = states.get(name)?.output?.store;
  const same = [...states.keys()].filter((other) => states.get(other)?.output?.store === store);
  const reached = new Set([name]);
  for (let count = 0; count !== reached.size; ) {
    count = reached.size;
    for (const [other, { follows, lock }] of states) if (follows && reached.has(follows) && !lock) reached.add(other);
  }
  const taken = same.filter((other) => reached.has(other));
  // Whoever is bound to one output takes his own picture off; the numbers, and all others, are the hall's.
  return { taken, told: hand.output === null ? same.filter((other) => !reached.has(other)) : [] };
}

/** Whether numbers are off the air by a hand that who sits here can undo. @param {OutputState} state @param {Hand} hand @returns {boolean} */
export const mayRestore = ({ withdrawn }, hand) => Boolean(withdrawn) && (hand.output === null || withdrawn?.holds === false);

/** Whether it is held by a hand that is not one with who sits here. @param {OutputState} state @param {Hand} hand @returns {boolean} */
export const isOthers = (state, hand) => Boolean(state.lock) && state.lock?.by !== hand.me && hand.output === null;

/** 1800 → "1,8", 2000 → "2": seconds as they are set. @param {Words} words @param {number} ms @returns {string} */
export function seconds(words, ms) {
  const tenths = Math.round(ms / 100);
  const rest = tenths % 10;
  return rest ? `${words.number(Math.floor(tenths / 10))}${words.lang === "en" ? "." : ","}${rest}` : words.number(tenths / 10);
}

/** "chậm 1,8 giây", "" for an output that is not late. @param {Words} words @param {OutputState} state @returns {string} */
export function lateness(words, state) {
  const ms = state.output?.delay_ms ?? 0;
  return ms > 0 ? words.say("late", { s: seconds(words, ms) }) : "";
}

/** Whose hand an output is in, in a few words. @param {Phrases} phrases @param {OutputState} state @param {Hand} hand @returns {string} */
export function handOf(phrases, state, hand) {
  const { words } = phrases;
  if (state.lock) return state.lock.by === hand.me ? words.say("hand_mine") : words.say("hand_held", { who: phrases.who(state.lock.by) });
  return state.follows ? words.say("hand_follows", { output: title(words, state.follows, "short") }) : words.say("hand_own");
}

/** What everybody sees on it: a still picture if it stands still. @param {OutputState} state @returns {wire.SceneOnAir | null} */
export const seenOn = (state) => state.still?.scene ?? state.on_air?.scene ?? null;

/** What is unusual of it, the gravest first. @param {string} name @param {OutputState} state @returns {Mark[]} */
export function marksOf(name, state) {
  /** @type {Mark[]} */
  const marks = state.still ? ["still"] : [];
  if (state.withdrawn) marks.push(state.withdrawn.scene || state.withdrawn.output === name ? "withdrawn" : "checking");
  return marks;
}

/** @param {OutputState} state @returns {boolean} */
export const isRehearsal = (state) => state.output?.store === "rehearsal";

/**
 * What stands over the whole width of an output's page while it lasts.
 * @param {Phrases} phrases
 * @param {string} name
 * @param {OutputState} state
 * @returns {{key: string, text: string}[]}
 */
export function linesOf(phrases, name, state) {
  const { words } = phrases;
  const { withdrawn, broken, solemn, follows } = state;
  const lines = [];
  // Whoever holds his output is told, not overruled.
  if (solemn) lines.push({ key: "solemn", text: words.say("line_solemn", { output: title(words, follows ?? "hall", "short"), scene: phrases.scene(solemn) }) });
  if (withdrawn) {
    const output = title(words, withdrawn.output, "short");
    const [mark] = marksOf(name, { withdrawn });
    const key = mark === "checking" ? "line_checking" : withdrawn.output === name ? "line_withdrawn" : "line_withdrawn_by";
    const text = words.say(key, { output, time: phrases.moment(withdrawn.at), who: phrases.who(withdrawn.by) });
    const back = withdrawn.to === null ? "" : ` ${words.say("line_back", { time: phrases.moment(withdrawn.to) })}`;
    lines.push({ key: mark ?? "", text: text + back });
  }
  if (broken) {
    const values = { who: phrases.who(broken.by), holder: phrases.who(broken.lock.by), time: phrases.moment(broken.at), reason: broken.reason };
    lines.push({ key: "broken", text: words.say("line_broken", values) });
  }
  return lines;
}

/** What comes by itself: what is followed and not due yet, and a cue. @param {Phrases} phrases @param {OutputState} state @returns {string} */
export function soon(phrases, state) {
  const { words } = phrases;
  const delayMs = state.output?.delay_ms ?? 0;
  const [next] = state.coming ?? [];
  const parts = [];
  if (next) parts.push(words.say("coming", { scene: phrases.scene(next.scene.name), time: phrases.moment(next.at + delayMs) }));
  if (state.cue && state.cue.at + delayMs > phrases.now()) parts.push(words.say("cue", { time: phrases.moment(state.cue.at + delayMs) }));
  return parts.join(" · ");
}

/** A field's seconds, "1,8" and "1.8" alike, as ms; null for what is no delay. @param {string} text @returns {number | null} */
export function delayMs(text) {
  const ms = Math.round(Number(text.trim().replace(",", ".")) * 1_000);
  return text.trim() !== "" && ms >= 0 && ms <= DELAY_MS_MAX ? ms : null;
}

export const DELAY_MS_MAX = 30_000;

/** Where an output's screens are opened. @param {string} origin @param {string} name @returns {string} */
export const addressOf = (origin, name) => `${origin}/?out=${name}`;
