/**
 * What crosses between Python and the scripts, as the namespace `wire`.
 * Written by `python3 run.py declarations` from the structs of these names: change those, and run it again.
 */
declare namespace wire {
  /**
   * A snapshot (`base` 0, with its `columns`) or a delta, of one topic at one cut.
   */
  interface Frame {
    v: number;
    type: "delta" | "snapshot";
    topic: string;
    epoch: string;
    base: number;
    seq: number;
    at: number;
    heard: number | null;
    rehearsal: boolean;
    columns?: string[];
    rows: Record<string, (number | null)[] | null>;
    state: Record<string, unknown>;
  }

  /**
   * A round by its number, and when it opens and closes.
   */
  interface RoundShown {
    n: number;
    opens_ms: number;
    closes_ms: number;
  }

  /**
   * Since when the numbers are final for now (chốt số).
   */
  interface Frozen {
    at: number;
  }

  /**
   * A milestone, and when it was passed.
   */
  interface Passed {
    value: number;
    at: number;
  }

  /**
   * Completed entries over time: `completed[i]` is the total at `start` + (i + 1) × `step_s`.
   */
  interface Series {
    start: number;
    step_s: number;
    completed: number[];
  }

  /**
   * Of `board`. `recent` are the units that had the latest entries, `corrected` those whose numbers somebody has
   * corrected and wants that told, `milestone` the one passed last.
   */
  interface BoardState {
    recent: string[] | null;
    rounds: [number, number, number][] | null;
    round: RoundShown | null;
    frozen: Frozen | null;
    corrected: string[] | null;
    milestone: Passed | null;
    series: Series | null;
  }

  /**
   * The siblings just ahead of a unit and just behind it.
   */
  interface Near {
    ahead: string | null;
    behind: string | null;
  }

  /**
   * Of `unit/{code}`. `corrected` is true if numbers at or below the unit are.
   */
  interface UnitState {
    near: Near | null;
    frozen: Frozen | null;
    corrected: boolean | null;
  }

  /**
   * The cut that is public.
   */
  interface CutShown {
    seq: number;
    at: number;
    heard: number | null;
  }

  /**
   * Who decided what, and when; of what an operator must know before deciding again. `final` is of a hold that made the
   * numbers final.
   */
  interface Decided {
    seq: number;
    kind: string;
    unit: string | null;
    by: string;
    at: number;
    final: boolean;
  }

  /**
   * A hold: since which row and when, who holds and why; see `streaming.decisions.gate.Hold`.
   */
  interface HoldShown {
    since: number;
    at: number;
    by: string;
    reason: string;
    rule: string | null;
    tell: boolean;
    final: boolean;
    scheduled: boolean;
  }

  /**
   * A hold of one unit, and how many `entries` it keeps back.
   */
  interface UnitHoldShown {
    unit: string;
    since: number;
    at: number;
    by: string;
    reason: string;
    rule: string | null;
    tell: boolean;
    final: boolean;
    scheduled: boolean;
    entries: number;
  }

  /**
   * What the gate does by itself; `from_ms` is null for a round that there is no more.
   */
  interface ScheduleShown {
    round: number;
    before_close_ms: number;
    delay_ms: number | null;
    from_ms: number | null;
    done: boolean;
  }

  /**
   * An entry that waits to be verified.
   */
  interface QuarantinedShown {
    source: string;
    id: string;
    unit: string;
    kind: string;
    at: number;
  }

  /**
   * The gate; of the entries that wait to be verified the latest, and how many there are.
   */
  interface GateShown {
    held_all: HoldShown | null;
    held: UnitHoldShown[];
    delay_ms: number;
    schedules: ScheduleShown[];
    quarantined: QuarantinedShown[];
    quarantined_total: number;
  }

  /**
   * Somebody's change of one count.
   */
  interface CorrectionShown {
    seq: number;
    unit: string;
    round: number;
    column: "completed" | "participants" | "registered" | "started";
    delta: number;
    reason: string;
    labelled: boolean;
    by: string;
    at: number;
  }

  /**
   * Completed entries that no round has counted: before, between and after them.
   */
  interface Outside {
    before: number;
    between: number;
    after: number;
  }

  /**
   * Of `control`. `decided` is the seq of the `last` decision, 0 before the first; `nameless` counts completed entries
   * without a person.
   */
  interface ControlState {
    shown: CutShown | null;
    decided: number | null;
    last: Decided | null;
    round: RoundShown | null;
    rounds: [number, number, number][] | null;
    gate: GateShown | null;
    corrections: CorrectionShown[] | null;
    milestones: Passed[] | null;
    outside: Outside | null;
    nameless: number | null;
  }

  /**
   * Of `point/{code}`. `review` is true while the unit is held and its own point may know.
   */
  interface PointState {
    review: boolean | null;
  }

  /**
   * A source: when it was heard, when its last entry came and how late, what was taken and refused, by reason.
   */
  interface SourceShown {
    name: string;
    state: "awaited" | "live" | "never" | "off" | "silent";
    heartbeat_s: number | null;
    heard: number | null;
    last_entry: number | null;
    lag_ms: number | null;
    accepted: number;
    duplicates: number;
    rejected: Record<string, number>;
  }

  /**
   * Something that a person should look at; `past` once its ground has gone.
   */
  interface AlarmShown {
    id: string;
    rule: string;
    subject: string;
    since: number;
    level: "alert" | "hold";
    detail: Record<string, number | string>;
    seen: boolean;
    past: boolean;
  }

  /**
   * A decision that is not on disk yet: what is decided, of which unit, by whom, when; `kind` is "final" for a hold
   * that makes the numbers final. A hold acts already, another will once the disk has taken it.
   */
  interface Unwritten {
    kind: string;
    unit: string | null;
    by: string;
    at: number;
  }

  /**
   * Whether the ledger can be written, and why not.
   */
  interface LedgerShown {
    ok: boolean;
    reason: string | null;
  }

  /**
   * Of `watch`. `unwritten` are decisions that are not on disk, `names` those of accounts by their number.
   */
  interface WatchState {
    sources: SourceShown[] | null;
    alarms: AlarmShown[] | null;
    unwritten: Unwritten[] | null;
    ledger: LedgerShown | null;
    names: Record<string, string> | null;
  }

  /**
   * A name in full and short, and the classes by which the style sheet shows one of them in the right size.
   */
  interface Name {
    full: string;
    short: string;
    fit: string;
  }

  /**
   * A unit's name with that of the unit above, null where that is the root.
   */
  interface UnitMeta {
    code: string;
    above: Name | null;
    full: string;
    short: string;
    fit: string;
  }

  /**
   * What the script of the big screen reads of the contest: `ranked` are the units of the standings, `children` those
   * right below the root, `leaves` those of the map, `units` what the latest entries may be of.
   */
  interface HallData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    root: string;
    by: "completed" | "participants" | "rate";
    ranked: string[];
    children: string[];
    leaves: string[];
    columns: string[];
    steps: number[];
    top_rows: number;
    standings_rows: number;
    rounds: Record<string, string>;
    units: Record<string, UnitMeta>;
  }

  /**
   * What the script of a unit's page reads of the contest: `groups` is what lies below, the units ranked together, then
   * those ranked apart; `siblings` how many units it is ranked with and `kinds` what they are; `areas` the child of
   * each hexagon, and how many hexagons that has; `units` siblings and children.
   */
  interface UnitData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    root: string;
    unit: string;
    is_root: boolean;
    by: "completed" | "participants" | "rate";
    groups: string[][];
    columns: string[];
    siblings: number;
    kinds: string;
    steps: number[];
    areas: Record<string, [string, number]>;
    units: Record<string, UnitMeta>;
  }

  /**
   * What the script of the presenter's page reads of the contest: the account `me` that reads it, the units of the
   * standings and their full names.
   */
  interface PresenterData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    me: string;
    root: string;
    by: "completed" | "participants" | "rate";
    ranked: string[];
    names: Record<string, string>;
  }

  /**
   * What the scripts of the control room read of the contest. `store` is the one that the page shows and acts on,
   * `prefix` that of its topics; `me` the account that it was opened for, `here` its address; `unit_rules` are the
   * rules about a unit, `rounds` the names of rounds by their number, `units` all units in official order.
   */
  interface RoomData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    prefix: string;
    store: "live" | "rehearsal";
    me: string;
    here: string;
    may_decide: boolean;
    root: string;
    by: "completed" | "participants" | "rate";
    unit_rules: string[];
    rounds: Record<string, string>;
    units: [string, string | null, string, string][];
  }

  /**
   * Snapshots of the topics that every page follows: the public board, the whole fold, the watch.
   */
  interface Live {
    board: Frame;
    control: Frame;
    watch: Frame;
  }

  /**
   * `seq` is the decision's row; null while it is not written: a hold acts all the same, another once it is.
   */
  interface DecisionAnswer {
    seq: number | null;
    written: boolean;
  }

  /**
   * The 409 of a decision that comes too late or too soon; `last` is a later decision by somebody else, or the
   * account's own one that is still being written.
   */
  interface StaleBody {
    type: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    field?: string | null;
    value?: string | null;
    expected?: string | null;
    last: Decided;
  }

  /**
   * What a release changes for the whole: numbers, now and then.
   */
  interface TotalEffect {
    completed: [number, number];
    participants: [number, number];
  }

  /**
   * What a release changes for one unit: numbers and place, now and then.
   */
  interface UnitEffect {
    code: string;
    completed: [number, number];
    participants: [number, number];
    rank: [number | null, number | null];
  }

  /**
   * What a release would bring; `seen` is the last decision that this takes into account.
   */
  interface Effect {
    seen: number;
    total: TotalEffect;
    units: UnitEffect[];
  }

  /**
   * An entry; `at` and `received` are ms since the epoch. `state` is "shown" where it stands in the public numbers, or
   * would but for the round that it missed.
   */
  interface Listed {
    source: string;
    id: string;
    unit: string;
    kind: string;
    at: number;
    received: number;
    person: string | null;
    state: "held" | "quarantined" | "shown" | "voided";
  }

  /**
   * The latest entries at and below `unit`, or those of them that wait to be verified. `is_whole` says that there are
   * no more of them.
   */
  interface Entries {
    unit: string;
    entries: Listed[];
    is_whole: boolean;
  }

  type Action =
    | { do: "hold"; unit: string | null; reason?: string; tell?: boolean }
    | { do: "final"; reason?: string }
    | { do: "release"; unit: string | null; seen: number; reason?: string }
    | { do: "quarantine"; entries: [string, string][]; seen: number; reason?: string }
    | { do: "clear"; entries: [string, string][]; seen: number; reason?: string }
    | { do: "void"; entries: [string, string][]; seen: number; reason: string }
    | { do: "correct"; unit: string; round: number; column: "completed" | "participants" | "registered" | "started"; delta: number; reason: string; labelled: boolean; seen: number }
    | { do: "schedule"; round: number; before_close_ms: number | null; delay_ms: number | null; seen: number; reason?: string }
    | { do: "delay"; delay_ms: number; seen: number; reason?: string }
    | { do: "round"; n: number; opens_ms?: number | null; closes_ms?: number | null; seen: number; reason?: string }
    | { do: "seen"; alarm: string };
}
