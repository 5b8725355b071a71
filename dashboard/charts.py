"""Plotly figures, as plain dictionaries, and the one configuration that all charts share.

Sizes are in px at 1080p; the page scales them to its own height.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.words.words import Words
from streaming.topics.state import Series

CONFIG = {"displaylogo": False, "showSendToCloud": False, "staticPlot": True, "responsive": False}
"""No logo, no upload, no reaction to pointers; the page decides the size."""

INK = "#071521"
TEXT = "#b9cbd8"
GRID = "#24435c"
GOLD = "#ffd35c"
FONT_PX = 32
LINE_PX = 8
MINUTE_MS = 60_000
TICKS_MAX = 4
HEADROOM = 1.06
"""The axis ends above the highest total, or half the line's width would be cut."""
TIME_TICKS_MAX = 7
SPAN_LEAST_MS = 10 * MINUTE_MS
"""The axis spans so much at least: in the first minutes the line is on its way, and not two straight strokes from edge
to edge."""


def points(series: Series | None, opens_ms: int | None, at_ms: int, total: int) -> tuple[list[int], list[int]]:
    """Times (ms) and totals of a board: each total of its series at the end of its step, the board's own at its time.

    The line starts at 0 where the series starts, or at the opening if that was earlier.
    """
    times: list[int] = []
    values: list[int] = []
    if series is not None:
        start, step_ms, totals = series.start, series.step_s * 1000, series.completed
        times = [start, *(start + (index + 1) * step_ms for index in range(len(totals)))]
        values = [0, *totals]
    if opens_ms is not None and total and opens_ms < (times or [at_ms])[0]:
        times, values = [opens_ms, *times], [0, *values]
    if times and at_ms > times[-1]:
        times, values = [*times, at_ms], [*values, total]
    return times, values


def trend(times_ms: Sequence[int], totals: Sequence[int], words: Words) -> dict[str, Any]:
    """The total over time as a figure: data, layout and config."""
    zone = ZoneInfo(words.timezone)
    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": FONT_PX, "color": TEXT, "weight": 500},
        "ticks": "outside",
        "ticklen": 12,
        "tickcolor": "rgba(0, 0, 0, 0)",
    }
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [local(at_ms, zone) for at_ms in times_ms],
                "y": list(totals),
                "line": {"color": GOLD, "width": LINE_PX, "shape": "linear"},
                "fill": "tozeroy",
                "fillcolor": "rgba(255, 211, 92, 0.14)",
                "hoverinfo": "skip",
            }
        ],
        "layout": {
            "paper_bgcolor": "rgba(0, 0, 0, 0)",
            "plot_bgcolor": "rgba(0, 0, 0, 0)",
            "font": {"family": "Be Vietnam Pro, sans-serif", "size": FONT_PX, "color": TEXT, "weight": 500},
            "separators": ".," if words.lang == "en" else ",.",
            "showlegend": False,
            "margin": {"l": 260, "r": 48, "t": 26, "b": 60, "pad": 10},
            "xaxis": axis
            | {"type": "date", "nticks": TIME_TICKS_MAX, "tickformat": "%H:%M", "tickformatstops": TICK_FORMATS},
            "yaxis": axis
            | {
                "showgrid": True,
                "gridcolor": GRID,
                "gridwidth": 2,
                "range": [0, max(1, *totals, 1) * HEADROOM],
                "tickformat": ",d",
                "nticks": TICKS_MAX + 1,
            },
        },
        "config": CONFIG,
    }


TICK_FORMATS = [
    {"dtickrange": [None, 43_200_000], "value": "%H:%M"},
    {"dtickrange": [43_200_000, None], "value": "%d/%-m"},
]
"""Hours while the axis spans hours, days in the weeks after."""


def local(at_ms: int, zone: ZoneInfo) -> str:
    """A time as Plotly reads it: the contest's own clock, without an offset."""
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


def sketch(times_ms: Sequence[int], totals: Sequence[int], width: int = 1000, height: int = 400) -> dict[str, str]:
    """The same line as SVG path data (`line`, `area`): what a page shows before any script has run."""
    if len(times_ms) < 2:
        return {"line": "", "area": ""}
    span, top = span_ms(times_ms), max(1, *totals) * HEADROOM
    at = [
        f"{(at_ms - times_ms[0]) / span * width:.1f} {height - total / top * height:.1f}"
        for at_ms, total in zip(times_ms, totals, strict=True)
    ]
    line, end = "M" + "L".join(at), at[-1].partition(" ")[0]
    return {"line": line, "area": f"{line}L{end} {height}L0 {height}Z"}


def span_ms(times_ms: Sequence[int]) -> int:
    """How long the axis is, at least SPAN_LEAST_MS."""
    return max(SPAN_LEAST_MS, times_ms[-1] - times_ms[0])
