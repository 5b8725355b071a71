"""The big screen: live scene, full standings, trend, latest entries. All four are in the page, one is seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from dashboard import charts
from dashboard.edition import Edition, UnitMeta
from dashboard.map.labels import Pause
from dashboard.page import PageData, common, data_block, title
from dashboard.scenes.board import STANDINGS_ROWS_MAX, TOP_ROWS, BoardView, Line, columns, map_leaves, ranked, step
from dashboard.screens import HALL_SCENES
from dashboard.words.names import rest, together
from dashboard.words.widths import width_em
from streaming.contests.contest import RankBy
from streaming.contests.units import Unit, UnitCode
from streaming.topics.frames import Frame
from streaming.topics.state import BoardState

ROWS_IN_COLUMN = 13
"""Lines of the standings in one column, the rest and the sum among them; more make a second one."""
IN_HALF_MIN = 7
LATEST_ROWS = 8
TITLE_EM = (38.0, 60.0)
"""A title wider than this (in em of its font) is set smaller, then smaller still, to stay on two lines."""


class HallData(PageData, frozen=True, kw_only=True):
    """What the script of the big screen reads of the contest: ``ranked`` are the units of the standings, ``children``
    those right below the root, ``leaves`` those of the map, ``units`` what the latest entries may be of."""

    topic: str
    root: str
    by: RankBy
    ranked: tuple[str, ...]
    children: tuple[str, ...]
    leaves: tuple[str, ...]
    columns: tuple[str, ...]
    steps: tuple[int, ...]
    top_rows: int
    standings_rows: int
    rounds: dict[str, str]
    units: Mapping[str, UnitMeta | msgspec.Raw]


def page(frame: Frame, edition: Edition, *, scene: str | None = None, now_ms: int | None = None) -> dict[str, Any]:
    """The values of screens/hall.html for a snapshot of `board`.

    `now_ms` is the server's clock, by which old figures are told with their date; the frame's own time without it.
    """
    return _Hall(frame, edition, now_ms if now_ms is not None else frame.at).page(scene)


def is_prepared(edition: Edition) -> bool:
    """Whether what `prepare` works out is there."""
    return edition.has(_Fixed)


def prepare(edition: Edition, pause: Pause) -> None:
    """Work out what the big screen shows of the contest: the whole map, and how every name fits."""
    edition.picture(edition.tree.root.code, pause, titled=False)
    for unit in edition.tree.leaves:
        edition.metas((unit,))
        pause()
    edition.once(_Fixed)


class _Fixed:
    """What the big screen shows of the contest, in one language."""

    def __init__(self, edition: Edition) -> None:
        contest, tree, words = edition.contest, edition.tree, edition.words
        root = tree.root.code
        self.ranked = ranked(contest)
        self.leaves = map_leaves(contest)
        self.names = together({unit.code: edition.named(unit) for unit in self.ranked})
        self.columns = columns(contest.ranking.by, has_rate=tree.target(root) is not None)
        em = width_em(title(contest, words.lang))
        self.title_size = sum(em > held for held in TITLE_EM)
        self.scenes = [{"name": name, "text": words.say(f"scene_{name}")} for name in HALL_SCENES]
        self.kinds = words.kinds(self.leaves)
        self.picture = edition.picture(root, titled=False)
        self.data = HallData(
            lang=words.lang,
            timezone=contest.timezone,
            texts=edition.texts,
            topic="board",
            root=root,
            by=contest.ranking.by,
            ranked=_codes(self.ranked),
            children=_codes(tree.children(root)),
            leaves=_codes(self.leaves),
            columns=self.columns,
            steps=contest.steps,
            top_rows=TOP_ROWS,
            standings_rows=STANDINGS_ROWS_MAX,
            rounds={str(round_.n): words.name(round_) for round_ in contest.rounds},
            units=edition.metas(tree.leaves),
        )


class _Hall:
    def __init__(self, frame: Frame, edition: Edition, now_ms: int) -> None:
        self.frame = frame
        self.state = BoardState.of(frame)
        self.edition = edition
        self.contest = edition.contest
        self.tree = edition.tree
        self.words = edition.words
        self.fixed = edition.once(_Fixed)
        self.now_ms = now_ms
        self.board = BoardView(frame, edition.contest)
        self.ranked = self.fixed.ranked
        self.leaves = self.fixed.leaves
        self.root = self.tree.root.code
        self.names = self.fixed.names
        self.columns = self.fixed.columns

    def page(self, scene: str | None) -> dict[str, Any]:
        contest, words = self.contest, self.words
        values = common(self.edition.folder, words, made=self.edition.made, rehearsal=self.frame.rehearsal)
        return values | {
            "title_size": self.fixed.title_size,
            "scene": scene if scene in HALL_SCENES else HALL_SCENES[0],
            "scenes": self.fixed.scenes,
            "round_line": words.round_line(contest, self.state.rounds or (), self.frame.at),
            "heard": words.as_of(self.state.frozen, self.frame.heard, self.now_ms),
            "corrected": words.corrected(self.state.corrected),
            **self._totals(),
            "top": self._top(),
            "standings": self._standings(),
            "total": words.number(self.board.count(self.root, "completed")),
            "map": self._map(),
            "legend": self.edition.legend,
            "legend_head": words.say("started" if self.board.started_leads else "col_completed"),
            "trend": self._trend(),
            "latest": self._latest(),
            "first_frame": data_block(self.frame),
            "contest_data": self._data(),
        }

    def _totals(self) -> dict[str, Any]:
        board, words = self.board, self.words
        names = ("started", "completed") if board.started_leads else ("completed", "started")
        labels = {"started": words.say("started"), "completed": words.say("total")}
        lead, second = ({"name": name, "label": labels[name], "value": self._number(self.root, name)} for name in names)
        people = {"label": words.say("participants"), "value": self._number(self.root, "participants")}
        pace = board.count(self.root, "pace")
        rate = board.cell(self.root, "rate")
        return {
            "lead": lead,
            "figures": [second | {"name": "second"}, people | {"name": "participants"}],
            "pace": words.count("pace", pace) if pace > 0 else "",
            "target": "" if rate is None else words.say("target", percent=words.percent(rate)),
            "taking_part": {
                "value": f"{words.number(board.taking_part(unit.code for unit in self.leaves))}"
                f"/{words.number(len(self.leaves))}",
                "label": words.say("units_in", kinds=self.fixed.kinds),
            },
        }

    def _number(self, code: str, column: str) -> str:
        value = self.board.cell(code, column)
        return self.words.percent(value) if column == "rate" else self.words.number(value)

    def _row(self, place: int, limit: int, line: Line, columns: Sequence[str]) -> dict[str, Any]:
        return {
            "code": line.code,
            "at": place if place < limit else "out",
            "rank": self.words.number(line.rank),
            "leads": line.rank == 1,
            "name": self.names[line.code],
            "cells": [self._number(line.code, column) for column in columns],
        }

    def _top(self) -> dict[str, Any]:
        by = self.board.shown_by
        lines = self.board.lines([unit.code for unit in self.ranked], by)
        rows = [self._row(place, TOP_ROWS, line, [by]) for place, line in enumerate(lines)]
        return {"head": self._head(by), "rows": rows, "width": widest(rows[:TOP_ROWS])}

    def _head(self, by: str) -> str:
        return self.words.say("started" if by == "started" else f"ranking_{by}")

    def _standings(self) -> dict[str, Any]:
        words, by = self.words, self.contest.ranking.by
        lines = self.board.lines([unit.code for unit in self.ranked], by)
        most = max((line.value or 0 for line in lines), default=0)
        rows = [
            self._row(place, STANDINGS_ROWS_MAX, line, self.columns)
            | {"bar": f"{100 * (line.value or 0) / most if most else 0:.1f}%"}
            for place, line in enumerate(lines)
        ]
        listed = [line.code for line in lines[:STANDINGS_ROWS_MAX]]
        foot = []
        if len(listed) < len(self.tree.children(self.root)):
            counts = [
                "" if column == "rate" else words.number(self.board.rest(listed, column)) for column in self.columns
            ]
            foot.append({"kind": "rest", "label": self._rest_label(), "cells": counts, "at": len(listed)})
        total = [self._number(self.root, column) for column in self.columns]
        foot.append({"kind": "sum", "label": words.say("sum"), "cells": total, "at": len(listed) + len(foot)})
        count = len(listed) + len(foot)
        halves = 2 if count > ROWS_IN_COLUMN else 1
        return {
            "head": self._head(by),
            "columns": [words.say(f"col_{column}") for column in self.columns],
            "rows": rows,
            "foot": foot,
            "halves": halves,
            "lines": count,
            "in_half": max(IN_HALF_MIN, -(-count // halves)),
            "width": widest(foot[-1:]),
        }

    def _rest_label(self) -> str:
        ranked = {unit.code for unit in self.ranked}
        apart = [unit for unit in self.tree.children(self.root) if unit.code not in ranked]
        return rest(apart, self.words, others=len(ranked) > STANDINGS_ROWS_MAX).full

    def _map(self) -> dict[str, Any] | None:
        shown, steps = self.fixed.picture, self.contest.steps
        if shown is None:
            return None
        return shown.drawn([step(count, steps) for count in self.board.counts(shown.codes, self.board.map_by)])

    def _opens_ms(self) -> int | None:
        return min((opens_ms for _, opens_ms, _ in self.state.rounds or ()), default=None)

    def _trend(self) -> dict[str, Any]:
        total = self.board.count(self.root, "completed")
        times, totals = charts.points(self.state.series, self._opens_ms(), self.frame.at, int(total or 0))
        ends = [self.words.time(at_ms) for at_ms in (times[:1] + times[-1:])] if len(times) > 1 else []
        return {
            **charts.sketch(times, totals),
            "ends": ends,
            "top": self.words.number(totals[-1]) if ends else "",
            "figure": data_block(charts.trend(times, totals, self.words)),
        }

    def _latest(self) -> list[dict[str, Any]]:
        recent = [UnitCode(code) for code in self.state.recent or () if code in self.tree]
        return [
            {"at": at, "pace": self._pace(code)} | msgspec.structs.asdict(self.edition.meta(self.tree[code]))
            for at, code in enumerate(recent[:LATEST_ROWS])
        ]

    def _pace(self, code: str) -> str:
        pace = self.board.count(code, "pace")
        return f"+{self.words.number(pace)}" if pace > 0 else ""

    def _data(self) -> Markup:
        """What the script needs beside the frame."""
        topic, fixed = self.frame.topic, self.fixed.data
        return self.edition.keep(("hall", topic), lambda: data_block(msgspec.structs.replace(fixed, topic=topic)))


def _codes(units: Sequence[Unit]) -> tuple[UnitCode, ...]:
    return tuple(unit.code for unit in units)


def widest(rows: Sequence[dict[str, Any]]) -> int:
    """The characters of the longest number in the rows, which sets the size of all of them."""
    return max((len(cell) for row in rows for cell in row["cells"]), default=1)
