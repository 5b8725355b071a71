"""What a scene needs before it has anything to show: one that lacks it is not taken."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dashboard.parts.part import Cut
from streaming.topics.state import BoardState


def _has_series(cut: Cut) -> bool:
    return isinstance(cut.state, BoardState) and cut.state.series is not None


NEEDS: Mapping[str, Callable[[Cut], bool]] = MappingProxyType(
    {
        "completed": lambda cut: cut.board.count(cut.board.root, "completed") > 0,
        "series": _has_series,
        "parts": lambda cut: bool(cut.contest.channels or cut.contest.groups),
        "link": lambda cut: bool(cut.contest.links),
        "picture": lambda cut: bool(cut.edition.gallery.all),
        "recent": lambda cut: isinstance(cut.state, BoardState) and bool(cut.state.recent),
    }
)
"""Each need by its name, of which the control room has its words, and whether a cut meets it."""


def lack(needs: tuple[str, ...], cut: Cut) -> str | None:
    """The first of these needs that a cut does not meet; None if it meets all."""
    return next((need for need in needs if not NEEDS[need](cut)), None)
