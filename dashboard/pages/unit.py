"""A unit's page: its own numbers, its place among siblings, what lies below it, its part of the map."""

from functools import partial
from typing import Any

from dashboard.edition import Edition
from dashboard.map.corner import Corner, is_free
from dashboard.map.labels import Pause
from dashboard.page import Following, PageData, common, data_block, title
from dashboard.parts.part import Cut
from dashboard.parts.parts import PARTS
from dashboard.parts.place import head_width
from dashboard.words.headline import headline
from dashboard.words.widths import width_em
from dashboard.words.words import KIND_ORDER
from streaming.contests.contest import RankBy
from streaming.topics.frames import Frame
from streaming.topics.state import PointState

BEAT_MS = 3_000
"""The pace of the page's figures: ranked lines stand beside the total."""
TITLE_EM = (37.0, 100.0)
"""A contest's title wider than this does not fit on one line beside the as-of time and the mark of a wall of 16:9: it
is set smaller, then smaller still, on two lines."""

# The geometry of the page on a wall, in 1/108 of its height, as css/pages/unit.css has it.
NAME_LEFT, NAME_SIZE, LINE_SIZE = 28.4, 9.6, 3.6
HEAD_BOTTOM = 29.0
MAP_LEFT, MAP_TOP, MAP_BOTTOM = 96.4, 11.2, 97.0
WALLS = (177.0, 192.0)
"""Widths of a wall between which the map may begin beside the name; on narrower ones it stands below."""
CORNERS = tuple(Corner(MAP_LEFT, wall * 0.95, MAP_TOP, MAP_BOTTOM, NAME_LEFT, HEAD_BOTTOM) for wall in WALLS)


class UnitData(PageData, frozen=True, kw_only=True):
    """What the script of a unit's page reads of the contest: ``root`` is the unit itself, as the whole that the page is
    about; ``output`` is the one that shows the numbers of ``topic``, "" where a store does."""

    topic: str
    output: str
    root: str
    by: RankBy


def cut_of(frame: Frame, edition: Edition, now_ms: int | None = None, out: str = "") -> Cut:
    """A snapshot of `unit/{code}` as its page reads it; ``now_ms`` is the frame's own time where it is not known."""
    return Cut(frame, edition, (), frame.at if now_ms is None else now_ms, out)


def page(
    frame: Frame,
    edition: Edition,
    code: str,
    *,
    now_ms: int | None = None,
    follows: Following | None = None,
    point: Frame | None = None,
    is_signed_in: bool = False,
) -> dict[str, Any]:
    """The values of units/unit.html for a snapshot of `unit/{code}`, as the output shows it that the page ``follows``,
    if it does; `point` is one of `point/{code}` where the page is
    for the unit's own connection point, which may be told that its numbers are being looked at. A page for somebody
    ``is_signed_in`` asks who that is.

    Raises:
        KeyError: If the contest has no such unit.
    """
    words, contest = edition.words, edition.contest
    output = follows.output if follows else ""
    fixed, cut = edition.of_unit(code, _Fixed), cut_of(frame, edition, now_ms, output)
    return common(edition.folder, words, made=edition.made, rehearsal=frame.rehearsal, follows=follows) | {
        "beat_ms": BEAT_MS,
        "unit": fixed,
        "steps": contest.own_steps,
        "is_signed_in": is_signed_in,
        "is_point": point is not None,
        "review": point is not None and bool(PointState.of(point).review),
        "point_frame": data_block(point) if point is not None else "",
        "first_frame": data_block(frame),
        "contest_data": data_block(fixed.data(f"unit/{code}" if output else frame.topic, output)),
        **{part.name: partial(part.paint, cut) for part in PARTS},
    }


def is_prepared(edition: Edition, code: str) -> bool:
    """Whether what `prepare` works out is there."""
    return edition.has_map(code)


def prepare(edition: Edition, code: str, pause: Pause) -> None:
    """Work out a unit's map, and with it what else its page shows of the contest."""
    edition.picture(code, pause, titled=True)
    for child in edition.tree.children(code):
        edition.link(child.code)
        pause()
    edition.kinds_taking_part(code)
    edition.of_unit(code, _Fixed)


class _Fixed:
    """What a unit's page shows of the contest, in one language."""

    def __init__(self, edition: Edition, code: str) -> None:
        tree, words = edition.tree, edition.words
        unit = tree[code]
        children = tree.children(code)
        self.code = unit.code
        self.name = words.full_name(unit)
        self.above = [{"code": up, "name": words.full_name(tree[up])} for up in reversed(tree.path(code)[1:])]
        kind = unit.kind if unit.kind in KIND_ORDER else words.say("units_word")
        self.total_label = words.say("unit_total", kind=kind)
        self.has_below = bool(children)
        self.below_title = words.say("units_within", kinds=edition.kinds_below(code), kind=kind)
        self.note = words.say("place_note", by=words.say(f"by_{edition.contest.ranking.by}"))
        hexes = edition.map(code)
        self.has_map = hexes is not None
        # Hexagons show the mean of a child where the topic does not tell of each of them.
        self.shows_means = self.has_map and any(not tree.is_leaf(child.code) for child in children)
        self.legend_head = words.say("legend_mean" if self.shows_means else "legend")
        contest_title = title(edition.contest, words.lang)
        self.headline = headline(contest_title)
        self.title_size = sum(width_em(contest_title) > held for held in TITLE_EM)
        self.is_beside = hexes is not None and is_free(hexes, CORNERS, head_width(edition, code, NAME_SIZE, LINE_SIZE))
        self._edition = edition

    def data(self, topic: str, output: str) -> UnitData:
        """What the script needs beside the frame and the parts' specs."""
        edition = self._edition
        return UnitData(
            lang=edition.lang,
            timezone=edition.contest.timezone,
            texts=edition.texts,
            topic=topic,
            output=output,
            root=self.code,
            by=edition.contest.ranking.by,
        )
