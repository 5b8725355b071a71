"""What the topic ``watch`` says: a struct for its state, with a field for each key."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from server.control.in_flight import Unwritten
from streaming.topics.state import State

AlarmDetail = Mapping[str, int | str]
"""The figures of an alarm by name, as its text names them; a rule brings its own. Of what is held for long "unit" says
that it is a unit, and which: an alarm's subject may be "all", and so may a unit's code."""


class AlarmShown(msgspec.Struct, frozen=True):
    """Something that a person should look at; ``past`` once its cause is over."""

    id: str
    rule: str
    subject: str
    since: int
    level: Literal["hold", "alert"]
    detail: AlarmDetail
    seen: bool
    past: bool


class SourceShown(msgspec.Struct, frozen=True):
    """A source: when it was heard, when its last entry came and how late, what was taken and refused, by reason, and
    what people call it, "" for its name alone.

    It is "awaited" while nobody can say yet whether it is silent, and "off" if it may not send.
    """

    name: str
    state: Literal["live", "silent", "awaited", "never", "off"]
    heartbeat_s: int | None
    heard: int | None
    last_entry: int | None
    lag_ms: int | None
    accepted: int
    duplicates: int
    rejected: dict[str, int]
    title: str = ""


class LedgerShown(msgspec.Struct, frozen=True):
    """Whether the ledger can be written, and why not."""

    ok: bool
    reason: str | None


class OpeningShown(msgspec.Struct, frozen=True):
    """The next opening, round ``n``: the room "asks" whether it is by its plan at ``at`` though the launch is expected
    at ``launch``, None where nobody knows; it "waits" for the button; or it is "late": a launch has fired at ``at``,
    and the ledger has not taken it yet."""

    n: int
    state: Literal["asks", "waits", "late"]
    at: int | None = None
    launch: int | None = None


class WatchState(State, frozen=True, kw_only=True):
    """Of ``watch``. ``unwritten`` are decisions that are not on disk, ``names`` those of accounts by their number,
    ``opening`` what is to be known of the next opening."""

    sources: tuple[SourceShown, ...] | None = None
    alarms: tuple[AlarmShown, ...] | None = None
    unwritten: tuple[Unwritten, ...] | None = None
    ledger: LedgerShown | None = None
    names: dict[str, str] | None = None
    opening: OpeningShown | None = None
