"""The table of all kinds of decisions, and how a row becomes one of them."""

from itertools import chain
from typing import Any, Union

import msgspec

from streaming.decisions import (
    contest,
    corrections,
    delay,
    holds,
    milestones,
    quarantine,
    rounds,
    schedules,
    sources,
    voids,
    withdrawals,
)
from streaming.decisions.action import Action
from streaming.decisions.decision import Decision, InForce
from streaming.decisions.sentence import Sentence
from streaming.errors import FoldError, unreadable_row
from streaming.ledger.rows import Row

KINDS: dict[type[Decision], tuple[type[Action], ...]] = {
    contest.ContestLoaded: (),
    holds.Held: (holds.Hold, holds.Final),
    holds.Released: (holds.Release,),
    quarantine.Quarantined: (quarantine.Quarantine,),
    quarantine.Cleared: (quarantine.Clear,),
    voids.Voided: (voids.Void,),
    corrections.Corrected: (corrections.Correct,),
    corrections.Untold: (corrections.Untell,),
    schedules.Scheduled: (schedules.Schedule,),
    delay.Delayed: (delay.Delay,),
    rounds.RoundMoved: (rounds.MoveRound, rounds.WaitForButton),
    sources.SourceSetAside: (sources.SetAside,),
    sources.SourceAwaited: (sources.AwaitSource,),
    milestones.MilestoneReached: (),
    withdrawals.NumbersWithdrawn: (),
    withdrawals.SteppedBack: (),
    withdrawals.NumbersRestored: (),
}
"""Every decision that a row may hold, and the actions that ask for it: none for what nobody asks for."""

ACTIONS: tuple[type[Action], ...] = tuple(chain.from_iterable(KINDS.values()))


class Unknown(Decision, frozen=True):
    """A decision of a kind that this version does not know, as a newer one may have written it."""

    named: str

    @property
    def kind(self) -> str:
        """What the row calls it."""
        return self.named

    def check(self, seq: int, force: InForce) -> None:
        """Refuse it: nobody can say what it does to the numbers."""
        raise FoldError(f'row {seq}: unknown decision "{self.named}"')

    def sentence(self) -> Sentence:
        """Nothing that has words."""
        return Sentence("")


class _Bare(msgspec.Struct):
    kind: Any = None
    shown: msgspec.Raw = msgspec.Raw()


_decoder: msgspec.json.Decoder[Decision] = msgspec.json.Decoder(Union[tuple(KINDS)])  # noqa: UP007 - made of a table
_by_kind = {str(kind.__struct_config__.tag): kind for kind in KINDS}


def read_decision(row: Row) -> Decision:
    """What a decision row says.

    Raises:
        FoldError: If it cannot be read, has no kind, or lacks what one of its kind says.
    """
    try:
        return _decoder.decode(row.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _otherwise(row, error)


def _otherwise(row: Row, error: Exception) -> Decision:
    """A row that is no decision of a known kind."""
    try:
        bare = msgspec.json.decode(row.body, type=_Bare)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise unreadable_row(row.seq, row.type, error) from None
    if not isinstance(bare.kind, str):
        raise FoldError(f'row {row.seq}: a decision without "kind"') from None
    if (kind := _by_kind.get(bare.kind)) is not None:
        raise kind.unreadable(row, error) from None
    return Unknown(named=bare.kind, shown=bare.shown)
