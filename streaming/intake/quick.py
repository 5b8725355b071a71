"""The fast path for well-formed items, which nearly all are; anything unusual falls back to ``check``."""

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
"""Whole numbers up to this are accepted as a score or a duration on the fast path."""


class QuickItem(msgspec.Struct):
    """An item whose fields have the right types, decoded in one call."""

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
    item: QuickItem, leaves: Collection[str], now_ms: int, person_digest: Callable[[str], str]
) -> Accepted | None:
    """The same answer as ``check`` for a well-formed item; None where ``check`` has to decide."""
    at = item.at
    if at.tzinfo is None or not _is_plain(item.id, ID_CHARS_MAX):
        return None
    is_void = item.kind == "voided"
    if (item.voids is None or not _is_plain(item.voids, ID_CHARS_MAX)) if is_void else item.unit not in leaves:
        return None
    person, channel, group = item.person, item.channel, item.group
    if person is not None:
        if not _is_plain(person, PERSON_CHARS_MAX):
            return None
        person = person_digest(person)
    if not (channel is None or _is_plain(channel, CODE_CHARS_MAX)):
        return None
    if not (group is None or _is_plain(group, CODE_CHARS_MAX)):
        return None
    for number in (item.score, item.duration_s):
        # Only small integers are checked here; any other value is left to ``check``.
        if number is not None and not (number.__class__ is int and 0 <= number <= PLAIN_NUMBER_MAX):
            return None
    try:
        delta = at - EPOCH
    except OverflowError:
        return None
    at_ms = delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000
    if at_ms > now_ms + FUTURE_MS_MAX:
        return None
    unit, voids = (None, item.voids) if is_void else (item.unit, None)
    return Accepted(
        item.id,
        Participation(
            kind=item.kind,
            at=at_ms,
            unit=unit,
            person=person,
            channel=channel,
            group=group,
            score=item.score,
            duration_s=item.duration_s,
            voids=voids,
        ),
    )


def _is_plain(text: str, chars_max: int) -> bool:
    return 0 < len(text) <= chars_max and text.isascii() and text.isprintable()
