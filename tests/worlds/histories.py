"""Made-up ledgers for property tests: a small contest, and rows as real life may order them."""

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from hypothesis import strategies as st

from streaming.contests.contest import Contest, Named, Ranking, Round, encode_contest
from streaming.contests.rule_book import HOLDING_RULES, Rules
from streaming.contests.units import Unit, UnitCode
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL
from streaming.ledger.jumps import JUMP_MS_MIN, jump_draft
from streaming.ledger.rows import Draft, Row
from streaming.participation import Participation, content_digest, encode_body
from streaming.rules.cooldown import Cooldown
from streaming.rules.paces import NOW_MINUTES, PAST_MINUTES
from streaming.rules.rule import MINUTE_MS
from streaming.rules.watchdog import QUIET_MS, Watchdog

START_MS = 1_662_604_200_000  # 2022-09-08 09:30 +07:00
ROUND_MS = HOUR_MS = 3_600_000


def unit(code: str, parent: str | None, target: int | None = None, *, place: bool = True) -> Unit:
    return Unit(
        code=UnitCode(code),
        parent=None if parent is None else UnitCode(parent),
        kind="xã",
        name=code,
        full_name=f"Xã {code}",
        target=target,
        place=place,
    )


UNITS = (
    unit("P", None),
    unit("A", "P"),
    unit("A1", "A", 10),
    unit("A2", "A", 3),
    unit("B", "P", 50),
    unit("B1", "B"),
    unit("B2", "B"),
    unit("B3", "B"),
    unit("X", "P", place=False),
)
LEAVES = ("A1", "A2", "B1", "B2", "B3", "X")


def contest(by: Any = "completed", title: str = "Cuộc thi") -> Contest:
    return Contest(
        id="thu",
        title=title,
        title_en="Contest",
        subtitle="",
        organisers=(),
        timezone="Asia/Ho_Chi_Minh",
        rounds=(
            Round(n=1, name="Tuần 1", opens_ms=START_MS, closes_ms=START_MS + ROUND_MS),
            Round(n=2, name="Tuần 2", opens_ms=START_MS + 2 * ROUND_MS, closes_ms=START_MS + 3 * ROUND_MS),
        ),
        channels=(Named(code="website", name="Trang web", name_en="Website"),),
        groups=(Named(code="hoc-sinh", name="Học sinh", name_en="Pupils"),),
        ranking=Ranking(by=by, apart=True),
        target_by="completed",
        steps=(1, 10, 50, 200),
        links=(),
        hotline="",
        units=UNITS,
    )


class Writer:
    """A ledger in memory: gives rows their seq and a time that never runs back but at a jump."""

    def __init__(self, of: Contest | None = None, now_ms: int = START_MS - 60_000) -> None:
        self.rows: list[Row] = []
        self.now_ms = now_ms
        self._moved_ms = 0
        self.decide("contest", contest=msgspec.json.decode(encode_contest(of or contest())))

    def _add(self, type_: str, by: str, id_: str | None, digest: bytes | None, body: bytes) -> Row:
        last_ms = self.rows[-1].received_ms if self.rows else 0
        if last_ms - self.now_ms > JUMP_MS_MIN:
            from_ms = max(last_ms, self.now_ms - self._moved_ms)
            last_ms = self._write(jump_draft(from_ms, self.now_ms), self.now_ms).received_ms
        self._moved_ms = 0
        return self._write(Draft(type_, by, id_, digest, body), max(last_ms, self.now_ms))

    def set(self, by_ms: int, *, is_seen: bool = True) -> None:
        """Set the clock; it ``is_seen`` while a server runs."""
        self.now_ms += by_ms
        self._moved_ms += by_ms if is_seen else 0

    def _write(self, draft: Draft, received_ms: int) -> Row:
        row = Row(len(self.rows) + 1, draft.type, received_ms, draft.by, draft.id, draft.digest, draft.body)
        self.rows.append(row)
        return row

    def decide(self, kind: str, **fields: Any) -> Row:
        return self._add("decision", "system", None, None, msgspec.json.encode({"kind": kind} | fields))

    def clock(self, **heard: int) -> Row:
        return self._add("clock", "system", None, None, msgspec.json.encode({"heard": heard}))

    def take(self, id_: str, kind: str = "completed", by: str = "web", at: int | None = None, **fields: Any) -> Row:
        item = Participation(kind=kind, at=self.now_ms if at is None else at, **fields)  # type: ignore[arg-type]
        return self._add("participation", by, id_, content_digest(item), encode_body(item))


class Guard:
    """The rules of a contest that lets all of them hold, and trips them easily; it reads a writer's rows at each tick,
    and has what they ask for written before the next, as ``server.control.watch`` and ``server.control.desk`` do."""

    RULES = Rules(hold=HOLDING_RULES, unit_pace_factor=1, unit_pace_min=2, person_per_minute=1)
    POPULATIONS: ClassVar[dict[str, int]] = {"A": 1, "B1": 1, "B2": 0}

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._fold = Fold()
        self._watchdog = Watchdog(self.RULES, self.POPULATIONS)
        self._cooldown = Cooldown()

    def tick(self) -> None:
        fold, tree = self._fold, contest().tree
        seq, jumps, since_ms = fold.seq, len(fold.jumps), 0
        for row in self._writer.rows[fold.seq :]:
            fold.apply(row)
        if len(fold.jumps) > jumps:
            self._watchdog = Watchdog(self.RULES, self.POPULATIONS)
            seq, since_ms = 0, fold.now_ms - (NOW_MINUTES + PAST_MINUTES) * MINUTE_MS
        self._watchdog.see(fold.completed_since(seq, since_ms), tree)
        for tripped in self._watchdog.tripped(tree, fold.rounds, fold.whole.counts[ALL], self._writer.now_ms):
            held = fold.gate_to_be.held.keys()
            is_held = not held.isdisjoint(tree.path(UnitCode(tripped.subject))) if tripped.holds else False
            if tripped.holds and self._cooldown.asks(tripped, self._writer.now_ms, is_held=is_held):
                detail = dict(tripped.detail)
                self._writer.decide("hold", unit=tripped.subject, rule=tripped.rule, detail=detail)
                for row in self._writer.rows[fold.seq :]:
                    fold.apply(row)


AT_MS = st.sampled_from(
    [
        START_MS - 1,
        START_MS,
        START_MS + ROUND_MS - 1,
        START_MS + ROUND_MS,
        START_MS + 2 * ROUND_MS,
        START_MS + 3 * ROUND_MS,
    ]
)
IDS = st.integers(0, 25).map(lambda n: f"e{n}")
SOMEWHERE = st.sampled_from([None, "P", "A", "A1", "B", "B1", "X"])

SET_MS = st.sampled_from([-7 * HOUR_MS, -HOUR_MS, -90_000, -900, 600_000, HOUR_MS, 7 * HOUR_MS])
"""By how much somebody sets the machine's clock."""

EVENTS = st.one_of(
    st.tuples(
        st.just("entry"),
        st.sampled_from(["completed", "completed", "completed", "started", "registered"]),
        st.sampled_from(LEAVES),
        AT_MS,
        st.sampled_from([None, "u1", "u2", "u3"]),
        st.sampled_from([None, "website", "lạ"]),
    ),
    st.tuples(st.just("void"), IDS),
    st.tuples(st.just("clock")),
    st.tuples(st.just("hold"), SOMEWHERE),
    st.tuples(st.just("final")),
    st.tuples(
        st.just("correct"),
        st.sampled_from(LEAVES),
        st.integers(1, 2),
        st.sampled_from(["started", "completed", "completed", "participants"]),
        st.integers(-3, 3),
        st.booleans(),
    ),
    st.tuples(st.sampled_from(["undo", "untell"])),
    st.tuples(st.just("strike"), st.lists(IDS, max_size=3)),
    st.tuples(
        st.just("schedule"),
        st.integers(1, 2),
        st.sampled_from([None, 60_000, ROUND_MS, 2 * ROUND_MS]),
        st.sampled_from([None, 30_000, 120_000]),
    ),
    st.tuples(st.just("milestone"), st.sampled_from([1, 5])),
    st.tuples(st.sampled_from(["set_aside", "await_source"]), st.sampled_from(["web", "app"])),
    st.tuples(st.just("other"), st.sampled_from(LEAVES)),
    st.tuples(st.just("release"), SOMEWHERE),
    st.tuples(st.just("release_every")),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("step_back"), st.integers(0, 7)),
    st.tuples(st.just("restore")),
    st.tuples(st.just("quarantine"), st.lists(IDS, max_size=3)),
    st.tuples(st.just("clear"), st.lists(IDS, max_size=3)),
    st.tuples(st.just("delay"), st.sampled_from([0, 30_000, 120_000])),
    st.tuples(st.just("move"), st.integers(1, 2), st.sampled_from([-ROUND_MS // 2, 0, 60_000])),
    st.tuples(st.just("await"), st.integers(1, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1_000, 45_000, 150_000, 400_000, ROUND_MS])),
    st.tuples(st.just("set"), SET_MS, st.booleans()),
    st.tuples(st.just("tick")),
    st.tuples(st.just("retitle"), st.sampled_from(["Cuộc thi", "Cuộc thi lớn"])),
)


def rows_of(events: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The ledger that these events leave, rules included. Entries are numbered e0, e1 … as they come."""
    writer = Writer()
    guard = Guard(writer)
    entries = voids = 0
    last: dict[str, Any] = {}
    for name, *args in events:
        match name:
            case "entry":
                kind, code, at, person, channel = args
                writer.take(f"e{entries}", kind, at=at, unit=code, person=person, channel=channel)
                entries += 1
            case "void":
                writer.take(f"v{voids}", "voided", voids=args[0])
                voids += 1
            case "clock":
                writer.clock(web=writer.now_ms)
            case "other":
                writer.take(f"a{len(writer.rows)}", by="app", unit=args[0], at=START_MS)
            case "set_aside" | "await_source":
                writer.decide(name, source=args[0])
            case "hold" | "release":
                writer.decide(name, unit=args[0])
            case "release_every":
                writer.decide("release", unit=None, every=True)
            case "withdraw":
                writer.decide(name, output="hall", taken_ms=writer.now_ms)
            case "step_back":
                to = 1 + len(writer.rows) * args[0] // 8
                writer.decide(name, output="hall", to=to, to_ms=writer.rows[to - 1].received_ms)
            case "restore":
                writer.decide(name, output="hall")
            case "final":
                writer.decide("hold", unit=None, final=True)
            case "correct":
                code, number, column, delta, labelled = args
                correction = {"unit": code, "round": number, "column": column, "delta": delta, "labelled": labelled}
                last = correction | {"undoes": writer.decide("correction", **correction).seq}
            case "undo" if last:
                writer.decide("correction", **last | {"delta": -last["delta"], "labelled": False})
            case "untell" if last:
                writer.decide("untell", correction=last["undoes"])
            case "strike":
                writer.decide("void", entries=[["web", id_] for id_ in args[0]])
            case "schedule":
                writer.decide("schedule", round=args[0], before_close_ms=args[1], delay_ms=args[2])
            case "milestone":
                writer.decide("milestone", value=args[0])
            case "quarantine" | "clear":
                writer.decide(name, entries=[["web", id_] for id_ in args[0]])
            case "delay":
                writer.decide("delay", delay_ms=args[0])
            case "move":
                n, by_ms = args
                opens_ms = START_MS + (n - 1) * 2 * ROUND_MS + by_ms
                writer.decide("round", n=n, opens_ms=opens_ms, closes_ms=opens_ms + ROUND_MS)
            case "await":
                closes_ms = START_MS + args[0] * 2 * ROUND_MS - ROUND_MS
                writer.decide("round", n=args[0], opens_ms=closes_ms, closes_ms=closes_ms)
            case "wait":
                writer.now_ms += args[0]
            case "set":
                writer.set(args[0], is_seen=args[1])
            case "tick":
                guard.tick()
            case "retitle":
                title = contest(title=args[0])
                writer.decide("contest", contest=msgspec.json.decode(encode_contest(title)))
    return writer.rows


AWAKE = ("wait", START_MS + QUIET_MS - (START_MS - 60_000))
"""From the writer's beginning to where the first round's first half hour is over, and rules no longer sleep."""
BUSY_EVENTS = st.one_of(
    st.tuples(
        st.just("entry"),
        st.just("completed"),
        st.sampled_from(LEAVES),
        st.just(START_MS),
        st.sampled_from([None, "u1", "u2", "u3"]),
        st.none(),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1_000, 45_000, 150_000, 400_000])),
    st.tuples(st.just("tick")),
    st.tuples(st.just("release"), st.sampled_from([None, "A", "A1", "B1", "B2", "P"])),
)
# Drawn by a number, as one choice among all the others would leave busy ones too seldom to trip a rule.
BUSY_OR_ANY = st.integers(0, 2).flatmap(lambda number: EVENTS if number == 0 else BUSY_EVENTS)
FIRST_ENTRY = ("entry", "completed", "X", START_MS, None, None)
histories = st.one_of(
    st.lists(EVENTS, max_size=40).map(rows_of),
    st.lists(BUSY_OR_ANY, min_size=10, max_size=40).map(lambda events: rows_of([FIRST_ENTRY, AWAKE, *events])),
)
"""Histories as they may come, half of them beginning where a rule may soon be tripped."""

SCHEDULED = st.lists(
    st.one_of(
        st.tuples(
            st.just("entry"), st.just("completed"), st.sampled_from(LEAVES), st.just(START_MS), st.none(), st.none()
        ),
        st.tuples(st.just("delay"), st.sampled_from([0, 30_000, 120_000])),
        st.tuples(st.just("wait"), st.sampled_from([15_000, 45_000, 150_000, 600_000])),
        st.tuples(
            st.just("schedule"),
            st.just(1),
            st.sampled_from([None, ROUND_MS - 60_000, ROUND_MS - 400_000, ROUND_MS]),
            st.sampled_from([None, 30_000, 120_000]),
        ),
        st.tuples(st.just("release"), st.none()),
        st.tuples(st.just("clock")),
        st.tuples(st.just("set"), st.sampled_from([-HOUR_MS, -600_000, -90_000, 600_000, HOUR_MS]), st.booleans()),
        st.tuples(st.just("move"), st.just(1), st.sampled_from([-ROUND_MS // 2, -ROUND_MS + 300_000, 60_000])),
    ),
    max_size=30,
).map(rows_of)
"""Histories in which schedules begin and end."""
