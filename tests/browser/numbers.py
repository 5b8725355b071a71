"""Made-up boards for pages: zero, typical and absurd, added up the tree as the product does it."""

import random
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from streaming.contests.contest import Contest, ContestFolder
from streaming.contests.units import UnitCode
from streaming.fold.tally import COMPLETED, PACE, PARTICIPANTS, REGISTERED, STARTED, Counts
from streaming.topics.board import Board
from streaming.topics.frames import BREAKDOWN_COLUMNS, COLUMNS, Cells, Frame, hide_small

AT_MS = 1_662_604_937_000
"""9:42:17 on 8 September 2022, in Hà Giang."""
MINUTE_MS = 60_000
HUGE = 12_345_678


def rolled_up(contest: Contest, leaves: Mapping[str, Counts]) -> dict[str, Counts]:
    """Counts of every unit from those of the leaves."""
    counts: dict[str, Counts] = {unit.code: [0] * 5 for unit in contest.tree}
    for code, own in leaves.items():
        for above in contest.tree.path(code):
            counts[above] = [one + other for one, other in zip(counts[above], own, strict=True)]
    return counts


def rows_of(contest: Contest, counts: dict[str, Counts]) -> dict[str, Cells]:
    """The rows of a board with these counts."""
    board = Board(contest)
    board.take(counts, list(counts))
    return board.rows


def counts_of(kind: str, contest: Contest, seed: int = 7) -> dict[str, Counts]:
    """Counts of the leaves: "zero", "opening" (all inside the quiz), "typical", "ties" or "absurd"."""
    made = random.Random(seed)
    leaves = contest.tree.leaves
    if kind == "zero":
        return {}
    found: dict[str, Counts] = {}
    for index, unit in enumerate(leaves):
        counts = [0] * 5
        if kind == "opening":
            counts[REGISTERED] = counts[STARTED] = made.randint(0, 60)
            counts[COMPLETED] = counts[PARTICIPANTS] = int(index % 40 == 0)
        elif kind == "ties":
            counts[:] = [12, 12, 12, 12, 1]
        else:
            done = 0 if made.random() < 0.1 else round(made.lognormvariate(4.0, 0.9))
            counts[COMPLETED], counts[STARTED], counts[REGISTERED] = done, round(done * 1.2), round(done * 1.3)
            counts[PARTICIPANTS], counts[PACE] = round(done * 0.83), round(done * 0.09)
            if kind == "absurd":
                counts = [HUGE // len(leaves) * (1 + index % 3) + value for value in counts]
        found[unit.code] = counts
    return found


def state_of(contest: Contest, counts: dict[str, Counts], at_ms: int = AT_MS) -> dict[str, object]:
    """The state of a board at a time: rounds, series, the latest units."""
    total = counts[contest.tree.root.code][COMPLETED]
    opens_ms = contest.rounds[0].opens_ms
    steps = max(0, (at_ms - opens_ms) // MINUTE_MS)
    done = [round(total * ((index + 1) / steps) ** 2.2) for index in range(steps)]
    open_ = next((round_ for round_ in contest.rounds if round_.opens_ms <= at_ms < round_.closes_ms), None)
    state: dict[str, object] = {
        "rounds": [[round_.n, round_.opens_ms, round_.closes_ms] for round_ in contest.rounds],
        "round": open_ and {"n": open_.n, "opens_ms": open_.opens_ms, "closes_ms": open_.closes_ms},
    }
    if total:
        moving = [unit.code for unit in contest.tree.leaves if counts[unit.code][PACE]]
        state["series"] = {"start": opens_ms, "step_s": 60, "completed": done}
        state["recent"] = moving[3:60:7][:8]
    return state


def board_frame(
    folder: ContestFolder, kind: str, *, rehearsal: bool = False, at_ms: int = AT_MS, seed: int = 7
) -> Frame:
    """A snapshot of `board`."""
    contest = folder.contest
    counts = rolled_up(contest, counts_of(kind, contest, seed))
    return Frame(
        type="snapshot", topic="rehearsal/board" if rehearsal else "board", epoch="e1", base=0, seq=seed,
        at=at_ms, heard=None if kind == "zero" else at_ms, rehearsal=rehearsal, columns=COLUMNS,
        rows=dict(rows_of(contest, counts)), state=dict(state_of(contest, counts, at_ms)),
    )  # fmt: skip


def unit_frame(board: Frame, contest: Contest, code: str) -> Frame:
    """The snapshot of `unit/{code}` that belongs to a board: itself, its children, the siblings ahead and behind."""
    tree = contest.tree
    rank = COLUMNS.index("rank")
    own = board.rows[code]
    group = [unit.code for unit in tree.siblings(code)] if tree[code].parent is not None else []
    place = own[rank] if own is not None else None
    near: dict[str, UnitCode | None] = {"ahead": None, "behind": None}
    for other in sorted(group, key=lambda other: _rank(board, other)):
        theirs = _rank(board, other)
        if place is not None and theirs < place:
            near["ahead"] = other
        elif place is not None and theirs > place and near["behind"] is None:
            near["behind"] = other
    below = [leaf.code for leaf in tree.taking_part if code in tree.path(leaf.code)[1:]]
    state: dict[str, Any] = {"near": near}
    if below:
        state["taking_part"] = [sum(_has_begun(board, leaf) for leaf in below), len(below)]
    parent = tree[code].parent
    if parent is not None and (count := _completed(board, code)) and (whole := _completed(board, parent)):
        state["share"] = (2000 * count + whole) // (2 * whole)
    codes = [code, *(unit.code for unit in tree.children(code)), *(sibling for sibling in near.values() if sibling)]
    prefix = "rehearsal/" if board.rehearsal else ""
    return Frame(
        type="snapshot", topic=f"{prefix}unit/{code}", epoch=board.epoch, base=0, seq=board.seq, at=board.at,
        heard=board.heard, rehearsal=board.rehearsal, columns=COLUMNS,
        rows={unit: board.rows[unit] for unit in codes}, state=state,
    )  # fmt: skip


def _completed(board: Frame, code: str) -> int:
    row = board.rows[code]
    return int(row[COLUMNS.index("completed")] or 0) if row is not None else 0


def _has_begun(board: Frame, code: str) -> bool:
    row = board.rows[code]
    return row is not None and any(row[COLUMNS.index(column)] for column in ("started", "completed"))


def _rank(board: Frame, code: str) -> float:
    row = board.rows[code]
    rank = row[COLUMNS.index("rank")] if row is not None else None
    return float("inf") if rank is None else rank


def topic_frame(board: Frame, contest: Contest, topic: str) -> Frame:
    """The snapshot of any public number topic that belongs to a board."""
    kind, _, name = topic.removeprefix("rehearsal/").partition("/")
    if kind == "board":
        return board
    if kind == "unit":
        return unit_frame(board, contest, name)
    prefix = "rehearsal/" if board.rehearsal else ""
    board = replace(board, topic=f"{prefix}{topic.removeprefix('rehearsal/')}", state={})
    if kind == "round":
        return board
    rows = {contest.tree.root.code: (board.rows[contest.tree.root.code] or ())[:4], **_breakdown(board, contest)}
    return replace(board, columns=BREAKDOWN_COLUMNS, rows=rows)


def _breakdown(board: Frame, contest: Contest) -> dict[str, Cells]:
    """Counts by channel and by group, each smaller than the one before, so that the last ones are told as few."""
    total = [int(cell or 0) for cell in (board.rows[contest.tree.root.code] or ())[:4]]
    found: dict[str, Cells] = {}
    for kind, parts in (("channel", contest.channels), ("group", contest.groups)):
        left = list(total)
        for part in parts:
            own = [count * 3 // 5 for count in left]
            left = [count - one for count, one in zip(left, own, strict=True)]
            found[f"{kind}/{part.code}"] = hide_small(tuple(own))
        found[f"{kind}/"] = hide_small(tuple(left))
    return found
