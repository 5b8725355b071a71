"""The short look: an item that is as it should be is read and checked in one go, as nearly all are."""

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec

from streaming.participation import (
    CODE_CHARS_MAX,
    EPOCH,
    FUTURE_MS_MAX,
    ID_CHARS_MAX,
    PERSON_CHARS_MAX,
    Accepted,
    Kind,
    Participation,
)

PLAIN_NUMBER_MAX = 1_000_000
"""A score or a duration that is a whole number up to this needs no second look."""


class QuickItem(msgspec.Struct):
    """An item whose fields have the right types: what nearly all items are, read in one go."""

    id: str
    kind: Kind
    at: datetime
    unit: str | None = None
    person: str | None = None
    channel: str | None = None
    group: str | None = None
    score: int | float | None = None
    duration_s: int | float | None = None
    voids: str | None = None


def check_quick(
    given: QuickItem, leaves: Collection[str], now_ms: int, person_digest: Callable[[str], str]
) -> Accepted | None:
    """What ``check`` says to an item, where a short look suffices to see that it is good; else None."""
    at = given.at
    if at.tzinfo is None or not _is_plain(given.id, ID_CHARS_MAX):
        return None
    is_void = given.kind == "voided"
    if (given.voids is None or not _is_plain(given.voids, ID_CHARS_MAX)) if is_void else given.unit not in leaves:
        return None
    person, channel, group = given.person, given.channel, given.group
    if person is not None:
        if not _is_plain(person, PERSON_CHARS_MAX):
            return None
        person = person_digest(person)
    if not (channel is None or _is_plain(channel, CODE_CHARS_MAX)):
        return None
    if not (group is None or _is_plain(group, CODE_CHARS_MAX)):
        return None
    for number in (given.score, given.duration_s):
        # An integer or nothing; whatever else there is takes the long way.
        if number is not None and not (number.__class__ is int and 0 <= number <= PLAIN_NUMBER_MAX):
            return None
    try:
        delta = at - EPOCH
    except OverflowError:
        return None
    at_ms = delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000
    if at_ms > now_ms + FUTURE_MS_MAX:
        return None
    unit, voids = (None, given.voids) if is_void else (given.unit, None)
    return Accepted(
        given.id,
        Participation(
            kind=given.kind,
            at=at_ms,
            unit=unit,
            person=person,
            channel=channel,
            group=group,
            score=given.score,
            duration_s=given.duration_s,
            voids=voids,
        ),
    )


def _is_plain(text: str, chars_max: int) -> bool:
    return 0 < len(text) <= chars_max and text.isascii() and text.isprintable()
