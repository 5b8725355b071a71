"""The total over time: our own line at once, and the chart library's figure for the browser to draw over it."""

from typing import Any

import msgspec

from dashboard import charts
from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from streaming.contests.units import UnitCode
from streaming.topics.state import BoardState


class TrendSpec(msgspec.Struct, frozen=True):
    """The figure without its points; the browser fills them in, and fits it to its room."""

    of: UnitCode
    figure: dict[str, Any]


class TrendView(msgspec.Struct, frozen=True):
    """Our own line as SVG path data, "" while there is none, and the area below; ``ends`` are the times of its ends,
    ``chars`` counts those of the longest figure of the axis."""

    line: str
    area: str
    ends: tuple[str, ...]
    chars: int


def ask(edition: Edition, of: str) -> TrendSpec:
    """What ``trend(of=root)`` asks for."""
    return TrendSpec(edition.tree[of].code, charts.trend((), (), edition.words))


def view(spec: TrendSpec, cut: Cut) -> TrendView:
    """What is seen at a cut."""
    series = cut.state.series if isinstance(cut.state, BoardState) else None
    total = cut.board.count(spec.of, "completed")
    times, totals = charts.points(series, cut.opens_ms, cut.frame.at, total)
    drawn = charts.sketch(times, totals)
    ends = tuple(map(cut.words.time, (times[0], times[0] + charts.span_ms(times)))) if drawn["line"] else ()
    return TrendView(drawn["line"], drawn["area"], ends, len(cut.words.number(max(10, *totals, 0))))


TREND = Part("trend", ask, view)
