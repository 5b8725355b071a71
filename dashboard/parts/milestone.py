"""The milestone passed last, for a while in the place of the pace.

A screen that is opened later, or comes back, shows it for what is left of that while, so nothing is told twice.
"""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from streaming.topics.state import BoardState

SHOWN_MS = 20_000


class MilestoneSpec(msgspec.Struct, frozen=True):
    """A contest's milestones need no choice."""


class MilestoneView(msgspec.Struct, frozen=True):
    """The text that is painted, "" while there is no milestone to tell."""

    text: str


def ask(_edition: Edition) -> MilestoneSpec:
    """What ``milestone()`` asks for."""
    return MilestoneSpec()


def view(_spec: MilestoneSpec, cut: Cut) -> MilestoneView:
    """What is seen at a cut."""
    passed = cut.state.milestone if isinstance(cut.state, BoardState) else None
    if passed is None or not -SHOWN_MS < cut.now_ms - passed.at < SHOWN_MS:
        return MilestoneView("")
    return MilestoneView(cut.words.say("milestone", n=cut.words.number(passed.value)))


MILESTONE = Part("milestone", ask, view)
