"""What can be done to the roll call: each with its check and its effect. None knows a time of its own."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from streaming.characters import bad_character_in
from streaming.points.call import CallState, HandCall
from streaming.points.errors import LineGone, WrongPoint
from streaming.points.roll_call import (
    LINE_CHARS_MAX,
    NOTHING,
    PEOPLE_CHARS_MAX,
    PRESENT_MAX,
    Entries,
    Entry,
    Line,
    LineState,
    People,
)

TEXT_CHARS_MAX = 120
"""Of the text of a call."""
KEY_CHARS_MAX = 120
"""Of the key of a call that is answered."""

_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What nobody sees, and what turns the order of letters round; the joiners within an emoji are none of it."""


class Case(NamedTuple):
    """What an action acts on: what is known, who acts and when, and the item that is on."""

    entries: Entries
    by: str
    now_ms: int
    on: str | None = None

    def of(self, code: str) -> Entry:
        """What is known of a point."""
        return self.entries.get(code, NOTHING)


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is done; the points that it names are points."""

    def changed(self, case: Case) -> dict[str, Entry]:
        """The points that are different then, as they are then.

        Raises:
            WrongPoint: If it says something that cannot be.
            LineGone: If it is about a line that has been replaced.
        """
        raise NotImplementedError


class TickBridge(Action, frozen=True, kw_only=True):
    """Points were heard on the video bridge (True), were called in vain (False), or are to be called again (None)."""

    codes: Sequence[str]
    connected: bool | None

    def changed(self, case: Case) -> dict[str, Entry]:
        """Those that stood otherwise."""
        is_called = self.connected is not None
        return {
            code: msgspec.structs.replace(
                case.of(code),
                bridge=self.connected,
                ticked_by=case.by if is_called else "",
                ticked_at=case.now_ms if is_called else None,
            )
            for code in self.codes
            if case.of(code).bridge is not self.connected
        }


class Tell(Action, frozen=True, kw_only=True):
    """What a point says of itself; what is UNSET it says nothing of. An empty line takes the one that waits back;
    ``acked`` is the key of the call that it answers."""

    code: str
    ready: bool | msgspec.UnsetType | None = msgspec.UNSET
    present: int | msgspec.UnsetType | None = msgspec.UNSET
    line: str | msgspec.UnsetType = msgspec.UNSET
    acked: str | msgspec.UnsetType = msgspec.UNSET

    def changed(self, case: Case) -> dict[str, Entry]:
        """The point as it is then."""
        old = new = case.of(self.code)
        if self.ready is not msgspec.UNSET:
            new = msgspec.structs.replace(new, ready=self.ready)
        if self.present is not msgspec.UNSET:
            if self.present is not None and not 0 <= self.present <= PRESENT_MAX:
                raise WrongPoint("present", self.present, f"a whole number of people from 0 to {PRESENT_MAX}")
            new = msgspec.structs.replace(new, present=self.present)
        if self.line is not msgspec.UNSET:
            text = said("line", self.line, LINE_CHARS_MAX)
            new = msgspec.structs.replace(new, line=Line(text, case.now_ms) if text else None)
        if self.acked is not msgspec.UNSET:
            if len(self.acked) > KEY_CHARS_MAX:
                raise WrongPoint("acked", self.acked, f"the key of a call, of at most {KEY_CHARS_MAX} characters")
            new = msgspec.structs.replace(new, acked=self.acked)
        return {} if new == old else {self.code: new}


class NamePeople(Action, frozen=True, kw_only=True):
    """Says who sits at a point."""

    code: str
    people: People

    def changed(self, case: Case) -> dict[str, Entry]:
        """The point as it is then."""
        told = {
            name: said(name, value, PEOPLE_CHARS_MAX) for name, value in msgspec.structs.asdict(self.people).items()
        }
        new = msgspec.structs.replace(case.of(self.code), people=People(**told))
        return {} if new == case.of(self.code) else {self.code: new}


class ModerateLine(Action, frozen=True, kw_only=True):
    """Shows a point's line of the moment ``at`` to the host, or puts it aside."""

    code: str
    at: int
    state: LineState

    def changed(self, case: Case) -> dict[str, Entry]:
        """The point as it is then."""
        old = case.of(self.code)
        if old.line is None or old.line.at != self.at:
            raise LineGone
        line = msgspec.structs.replace(old.line, state=self.state)
        return {} if line == old.line else {self.code: msgspec.structs.replace(old, line=line)}


class MakeCall(Action, frozen=True, kw_only=True):
    """Calls a point by hand, until the item that is on changes; None gives it back to the rundown."""

    code: str
    state: CallState | None
    text: str = ""

    def changed(self, case: Case) -> dict[str, Entry]:
        """The point as it is then."""
        text = said("text", self.text, TEXT_CHARS_MAX)
        hand = None if self.state is None else HandCall(self.state, text, case.by, case.now_ms, case.on)
        return {self.code: msgspec.structs.replace(case.of(self.code), hand=hand)}


class BeginAfresh(Action, frozen=True, kw_only=True):
    """Begins the roll call of points anew, as for another day: who sits there stays, all else goes."""

    codes: Sequence[str]

    def changed(self, case: Case) -> dict[str, Entry]:
        """Those of which anything was known."""
        fresh = {code: Entry(people=case.of(code).people) for code in self.codes}
        return {code: entry for code, entry in fresh.items() if entry != case.of(code)}


def said(field: str, text: str, chars_max: int) -> str:
    """A text in one line, as it is kept.

    Raises:
        WrongPoint: If it is too long, or has characters that nobody sees.
    """
    text = " ".join(word for word in unicodedata.normalize("NFC", text).split(" ") if word)
    if len(text) > chars_max:
        raise WrongPoint(field, text, f"at most {chars_max} characters (it has {len(text)})")
    bad, unseen = bad_character_in(text), _UNSEEN.search(text)
    if bad is None and unseen is not None:
        bad = f"U+{ord(unseen[0]):04X} at character {unseen.start() + 1}"
    if bad is not None:
        raise WrongPoint(field, text, f"one line without control characters (it has {bad})")
    return text
