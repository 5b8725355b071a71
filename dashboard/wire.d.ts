/**
 * What crosses between Python and the scripts, as the namespace `wire`.
 * Written by `python3 run.py declarations` from the structs of these names: change those, and run it again.
 */
declare namespace wire {
  interface Countdown {
    to_ms: number | null;
    left_ms: number | null;
  }

  interface SceneOnAir {
    name: string;
    settings: Record<string, boolean | number | string | null | (number | string)[]>;
    take: number;
    since: number;
    step: number;
    countdown: Countdown | null;
  }

  interface Cue {
    name: string;
    id: number;
    at: number;
  }

  interface Showing {
    store: "live" | "rehearsal";
    delay_ms: number;
    frozen: boolean;
    since?: number | null;
  }

  interface OverlayOnAir {
    shown: boolean;
    data: Record<string, boolean | number | string | null | (number | string)[]>;
    step: number;
    show: number;
    since: number;
  }

  interface KeptOut {
    left: number;
    top: number;
    width: number;
    height: number;
    what: "logo" | "other" | "sign";
  }

  interface PointsAired {
    connected: string[];
    of: number;
    present: number;
  }

  interface ProgramState {
    scene: SceneOnAir | null;
    cue: Cue | null;
    output: Showing | null;
    overlays: Record<string, OverlayOnAir> | null;
    cleared: number | null;
    kept_out: KeptOut[] | null;
    theme: string | null;
    points: PointsAired | null;
  }

  interface Take {
    version: number;
    by: string;
    scene: SceneOnAir;
  }

  interface Done {
    version: number;
    by: string;
    at: number;
    did: string;
    scene: SceneOnAir | null;
    reason: string;
  }

  interface Lock {
    by: string;
    at: number;
  }

  interface Broken {
    lock: Lock;
    by: string;
    at: number;
    reason: string;
  }

  interface Still {
    by: string;
    at: number;
    scene: SceneOnAir;
    cue: Cue | null;
  }

  interface Overlay {
    shown: boolean;
    data: Record<string, boolean | number | string | null | (number | string)[]>;
    step: number;
    show: number;
    since: number;
    hides_at: number | null;
  }

  interface Coming {
    output: string;
    by: string;
    at: number;
    scene: SceneOnAir;
    overlays: Record<string, Overlay> | null;
  }

  interface Preview {
    name: string;
    settings: Record<string, boolean | number | string | null | (number | string)[]>;
    step: number;
  }

  interface Withdrawn {
    output: string;
    by: string;
    at: number;
    to: number | null;
    scene: SceneOnAir | null;
    holds: boolean;
    overlays: string[];
  }

  interface Item {
    id: string;
    title: string;
    scene: string | null;
    settings: Record<string, boolean | number | string | null | (number | string)[]>;
    say: string;
    note: string;
    unit: string | null;
    at_ms: number | null;
    duration_s: number | null;
    advance_s: number | null;
    hold: boolean;
    skip: boolean;
    arm: boolean;
  }

  interface Rundown {
    items: Item[];
    ends_ms: number | null;
  }

  interface Armed {
    by: string;
    until: number;
    item: string | null;
    scene: string | null;
    overlay: string | null;
  }

  interface Began {
    item: string;
    at: number;
  }

  interface Tempo {
    speed: number;
    plan_ms: number;
    at_ms: number;
  }

  interface Running {
    run: number;
    on: string | null;
    since: number | null;
    next: string | null;
    armed: Armed | null;
    advances_at: number | null;
    began: Began[];
    launched: number | null;
    tempo: Tempo | null;
  }

  interface HostLine {
    by: string;
    at: number;
    text: string;
  }

  interface Tried {
    by: string;
    at: number;
  }

  interface Tick {
    by: string;
    at: number;
    note: string;
  }

  interface RendererFault {
    renderer: string;
    has_key: boolean;
    overlay: string;
    code: "address" | "host_data" | "host_removed" | "host_value" | "key" | "old" | "strap";
    what: string;
    first: number;
    last: number;
    count: number;
  }

  interface ControlProgramState {
    version: number | null;
    on_air: Take | null;
    last: Done | null;
    follows: string | null;
    lock: Lock | null;
    broken: Broken | null;
    output: Showing | null;
    still: Still | null;
    coming: Coming[] | null;
    preview: Preview | null;
    cue: Cue | null;
    withdrawn: Withdrawn | null;
    tally: boolean | null;
    lacks: Record<string, string> | null;
    rundown: Rundown | null;
    running: Running | null;
    host: HostLine | null;
    tried: Tried | null;
    ticks: Record<string, Tick> | null;
    solemn: string | null;
    overlays: Record<string, Overlay> | null;
    kept_out: KeptOut[] | null;
    theme: string | null;
    faults: RendererFault[] | null;
  }

  interface Check {
    line: string;
    ok: boolean;
    code: string;
    figures: Record<string, number | string>;
    by_hand: boolean;
    by: string | null;
    at: number | null;
    note: string;
  }

  interface Checks {
    output: string;
    store: "live" | "rehearsal";
    now: number;
    checks: Check[];
    against: string[];
  }

  interface Spoken {
    id: string;
    title: string;
    say: string;
    at_ms: number | null;
    duration_s: number | null;
    unit: string | null;
    waits: boolean;
  }

  interface RoomLine {
    at: number;
    text: string;
  }

  interface PointLine {
    unit: string;
    at: number;
    text: string;
  }

  interface PointsHeard {
    connected: number;
    of: number;
    present: number;
    missing: string[];
    lines: PointLine[];
  }

  interface PresenterState {
    items: Spoken[] | null;
    on: string | null;
    since: number | null;
    next: string | null;
    ends_ms: number | null;
    tempo: Tempo | null;
    host: RoomLine | null;
    withdrawn: boolean | null;
    points: PointsHeard | null;
  }

  interface ButtonState {
    armed_until: number | null;
    launched_at: number | null;
    tried: Tried | null;
  }

  interface OutputShown {
    name: string;
    title: string;
    follows: string | null;
    locked_by: string | null;
    delay_ms: number;
    store: "live" | "rehearsal";
    scene: string;
    settings: Record<string, boolean | number | string | null | (number | string)[]>;
    take: number;
    since: number;
    by: string;
    frozen: boolean;
    cue: Cue | null;
    withdrawn: boolean;
    tally: boolean | null;
    version: number;
  }

  interface OutputsShown {
    outputs: OutputShown[];
  }

  interface TakeAnswer {
    version: number;
  }

  interface StaleTakeBody {
    type: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    field?: string | null;
    value?: string | null;
    expected?: string | null;
    last: Done;
  }

  interface PictureShown {
    digest: string;
    name: string;
    address: string;
    width: number;
    height: number;
    bytes: number;
    added: number;
    by: string;
    used_by: string | null;
  }

  interface PicturesShown {
    pictures: PictureShown[];
    file_bytes_max: number;
    count_max: number;
    bytes_max: number;
  }

  interface ItemChange {
    did: "added" | "changed" | "moved" | "removed";
    id: string;
    title: string;
    row: number | null;
    fields: string[];
  }

  interface RowFault {
    row: number;
    column: string;
    code: string;
    found: string;
    expected: string;
  }

  interface RundownRead {
    version: number;
    items: number;
    changes: ItemChange[];
    ends_changes: boolean;
    faults: RowFault[];
    done: boolean;
  }

  interface Approval {
    by: string;
    at: number;
  }

  interface Strap {
    honorific: "" | "ba" | "dong-chi" | "em" | "ong";
    name: string;
    titles: string[];
    capitals: boolean;
    note: string;
    id: string;
    version: number;
    approved: Approval | null;
  }

  interface StrapsShown {
    version: number;
    straps: Strap[];
    count_max: number;
    name_chars_max: number;
    title_chars_max: number;
    titles_max: number;
    note_chars_max: number;
  }

  interface StrapsData {
    shown: StrapsShown;
    may_edit: boolean;
    names: Record<string, string>;
  }

  interface StrapChange {
    did: "added" | "changed" | "moved" | "removed";
    name: string;
    note: string;
    row: number | null;
    fields: string[];
    ends_approval: boolean;
  }

  interface StrapsFileRead {
    version: number;
    people: number;
    changes: StrapChange[];
    faults: RowFault[];
    done: boolean;
  }

  interface StrapTold {
    name: string;
    honorific: "" | "ba" | "dong-chi" | "em" | "ong";
    titles: string[];
    capitals: boolean;
  }

  interface SelfTest {
    at: number;
    verdict: "bad" | "fair" | "good";
    faults: string[];
  }

  interface ScreenShown {
    name?: string;
    label?: string;
    role?: "hall" | "other" | "overlay" | "point" | "points" | "presenter" | "scene" | "test" | "tv" | "unit";
    address?: string;
    show?: string;
    out?: string;
    scene?: string;
    topic?: string;
    agent?: string;
    size?: [number, number, number] | null;
    link?: "poll" | "socket" | null;
    by?: string;
    since?: number;
    gone?: number | null;
    is_old?: boolean;
    hidden?: boolean;
    fault?: string;
    test?: SelfTest | null;
  }

  interface ScreensState {
    screens: Record<string, ScreenShown> | null;
  }

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

  interface RegistryData {
    topic: string;
    first: Frame;
    may_steer: boolean;
    scenes: Record<string, string>;
    names: Record<string, string>;
  }

  interface ScreensTold {
    count: number;
  }

  interface Frozen {
    at: number;
  }

  interface RoundShown {
    n: number;
    opens_ms: number;
    closes_ms: number;
  }

  interface Passed {
    value: number;
    at: number;
  }

  interface Series {
    start: number;
    step_s: number;
    completed: number[];
  }

  interface BoardState {
    act: number;
    frozen: Frozen | null;
    recent: string[] | null;
    rounds: [number, number, number][] | null;
    round: RoundShown | null;
    corrected: string[] | null;
    milestone: Passed | null;
    series: Series | null;
  }

  interface Near {
    ahead: string | null;
    behind: string | null;
  }

  interface UnitState {
    act: number;
    frozen: Frozen | null;
    near: Near | null;
    corrected: boolean | null;
    taking_part: [number, number] | null;
    share: number | null;
  }

  interface CutShown {
    seq: number;
    at: number;
    heard: number | null;
  }

  interface Decided {
    seq: number;
    kind: string;
    unit: string | null;
    by: string;
    at: number;
    final: boolean;
    source: string | null;
  }

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

  interface ScheduleShown {
    round: number;
    before_close_ms: number;
    delay_ms: number | null;
    from_ms: number | null;
    done: boolean;
  }

  interface QuarantinedShown {
    source: string;
    id: string;
    unit: string;
    kind: string;
    at: number;
  }

  interface GateShown {
    held_all: HoldShown | null;
    withdrawn: string | null;
    back_to: number | null;
    held: UnitHoldShown[];
    delay_ms: number;
    schedules: ScheduleShown[];
    quarantined: QuarantinedShown[];
    quarantined_total: number;
  }

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
    undoes: number | null;
    undone: boolean;
    untold: boolean;
  }

  interface Outside {
    before: number;
    between: number;
    after: number;
  }

  interface AsideShown {
    source: string;
    at: number;
    by: string;
    reason: string;
  }

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
    aside: AsideShown[] | null;
  }

  interface PointState {
    review: boolean | null;
  }

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
    title: string;
  }

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

  interface Unwritten {
    kind: string;
    unit: string | null;
    by: string;
    at: number;
    source: string | null;
  }

  interface LedgerShown {
    ok: boolean;
    reason: string | null;
  }

  interface OpeningShown {
    n: number;
    state: "asks" | "late" | "waits";
    at: number | null;
    launch: number | null;
  }

  interface WatchState {
    sources: SourceShown[] | null;
    alarms: AlarmShown[] | null;
    unwritten: Unwritten[] | null;
    ledger: LedgerShown | null;
    names: Record<string, string> | null;
    opening: OpeningShown | null;
  }

  interface Totals {
    of: number;
    connected: number;
    missing: number;
    open: number;
    ready: number;
    present: number;
    present_connected: number;
  }

  interface Call {
    state: "get_ready" | "none" | "on_air" | "soon";
    key: string;
    text: string;
    due: number | null;
    by_hand: boolean;
  }

  interface Line {
    text: string;
    at: number;
    state: "aside" | "shown" | "waiting";
  }

  interface People {
    chair_title: string;
    chair: string;
    technician: string;
    telephone: string;
  }

  interface PointsState {
    scope: string | null;
    totals: Record<string, Totals> | null;
    calls: Record<string, Call> | null;
    lines: Record<string, Line> | null;
    people: Record<string, People> | null;
  }

  interface HallData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    output: string;
    root: string;
    by: "completed" | "participants" | "rate";
    leaves: string[];
    keys: string[];
    stays: boolean;
  }

  interface UnitData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    output: string;
    root: string;
    by: "completed" | "participants" | "rate";
  }

  interface PointData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    output: string;
    root: string;
    by: "completed" | "participants" | "rate";
    leaves: string[];
    keys: string[];
    stays: boolean;
    unit: string;
    me: string;
    path: string[];
    lands: string[];
    own_topic: string;
    gives_way: string[];
  }

  interface PhoneData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    unit: string;
    me: string;
    present_max: number;
    line_chars_max: number;
  }

  interface SelfTestData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
  }

  interface TextLimit {
    chars: number;
    lines: number;
  }

  interface OverlayData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    output: string;
    root: string;
    by: "completed" | "participants" | "rate";
    leaves: string[];
    name: string;
    asked: Record<string, unknown>;
    defaults: Record<string, unknown>;
    placed: string[];
    written: string[];
    limits: Record<string, TextLimit>;
    faults: string[];
    shown: OverlayOnAir | null;
    cleared: number;
    kept_out: KeptOut[];
    theme: string;
    sheets: string;
    asks_theme: boolean;
    theme_shipped: string;
  }

  interface PresenterData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    topic: string;
    output: string;
    me: string;
    root: string;
    by: "completed" | "participants" | "rate";
    ranked: string[];
    names: Record<string, string>;
    scenes: Record<string, string>;
    points: Record<string, string>;
  }

  interface ButtonData {
    lang: string;
    timezone: string;
    texts: Record<string, string>;
    output: string;
    me: string;
  }

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
    apart: string[];
  }

  interface Live {
    board: Frame;
    control: Frame | null;
    watch: Frame | null;
  }

  interface OutputsData {
    output: string;
    frames: Record<string, Frame>;
    may_steer: boolean;
    may_break: boolean;
    bound: string | null;
    names: Record<string, string>;
  }

  interface OverlayDeskData {
    scenes: Record<string, string>;
    solemn: string[];
    overlays: Record<string, string>;
    with_numbers: string[];
  }

  interface RollCallData {
    frame: Frame;
    points: [string, number][];
    may_tick: boolean;
    may_moderate: boolean;
    names: Record<string, string>;
    present_max: number;
    line_chars_max: number;
    people_chars_max: number;
  }

  interface FoundFault {
    row: number;
    value: string;
    code: "doubled" | "other_subtree" | "several" | "too_long" | "unknown_unit";
    near: string[];
  }

  interface ListRead {
    rows: number;
    codes: string[];
    changes: number;
    faults: FoundFault[];
    done: boolean;
  }

  interface BridgeFault {
    index: number;
    value: string;
    code: "doubled" | "other_subtree" | "several" | "too_long" | "unknown_unit";
  }

  interface BridgeAnswer {
    changed: number;
    rejected: BridgeFault[];
  }

  interface PeopleShown {
    code: string;
    people: People;
  }

  interface PointShown {
    code: string;
    bridge: boolean | null;
    ready: boolean | null;
    present: number | null;
    line: Line | null;
    acked: string;
  }

  interface DecisionAnswer {
    seq: number | null;
    written: boolean;
  }

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

  interface TotalEffect {
    completed: [number, number];
    participants: [number, number];
  }

  interface UnitEffect {
    code: string;
    completed: [number, number];
    participants: [number, number];
    rank: [number | null, number | null];
  }

  interface Effect {
    seen: number;
    total: TotalEffect;
    units: UnitEffect[];
  }

  interface CorrectedUnit {
    code: string;
    round: [number, number];
    all: [number, number];
    rank: [number | null, number | null];
  }

  interface CorrectionEffect {
    seen: number;
    kept_back: boolean;
    units: CorrectedUnit[];
  }

  interface MomentEffect {
    seen: number;
    total: TotalEffect;
    units: UnitEffect[];
    shown: CutShown;
  }

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

  interface Entries {
    unit: string;
    entries: Listed[];
    is_whole: boolean;
  }

  interface Me {
    name: string;
    role: string;
  }

  interface NumberSpec {
    of: string;
    column: string;
  }

  interface NumberView {
    text: string;
  }

  interface TextSpec {
    name: string;
    of: string | null;
    rounds: Record<string, string>;
    above: string;
  }

  interface TextView {
    text: string;
  }

  interface Name {
    full: string;
    short: string;
    fit: string;
  }

  interface RowsSpec {
    of: string;
    by: string;
    limit: number;
    columns: string[];
    codes: string[];
    names: Record<string, Name>;
  }

  interface RowSeen {
    code: string;
    rank: string;
    leads: boolean;
    cells: string[];
  }

  interface RowsView {
    rows: RowSeen[];
    chars: number;
  }

  interface TableSpec {
    of: string;
    by: string;
    order: "ceremony" | "full";
    columns: string[];
    codes: string[];
    names: Record<string, Name>;
    rest: Name | null;
    per_page: number;
    in_column: number;
    turn_ms: number;
  }

  interface TableLine {
    code: string;
    rank: string;
    leads: boolean;
    cells: string[];
    bar: number;
  }

  interface FootLine {
    kind: string;
    cells: string[];
  }

  interface TableView {
    page: string;
    halves: TableLine[][];
    foot: FootLine[];
    chars: number;
    foot_chars: number;
    pace_chars: number;
  }

  interface MapSpec {
    of: string;
    by: string;
    steps: number[];
    ground: string;
    codes: string[];
    sizes: Record<string, number>;
    is_below: boolean;
    inscribed: "" | "names" | "places";
    is_flat: boolean;
    lit: number;
  }

  interface MapView {
    colours: (number | null)[];
    counts: string[];
    places: string[];
    count_tenths: number;
    lit: string[];
  }

  interface LegendSpec {
    map: MapSpec;
    head: string;
  }

  interface LegendView {
    steps: [number, string][];
    note: string;
  }

  interface UnitMeta {
    code: string;
    above: Name | null;
    full: string;
    short: string;
    fit: string;
  }

  interface RecentSpec {
    limit: number;
    units: Record<string, UnitMeta>;
  }

  interface RecentSeen {
    code: string;
    count: string;
  }

  interface RecentView {
    lines: RecentSeen[];
    chars: number;
  }

  interface TrendSpec {
    of: string;
    figure: Record<string, unknown>;
  }

  interface TrendView {
    line: string;
    area: string;
    ends: string[];
    chars: number;
  }

  interface MilestoneSpec {
  }

  interface MilestoneView {
    text: string;
  }

  interface Ranked {
    by: string;
    count: number;
    placed: number;
    kinds: string;
  }

  interface PlaceSpec {
    of: string;
    siblings: Ranked;
    fit: number;
  }

  interface PlaceView {
    place: string;
    line: string;
  }

  interface FactsSpec {
    of: string;
    columns: string[];
  }

  interface FactsView {
    texts: string[];
    size: number;
  }

  interface LadderSpec {
    of: string;
    siblings: Ranked;
    below: string[];
    names: Record<string, [string, number]>;
  }

  interface Rung {
    code: string;
    is_own: boolean;
    rank: string;
    also: string;
    value: string;
    gap: string;
  }

  interface LadderView {
    lines: Rung[];
    chars: number;
    places: number;
  }

  interface BelowSpec {
    of: string;
    by: string;
    columns: string[];
    groups: string[][];
    steps: number[];
    sizes: Record<string, number>;
  }

  interface BelowLine {
    code: string;
    rank: string;
    step: number | null;
    cells: string[];
  }

  interface BelowView {
    lines: BelowLine[];
    chars: number;
  }

  interface LightSpec {
    of: string;
  }

  interface LightView {
  }

  interface SplitSpec {
    of: string;
    column: string;
    names: Record<string, string>;
    few: string;
  }

  interface SplitLine {
    row: string;
    count: string;
    share: string;
    bar: number;
  }

  interface SplitView {
    lines: SplitLine[];
    chars: number;
  }

  interface GaugeSpec {
  }

  interface GaugeView {
    clock: string;
  }

  interface CountdownSpec {
    to_ms: number | null;
  }

  interface CountdownView {
    head: string;
    days: string;
    clock: string;
  }

  interface GapsSpec {
    of: string;
    siblings: Ranked;
    names: Record<string, string>;
  }

  interface GapsView {
    ahead: string;
    behind: string;
  }

  interface RollSpec {
    of: string;
    ground: string;
    codes: string[];
    names: Record<string, string>;
    groups: Record<string, string>;
    heads: Record<string, string>;
    per_page: number;
    counts: boolean;
    present: boolean;
  }

  interface RollView {
    count: string;
    present: string;
    head: string;
    names: string[];
    page: string;
    lit: boolean[];
  }

  type Action =
    | { do: "hold"; unit: string | null; reason?: string; tell?: boolean }
    | { do: "final"; reason?: string }
    | { do: "release"; unit: string | null; seen: number; reason?: string; every?: boolean }
    | { do: "quarantine"; entries: [string, string][]; seen: number; reason?: string }
    | { do: "clear"; entries: [string, string][]; seen: number; reason?: string }
    | { do: "void"; entries: [string, string][]; seen: number; reason: string }
    | { do: "correct"; unit: string; round: number; column: "completed" | "participants" | "registered" | "started"; delta: number; reason: string; labelled: boolean; seen: number; undoes?: number | null }
    | { do: "untell"; correction: number; seen: number }
    | { do: "schedule"; round: number; before_close_ms: number | null; delay_ms: number | null; seen: number; reason?: string }
    | { do: "delay"; delay_ms: number; seen: number; reason?: string }
    | { do: "round"; n: number; opens_ms?: number | null; closes_ms?: number | null; seen: number; reason?: string }
    | { do: "wait"; n: number; seen: number; reason?: string }
    | { do: "set_aside"; source: string; reason: string; seen: number }
    | { do: "await_source"; source: string; reason?: string; seen: number }
    | { do: "seen"; alarm: string }
    | { do: "plan"; n: number };

  type Said =
    | { type: "time"; id: number; bound?: number | null }
    | { type: "fault"; overlay: string; code: "address" | "host_data" | "host_removed" | "host_value" | "key" | "old" | "strap"; what?: string; count?: number; strap?: StrapTold | null };
}
