"""The contest that the numbers are of."""

from typing import ClassVar

import msgspec

from streaming.contests.contest import Contest, decode_contest, encode_contest
from streaming.decisions.decision import Counting, Decision
from streaming.errors import ContestError, unreadable_row
from streaming.ledger.rows import Row


class ContestLoaded(Decision, frozen=True, tag="contest"):
    """What the contest is from here on; a ledger's first row."""

    is_remembered: ClassVar[bool] = False

    contest: msgspec.Raw

    @classmethod
    def of(cls, contest: Contest) -> "ContestLoaded":
        """The decision for a contest."""
        return cls(contest=msgspec.Raw(encode_contest(contest)))

    def apply(self, row: Row, counting: Counting) -> None:
        """Take effect; the gate keeps no contest back."""
        counting.wait(row)
        counting.adopt(row, self.read(row))

    def read(self, row: Row) -> Contest:
        """The contest.

        Raises:
            FoldError: If the row holds none.
        """
        try:
            contest = decode_contest(bytes(self.contest))
            # Its units are looked at where they become a tree.
            contest.tree  # noqa: B018 - kept for whoever asks next
        except ContestError as error:
            raise unreadable_row(row.seq, row.type, error) from None
        return contest
