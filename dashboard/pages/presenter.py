"""The presenter's page: what a host says now and next, the number on the wall in figures and in words, and how the
evening stands.

While the figures grow the words are round, "khoảng mười sáu nghìn": a host can glance at them, and what he says still
holds when he has said it. Final figures are said exactly.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from dashboard.edition import Edition
from dashboard.page import Following, PageData, common, data_block
from dashboard.pages import stage
from dashboard.pages.hall import cut_of, scenes_in
from dashboard.parts.board import Line, ranked
from dashboard.parts.text import TEXT
from dashboard.words.rounds import own_texts
from dashboard.words.words import texts as common_texts
from streaming.contests.contest import RankBy
from streaming.points.point import points_of
from streaming.program.presenter import PresenterState
from streaming.program.state import SceneOnAir
from streaming.topics.frames import Frame

LEADERS = 5
"""Lines of leaders: the first three places, and those who share them."""
PLACES = 3
MISSING_NAMED = 8
"""Points that are missing are named up to so many; of more it is said how many they are."""
BEAT_MS = 3_000
"""How long figures and words stand."""
LONG_CHARS = 90
"""A longer line of the room is set smaller, so that it leaves room for what is said."""
LEAD, SECOND = "completed", "participants"
"""What is read out first where the wall leads with nothing else, and what stands below it."""


class PresenterData(PageData, frozen=True, kw_only=True):
    """What the script of the presenter's page reads of the contest: the ``output`` whose numbers and words it shows,
    the account or key ``me`` that reads it, the units of the standings with their full names, the titles of scenes, and
    the full names of connection points."""

    topic: str
    output: str
    me: str
    root: str
    by: RankBy
    ranked: tuple[str, ...]
    names: dict[str, str]
    scenes: dict[str, str]
    points: dict[str, str]


class Reader(NamedTuple):
    """Who reads the page: the account or key ``me``, "account:7"; by a link, or signed in, and then perhaps with a way
    back to the control room."""

    me: str
    by_link: bool
    sees_room: bool = False


def page(
    frame: Frame, said: Frame, edition: Edition, reader: Reader, follows: Following, *, now_ms: int
) -> dict[str, Any]:
    """The values of stage/presenter.html: a snapshot of `board` as the output shows it, one of `presenter`, and the
    time of the picture."""
    contest, words = edition.contest, edition.words
    cut = cut_of(frame, edition, now_ms, follows.output)
    board, state, told = cut.board, cut.state, PresenterState.of(said)
    units = ranked(contest)
    names: dict[str, str] = {unit.code: words.full_name(unit) for unit in units}
    by = contest.ranking.by
    say = words.spoken if state.frozen is not None else words.about
    p = stage.texts(edition.lang)

    def figure(slot: str, column: str) -> dict[str, str]:
        count = board.count(board.root, column)
        return {
            "slot": slot,
            "value": words.number(count),
            "spoken": say(count),
            # Of one piece, so that no line ends in the middle of it.
            "noun": p[f"say_{column}"].replace(" ", "\u00a0"),
        }

    lines = leaders(board.lines([unit.code for unit in units], by))
    ranks = [line.rank for line in lines]

    def leader(line: Line) -> dict[str, str]:
        # A host reads out counts even where the ranking is by rate.
        shown = board.count(line.code, "completed" if by == "rate" else by)
        value = words.percent(line.value) if by == "rate" else words.number(shown)
        said_ = "" if by == "rate" else say(shown)
        tie = p["say_tie"] if ranks.count(line.rank) > 1 else ""
        return {
            "rank": words.number(line.rank), "name": names[line.code], "value": value, "tie": tie, "spoken": said_,
        }  # fmt: skip

    empty = {"rank": "", "name": "", "value": "", "tie": "", "spoken": ""}
    shown = [leader(line) for line in lines[:LEADERS]]
    values = common(
        edition.folder, words, made=edition.made, rehearsal=frame.rehearsal, follows=follows, is_screen=False
    )
    return values | {
        "p": p,
        "beat_ms": BEAT_MS,
        "sees_room": reader.sees_room,
        "by_link": reader.by_link,
        "is_final": state.frozen is not None,
        "text": partial(TEXT.paint, cut),
        "told": _said(told),
        "roll": _roll(told, edition),
        "long": LONG_CHARS,
        "scene_title": _titles(edition).get(follows.on_air.name, ""),
        "figures": [figure("first", lead_of(follows.on_air)), figure("second", SECOND)],
        "leaders": shown + [empty] * (LEADERS - len(shown)),
        "more": stage.phrase(edition.lang, "say_more", n=len(lines) - LEADERS) if len(lines) > LEADERS else "",
        "first_frame": data_block(frame),
        "first_said": data_block(said),
        "contest_data": data_block(
            PresenterData(
                lang=words.lang,
                timezone=contest.timezone,
                texts={**own_texts(common_texts(edition.lang), contest, edition.lang), **stage.own(edition.lang)},
                topic="board",
                output=follows.output,
                me=reader.me,
                root=board.root,
                by=by,
                ranked=tuple(names),
                names=names,
                scenes=_titles(edition),
                points={unit.code: words.full_name(unit) for unit in points_of(edition.tree)},
            )
        ),
    }


def lead_of(scene: SceneOnAir) -> str:
    """The number that the wall leads with."""
    return "started" if scene.settings.get("lead") == "started" else LEAD


def leaders(lines: Sequence[Line]) -> list[Line]:
    """The lines of the first places, whoever shares them included."""
    return [line for line in lines if line.rank is not None and line.rank <= PLACES]


def _titles(edition: Edition) -> dict[str, str]:
    return {name: scene.title(edition) for name, scene in scenes_in(edition).items()}


def _said(told: PresenterState) -> dict[str, Any]:
    items = told.items or ()
    on = items[0] if items and items[0].id == told.on else None
    following = next((item for item in items if item.id == told.next), None)
    return {
        "title": on.title if on else "",
        "say": on.say if on else "",
        "next": following.title if following else "",
        "next_say": following.say if following else "",
        "host": told.host.text if told.host else "",
        "withdrawn": told.withdrawn,
        "waits": on is not None and on.waits,
        "next_waits": following is not None and following.waits,
    }


def _roll(told: PresenterState, edition: Edition) -> dict[str, Any]:
    """The roll call as a host reads it: how many are connected, how many people are there, who is missing, and what
    points want to be heard; "" where nothing is told."""
    points, words, lang = told.points, edition.words, edition.lang
    if points is None:
        return {"count": "", "present": "", "missing": "", "lines": []}
    names = [words.full_name(edition.tree[code]) for code in points.missing if code in edition.tree]
    named, more = names[:MISSING_NAMED], len(names) - MISSING_NAMED
    rest = stage.phrase(lang, "roll_more", n=words.number(more)) if more > 0 else ""
    return {
        "count": f"{words.number(points.connected)}/{words.number(points.of)}",
        "present": words.number(points.present),
        "missing": ", ".join(named) + (f" {rest}" if rest else ""),
        "lines": [{"unit": words.full_name(edition.tree[line.unit]), "text": line.text} for line in points.lines],
    }
