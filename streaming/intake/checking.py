"""The checking of a batch: each item by itself, in pieces of any size."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

import msgspec

from streaming.contests.contest import Round
from streaming.contests.rounds import round_at
from streaming.contests.units import Tree
from streaming.intake.bodies import Item
from streaming.intake.quick import QuickItem, check_quick
from streaming.ledger.rows import Draft, Outcome
from streaming.participation import Accepted, Reject, check, digest_of, encode_body


class Checking:
    """What is known of a batch so far: ``good`` and ``rejected`` by their index, as at ``now_ms``, ms since the epoch.
    ``leaves`` are the codes of the tree's; ``faults`` is how often each code was given; of what was new and is no void,
    ``entered_ms`` is the latest time, and ``outside_rounds`` how many are of no round."""

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
        self.faults: Counter[str] = Counter()
        self.drafts: list[Draft] = []
        self.accepted = self.duplicates = self.outside_rounds = 0
        self.entered_ms: int | None = None
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
                self._reject(checked)
            else:
                good.append((index, checked))

    def draft_some(self, source: str, begin: int, end: int) -> None:
        """Make the ledger's rows of the good items from ``begin`` up to ``end``."""
        drafts = self.drafts
        for _, (id_, participation) in self.good[begin:end]:
            body = encode_body(participation)
            drafts.append(Draft("participation", source, id_, digest_of(body), body))

    def hear_some(self, outcomes: Sequence[Outcome], rounds: Sequence[Round], begin: int, end: int) -> None:
        """Take in what became of the good items from ``begin`` up to ``end``; ``outcomes`` are of all."""
        entered_at: list[int] = []
        for (index, one), outcome in zip(self.good[begin:end], outcomes[begin:end], strict=True):
            if outcome == "conflict":
                message = f'id "{one.id}" is stored already with other content, expected a new id or the same content'
                self._reject(Reject(index, one.id, "id", "id_conflict", message))
            elif outcome == "duplicate":
                self.duplicates += 1
            else:
                self.accepted += 1
                if one.participation.kind != "voided":
                    entered_at.append(one.participation.at)
        if entered_at:
            first_ms, last_ms = min(entered_at), max(entered_at)
            self.entered_ms = last_ms if self.entered_ms is None else max(last_ms, self.entered_ms)
            first = round_at(rounds, first_ms)
            # A round is one stretch of time, so what lies between two of its instants is in it too.
            if first is None or first != round_at(rounds, last_ms):
                self.outside_rounds += sum(round_at(rounds, at_ms) is None for at_ms in entered_at)

    def _reject(self, reject: Reject) -> None:
        self.rejected.append(reject)
        self.faults[reject.code] += 1
