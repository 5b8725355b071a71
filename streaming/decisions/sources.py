"""Sources that are not waited for: one that is silent spoils the as-of time of all the others, until somebody says that
it need not be heard. What it has sent, and what it sends meanwhile, counts all the same."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from streaming.contests.contest import Round
from streaming.decisions.action import Action, AsItStands, Given, Reason, Seq
from streaming.decisions.decision import Counting, Decided, Decision
from streaming.decisions.sentence import Sentence, Verbatim
from streaming.decisions.standing import Aside
from streaming.errors import Undecidable, shown
from streaming.ledger.rows import Row

ASIDE_MAX = 200
"""Sources that may be set aside at a time: more than a ceremony has."""

SourceName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _OfSource(Decision, frozen=True):
    """Of a source, whether it has ever spoken or not."""

    source: str
    reason: str = ""

    def sentence(self) -> Sentence:
        """What was decided, and of which source."""
        return Sentence(f"did_{self.kind}", {"source": Verbatim(self.source)})

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, None, by, at_ms, source=self.source)


class SourceSetAside(_OfSource, frozen=True, tag="set_aside"):
    """The as-of time follows the other sources, whatever this one does, until it is waited for again."""

    def apply(self, row: Row, counting: Counting) -> None:
        """Wait for it no more; the public as-of time follows once the cut has passed the row."""
        counting.set_aside(row, self.source, Aside(row.received_ms, row.by, self.reason))


class SourceAwaited(_OfSource, frozen=True, tag="await_source"):
    """The as-of time is again no later than this source was heard."""

    def apply(self, row: Row, counting: Counting) -> None:
        """Wait for it again; the public as-of time follows once the cut has passed the row."""
        counting.set_aside(row, self.source, None)


class SetAside(Action, frozen=True, kw_only=True, tag="set_aside"):
    """Tạm không chờ nguồn này."""

    source: SourceName
    reason: Given
    seen: Seq

    def decision(self, rounds: Sequence[Round]) -> SourceSetAside:
        """The decision that it becomes."""
        return SourceSetAside(source=self.source, reason=self.reason)

    def check(self, fold: AsItStands) -> None:
        """See whether it is waited for."""
        if self.source in fold.aside:
            raise Undecidable(f"source: {shown(self.source)} is not waited for already", "source")
        if len(fold.aside) >= ASIDE_MAX:
            raise Undecidable(f"source: {ASIDE_MAX} sources are set aside, the most that can be", "source")


class AwaitSource(Action, frozen=True, kw_only=True, tag="await_source"):
    """Chờ lại nguồn này."""

    source: SourceName
    reason: Reason = ""
    seen: Seq

    def decision(self, rounds: Sequence[Round]) -> SourceAwaited:
        """The decision that it becomes."""
        return SourceAwaited(source=self.source, reason=self.reason)

    def check(self, fold: AsItStands) -> None:
        """See whether it is set aside."""
        if self.source not in fold.aside:
            raise Undecidable(f"source: {shown(self.source)} is waited for already", "source")
