"""A connection point's screen: the scene of its output, the same bytes for all of them, and a band that is about the
point itself. Which lines and cells are its own is marked by its script."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from dashboard.edition import Edition
from dashboard.page import Following, data_block
from dashboard.pages import hall
from dashboard.pages.hall import HallData
from dashboard.pages.script import script_of
from dashboard.pages.unit import cut_of
from dashboard.parts.parts import PARTS
from dashboard.scenes.scene import Scene
from streaming.topics.frames import Frame

OWN_FAMILIES = frozenset({"numbers", "points"})
"""Scenes that give way to a point's own numbers where it wants them. A rite is for all rooms alike."""


class PointData(HallData, frozen=True, kw_only=True):
    """What the script of a point's screen reads beside what the big screen's does: the ``unit``; ``me``, as which it
    asks where the browser has its key; ``path``, the unit and
    those above it but for the root; ``lands``, the places at the lowest level that are its own; ``own_topic``, its
    numbers; and ``gives_way``, the scenes instead of which it may show those."""

    unit: str
    me: str
    path: tuple[str, ...]
    lands: tuple[str, ...]
    own_topic: str
    gives_way: tuple[str, ...]


def page(
    frame: Frame,
    own: Frame,
    edition: Edition,
    code: str,
    *,
    me: str,
    follows: Following,
    now_ms: int,
    frame_of: Callable[[str], Frame | None] = lambda _topic: None,
) -> dict[str, Any]:
    """The values of points/screen.html for a snapshot of ``board`` and one of ``unit/{code}`` at the same cut, as the
    output shows them that the page ``follows``.

    Raises:
        KeyError: If the contest has no such unit.
    """
    tree, words = edition.tree, edition.words
    cut = cut_of(own, edition, now_ms, follows.output)
    values = hall.page(frame, edition, follows=follows, now_ms=now_ms, frame_of=frame_of)
    topic = values["topic"]
    return values | {
        "unit": {"code": code, "name": words.full_name(tree[code])},
        "words_script": f"/words/{script_of(edition).path}",
        "hotline": edition.contest.hotline,
        "own_frame": data_block(own),
        "contest_data": edition.lately(
            ("point", code, topic, follows.output), lambda: data_block(_data(edition, code, me, topic, follows.output))
        ),
        **{part.name: partial(part.paint, cut) for part in PARTS if part.name != "text"},
    }


def gives_way(scene: Scene[Any]) -> bool:
    """Whether a point may show its own numbers instead of a scene."""
    return scene.family in OWN_FAMILIES and scene.head == "seen"


def _data(edition: Edition, code: str, me: str, topic: str, output: str) -> PointData:
    tree = edition.tree
    path = tuple(each for each in tree.path(code) if tree[each].parent is not None)
    fields = msgspec.structs.asdict(hall.data(edition, topic, output))
    return PointData(
        **fields | {"texts": {}},
        unit=code,
        me=me,
        path=path,
        # Of the whole map nothing needs to be marked.
        lands=tuple(leaf.code for leaf in tree.taking_part if path and code in tree.path(leaf.code)),
        own_topic=f"unit/{code}",
        gives_way=tuple(name for name, scene in hall.scenes_in(edition).items() if gives_way(scene)),
    )
