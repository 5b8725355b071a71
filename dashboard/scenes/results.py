"""The results of a round, revealed from the last of the first places upwards.

What is not revealed stands nowhere on the page: it does not follow the round's numbers, and each step is a fragment of
its own, with the lines that are told by then. Units of one place are told together.
"""

from itertools import groupby
from typing import Annotated, Any, NamedTuple

import msgspec

from dashboard.parts.board import Line, ranked
from dashboard.parts.part import Cut
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from dashboard.words.names import Name
from streaming.topics.state import BoardState, RoundState

COUNT_MIN, COUNT_MAX = 3, 10
LINES_MAX = 12
"""More lines than this cannot be read from twenty metres; of more units on one place the others are counted."""


class ResultsSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``round`` is the round, the last that has closed where it is 0; ``count`` is how many places are told."""

    round: Annotated[int, msgspec.Meta(ge=0)] = 0
    count: Annotated[int, msgspec.Meta(ge=COUNT_MIN, le=COUNT_MAX)] = 5


class Told(NamedTuple):
    """A line that is revealed; ``is_shared`` is whether others have its place too."""

    code: str
    rank: str
    name: Name
    value: str
    leads: bool
    is_shared: bool


def topic(settings: ResultsSettings) -> str:
    """The numbers of the round."""
    return f"round/{settings.round}"


def _times(cut: Cut) -> dict[int, tuple[int, int]]:
    """When each round opens and closes, as moved by decisions."""
    rounds = cut.state.rounds if isinstance(cut.state, BoardState) else None
    return {n: (opens_ms, closes_ms) for n, opens_ms, closes_ms in rounds or ()}


def _last(cut: Cut) -> int:
    """The last round that has closed; where numbers are final for now, the one that is open. 0 for none."""
    until = {n: opens_ms if cut.state.frozen else closes_ms for n, (opens_ms, closes_ms) in _times(cut).items()}
    return max((n for n, at_ms in until.items() if at_ms <= cut.frame.at), default=0)


def _chosen(settings: ResultsSettings, cut: Cut) -> ResultsSettings:
    return ResultsSettings(settings.round or _last(cut), settings.count)


def _refused(settings: ResultsSettings, cut: Cut) -> str | None:
    number, times = settings.round or _last(cut), _times(cut)
    if not number:
        return "round_open"
    if number not in times:
        return "round"
    opens_ms, closes_ms = times[number]
    if cut.frame.at < (opens_ms if cut.state.frozen else closes_ms):
        return "round_open"
    return None if places(cut.of(f"round/{number}"), settings.count) else "completed"


def places(cut: Cut, count: int) -> list[list[Line]]:
    """The first places of a round from the first down, those who share one together; none where the cut is of no
    round."""
    # Steps and what is lacking are asked for several times a second, of one cut.
    return cut.once(("places", count), lambda: _counted(cut, count))


def _counted(cut: Cut, count: int) -> list[list[Line]]:
    if not isinstance(cut.state, RoundState):
        return []
    codes = tuple(unit.code for unit in ranked(cut.contest))
    lines = [line for line in cut.board.lines(codes, cut.contest.ranking.by) if line.rank and line.rank <= count]
    return [list(group) for _, group in groupby(lines, key=lambda line: line.rank)]


def _steps(settings: ResultsSettings, cut: Cut) -> int:
    return len(places(cut.of(topic(settings)), settings.count))


def _beside(settings: ResultsSettings, cut: Cut, step: int) -> dict[str, Any]:
    """The lines that are revealed, from the first place down."""
    groups = places(cut, settings.count)
    revealed = [line for group in groups[max(0, len(groups) - step) :] for line in group]
    shared = {line.code for group in groups if len(group) > 1 for line in group}
    words, by = cut.words, cut.contest.ranking.by
    names = cut.edition.names(tuple(line.code for line in revealed))
    told = [
        Told(
            line.code, words.number(line.rank), names[line.code], cut.shown(line.code, by), line.rank == 1,
            line.code in shared,
        )
        for line in revealed
    ]  # fmt: skip
    round_ = next((each for each in cut.contest.rounds if each.n == settings.round), None)
    return {
        "round_name": words.name(round_) if round_ is not None else "",
        "told": told[:LINES_MAX],
        "more": max(0, len(told) - LINES_MAX),
        "chars": max((len(line.value) for line in told), default=1),
        "as_of": _as_of(cut),
    }


def _as_of(cut: Cut) -> str:
    """Until when the numbers count: the end of the round, or since when they are final for now."""
    shown = cut.state.round if isinstance(cut.state, RoundState) else None
    if shown is None or cut.state.frozen is not None:
        return cut.words.as_of(cut.state.frozen, cut.frame.heard, cut.now_ms)
    at_ms = min(shown.closes_ms, cut.frame.at)
    return cut.words.say("heard_date", time=cut.words.time(at_ms), date=cut.words.date(at_ms))


RESULTS = Scene(
    "results",
    ResultsSettings,
    CALM_BEAT_MS,
    _chosen,
    steps=_steps,
    topic=topic,
    is_revealed=True,
    refused=_refused,
    beside=_beside,
    family="numbers",
)
