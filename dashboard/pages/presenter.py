"""The presenter's page: what a host reads out, in figures and in words, and whether it may still change.

While the figures grow the words are round, "khoảng mười sáu nghìn": a host can glance at them, and what he says still
holds when he has said it. Final figures are said exactly.
"""

from functools import partial
from typing import Any

from dashboard.edition import Edition
from dashboard.page import PageData, common, data_block
from dashboard.pages.hall import cut_of
from dashboard.parts.board import Line, ranked
from dashboard.parts.text import TEXT
from streaming.contests.contest import RankBy
from streaming.topics.frames import Frame

LEADERS = 3
BEAT_MS = 3_000
"""How long figures and words stand."""


class PresenterData(PageData, frozen=True, kw_only=True):
    """What the script of the presenter's page reads of the contest: the account ``me`` that reads it, the units of the
    standings and their full names."""

    topic: str
    me: str
    root: str
    by: RankBy
    ranked: tuple[str, ...]
    names: dict[str, str]


def page(frame: Frame, edition: Edition, *, me: str, sees_room: bool, now_ms: int | None = None) -> dict[str, Any]:
    """The values of control/presenter.html for a snapshot of `board`; `me` is the account that reads it, "account:7",
    which may or may not see the control room, `now_ms` is the server's clock."""
    contest, words = edition.contest, edition.words
    cut = cut_of(frame, edition, now_ms)
    board, state = cut.board, cut.state
    units = ranked(contest)
    names: dict[str, str] = {unit.code: words.full_name(unit) for unit in units}
    by = contest.ranking.by
    say = words.spoken if state.frozen is not None else words.about

    def figure(name: str) -> dict[str, str]:
        count = board.count(board.root, name)
        return {
            "name": name,
            "value": words.number(count),
            "spoken": say(count),
            # Of one piece, so that no line ends in the middle of it.
            "noun": words.say(f"{name}_unit").replace(" ", "\u00a0"),
        }

    def leader(line: Line) -> dict[str, str]:
        if line.rank is None:
            return {"rank": "", "name": "", "value": "", "spoken": ""}
        # A host reads out counts even where the ranking is by rate.
        shown = board.count(line.code, "completed" if by == "rate" else by)
        value = words.percent(line.value) if by == "rate" else words.number(shown)
        said = "" if by == "rate" else say(shown)
        return {"rank": words.number(line.rank), "name": names[line.code], "value": value, "spoken": said}

    return common(edition.folder, words, made=edition.made, rehearsal=frame.rehearsal, is_screen=False) | {
        "beat_ms": BEAT_MS,
        "sees_room": sees_room,
        "is_final": state.frozen is not None,
        "text": partial(TEXT.paint, cut),
        "figures": [figure("completed"), figure("participants")],
        "leaders": [leader(line) for line in board.lines([unit.code for unit in units], by)[:LEADERS]],
        "first_frame": data_block(frame),
        "contest_data": data_block(
            PresenterData(
                lang=words.lang,
                timezone=contest.timezone,
                texts=edition.texts,
                topic=frame.topic,
                me=me,
                root=board.root,
                by=by,
                ranked=tuple(names),
                names=names,
            )
        ),
    }
