"""The checking of a batch: each item by itself, in pieces of any size."""

from collections.abc import Callable, Collection, Sequence

import msgspec

from streaming.contests.units import Tree
from streaming.intake.bodies import Item
from streaming.intake.quick import QuickItem, check_quick
from streaming.ledger.rows import Draft, Outcome
from streaming.participation import Accepted, Reject, check, digest_of, encode_body


class Checking:
    """What is known of a batch so far: ``good`` and ``rejected`` by their index, as at ``now_ms``, ms since the epoch.
    ``leaves`` are the codes of the tree's; ``entered_at`` are the times of what was new and is no void."""

    def __init__(
        self,
        items: Sequence[Item],
        tree: Tree,
        leaves: Collection[str],
        now_ms: int,
        person_digest: Callable[[str], str],
    ) -> None:
        self.items = items
        self.now_ms = now_ms
        self.good: list[tuple[int, Accepted]] = []
        self.rejected: list[Reject] = []
        self.drafts: list[Draft] = []
        self.entered_at: list[int] = []
        self._tree = tree
        self._leaves = leaves
        self._digest = person_digest

    def check_some(self, begin: int, end: int) -> None:
        """Check the items from ``begin`` up to ``end``."""
        tree, leaves, now_ms, digest = self._tree, self._leaves, self.now_ms, self._digest
        good = self.good
        for index, item in enumerate(self.items[begin:end], begin):
            if isinstance(item, QuickItem):
                checked = check_quick(item, leaves, now_ms, digest) or check(
                    msgspec.to_builtins(item), index, tree, now_ms, digest
                )
            else:
                checked = item if isinstance(item, Reject) else check(item, index, tree, now_ms, digest)
            if isinstance(checked, Reject):
                self.rejected.append(checked)
            else:
                good.append((index, checked))

    def draft_some(self, source: str, begin: int, end: int) -> None:
        """Make the ledger's rows of the good items from ``begin`` up to ``end``."""
        drafts = self.drafts
        for _, (id_, participation) in self.good[begin:end]:
            body = encode_body(participation)
            drafts.append(Draft("participation", source, id_, digest_of(body), body))

    def hear_some(self, outcomes: Sequence[Outcome], begin: int, end: int) -> None:
        """Take in what became of the good items from ``begin`` up to ``end``; ``outcomes`` are of all."""
        for (index, one), outcome in zip(self.good[begin:end], outcomes[begin:end], strict=True):
            if outcome == "conflict":
                message = f'id "{one.id}" is stored already with other content, expected a new id or the same content'
                self.rejected.append(Reject(index, one.id, "id", "id_conflict", message))
            elif outcome == "accepted" and one.participation.kind != "voided":
                self.entered_at.append(one.participation.at)
