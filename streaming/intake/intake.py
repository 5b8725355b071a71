"""The intake: the one way in."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter

import msgspec

from streaming.contests.contest import Round
from streaming.contests.units import Tree
from streaming.errors import ClockWrong
from streaming.intake.bodies import BOM, ITEMS_MAX, Batch, Item, media_of, read_quickly, split
from streaming.intake.checking import Checking
from streaming.intake.persons import digester
from streaming.intake.turns import CHEAP_ITEMS, STEP_ITEMS, Turns
from streaming.intake.witnesses import ITEMS_KEPT, Witnesses
from streaming.ledger.jumps import CLOCK_MIN_MS
from streaming.ledger.ledger import Ledger
from streaming.participation import Accepted, Reject, check

FUTURE = "future_time"
_ALWAYS_MS = 1 << 52
"""A time after every instant that can be written: no item lies in its future."""
CLOCK_AHEAD_MS_MAX = 86_400_000
"""What lies further ahead, and later than the last round, is a fault of its own, as a year 9999 is, and says nothing of
our clock."""

WHOLE_BYTES_MAX = 64 * 1024
"""Of a body that is read in one go in the event loop if all of it is good: about 1 ms."""
SPLIT_BYTES_MAX = 4 * 1024
"""Of any other that is split in the event loop. A larger one is split in a thread, and its items are read in slices."""
CHECKS_MAX = 2
"""Of a batch during which our clock was set: what was of the future by the old time may not be by the new."""


@dataclass(frozen=True)
class Receipt:
    """What became of a batch. ``seq`` is the ledger's head once it was on disk; ``conflict`` the one id_conflict of a
    body that was a single object, which is answered as an error of its own."""

    accepted: int
    duplicates: int
    rejected: tuple[Reject, ...]
    outside_rounds: int
    seq: int
    is_single: bool

    @property
    def conflict(self) -> Reject | None:
        """The id conflict of a single object."""
        if self.is_single and self.rejected and self.rejected[0].code == "id_conflict":
            return self.rejected[0]
        return None


@dataclass
class SourceCounters:
    """What a source has sent since the start. ``lag_ms`` is how long after it happened its last entry arrived."""

    accepted: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    last_entry_ms: int | None = None
    lag_ms: int | None = None


class Intake:
    """Takes batches of one store: each participation once, durable before ``take`` returns.

    ``counters`` are by source; ``witnesses`` tell what the sources' clocks say of ours; ``on_reject`` is told how many
    items of a source were rejected.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        tree: Callable[[], Tree],
        rounds: Callable[[], Iterable[Round]],
        person_key: bytes,
        now_ms: Callable[[], int],
        heard: Callable[[str], None],
        items_max: int = ITEMS_MAX,
        monotonic_s: Callable[[], float] = time.monotonic,
        moved_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        self._ledger = ledger
        self._tree = tree
        self._rounds = rounds
        self._person_key = person_key
        self._now_ms = now_ms
        self._heard = heard
        self._items_max = items_max
        self.counters: dict[str, SourceCounters] = {}
        self.witnesses = Witnesses(monotonic_s)
        self._turns = Turns(monotonic_s)
        self._moved_ms = moved_ms
        self._followed_ms = moved_ms()
        self.on_reject: Callable[[str, int], None] | None = None
        self._leaves: tuple[Tree, frozenset[str]] | None = None
        self._digesters: dict[str, Callable[[str], str]] = {}

    def follow_clock(self) -> None:
        """Tell every time that is remembered as the clock is now, if it was set."""
        if by_ms := self._moved_ms() - self._followed_ms:
            self._followed_ms += by_ms
            self._shift(by_ms)

    def hear_clock(self, source: str, ahead_ms: int) -> None:
        """Take in how far the clock of a source lies ahead of ours as it sends, below 0 behind."""
        self.follow_clock()
        self.witnesses.hear_clock(source, ahead_ms)

    def _shift(self, by_ms: int) -> None:
        self.witnesses.shift(by_ms)
        for counters in self.counters.values():
            if counters.last_entry_ms is not None:
                counters.last_entry_ms += by_ms

    async def take(self, source: str, body: bytes, content_type: str, scope: str | None = None) -> Receipt:
        """Keep what is good of a batch and name the rest. ``scope`` joins sources that know the same people by one id.

        Raises:
            Unreadable: If nothing of the body can be read.
            ClockWrong: If items would be refused as of the future, and our own clock is to blame; nothing was stored.
            LedgerBusy, LedgerUnavailable: If it could not be stored; nothing of it was.
        """
        batch = await self._read(body, content_type)
        checking = await self._check(batch.items, self._digester(scope or source))
        good, rejected = checking.good, checking.rejected
        self.follow_clock()
        await self._ask_witnesses(source, checking)
        await self._each(len(good), partial(checking.draft_some, source))
        if not checking.drafts:
            # An empty batch is a heartbeat; a batch of nothing but faults shows as well that the source lives.
            self._heard(source)
            self._count(source, checking)
            return Receipt(0, 0, tuple(rejected), 0, self._ledger.head, batch.is_single)
        appended = await self._ledger.append(checking.drafts)
        self._heard(source)
        faults = len(rejected)
        await self._each(len(good), partial(checking.hear_some, appended.outcomes, tuple(self._rounds())))
        if len(rejected) > faults:
            rejected.sort(key=attrgetter("index"))
        self._count(source, checking)
        return Receipt(
            checking.accepted, checking.duplicates, tuple(rejected), checking.outside_rounds, appended.seq,
            batch.is_single,
        )  # fmt: skip

    async def _each(self, count: int, step: Callable[[int, int], object]) -> None:
        """Do cheap work of each item, in turns if there are many."""
        if count <= CHEAP_ITEMS:
            step(0, count)
        else:
            await self._turns.work(count, step, CHEAP_ITEMS)

    async def _read(self, body: bytes, content_type: str) -> Batch:
        media = media_of(content_type)
        body = body.removeprefix(BOM)
        if len(body) <= WHOLE_BYTES_MAX and (quick := read_quickly(body, media, self._items_max)) is not None:
            return quick
        if len(body) <= SPLIT_BYTES_MAX:
            parts = split(body, media, self._items_max)
        else:
            parts = await asyncio.to_thread(split, body, media, self._items_max)
        items: list[Item] = []
        await self._turns.work(len(parts.raws), lambda begin, end: items.extend(parts.read_some(begin, end)))
        return parts.batch(items)

    async def _check(self, items: Sequence[Item], digest: Callable[[str], str]) -> Checking:
        for _ in range(CHECKS_MAX):
            tree, now_ms, moved_ms = self._tree(), self._now_ms(), self._moved_ms()
            checking = Checking(items, tree, self._leaves_of(tree), now_ms, digest)
            if len(items) <= STEP_ITEMS:
                checking.check_some(0, len(items))
                break
            await self._turns.work(len(items), checking.check_some)
            if self._moved_ms() == moved_ms:
                break
        return checking

    async def _ask_witnesses(self, source: str, checking: Checking) -> None:
        """Hear what a batch says of our clock, before any of it is refused for lying in the future.

        Raises:
            ClockWrong: If our clock is to blame for that of one item at least: it would be on time on the sources'.
        """
        items, good, now_ms = checking.items, checking.good, checking.now_ms
        if not checking.faults[FUTURE]:
            # Nearly every batch.
            self.witnesses.hear(source, [one.participation.at - now_ms for _, one in good[-ITEMS_KEPT:]])
            return
        future = [reject.index for reject in checking.rejected if reject.code == FUTURE]
        told = [(index, one.participation.at - now_ms) for index, one in good[-ITEMS_KEPT:]]
        # By a clock that is days behind, a rehearsal before the first round is far ahead as well.
        far_ms = max((now_ms + CLOCK_AHEAD_MS_MAX, *(round_.closes_ms for round_ in self._rounds())))
        if now_ms < CLOCK_MIN_MS:
            far_ms = _ALWAYS_MS
        told += [
            (index, at_ms - now_ms)
            for index in future[-ITEMS_KEPT:]
            if (at_ms := self._instant(items[index], index, _ALWAYS_MS)) is not None and at_ms <= far_ms
        ]
        self.witnesses.hear(source, [ahead_ms for _, ahead_ms in sorted(told)[-ITEMS_KEPT:]])
        behind_ms = self.witnesses.behind_ms
        if now_ms < CLOCK_MIN_MS:
            # This needs no witness, whatever time the item tells.
            raise ClockWrong(behind_ms or CLOCK_MIN_MS - now_ms)
        if behind_ms is None:
            return
        by_theirs_ms = now_ms + behind_ms

        def ask_some(begin: int, end: int) -> None:
            if any(self._instant(items[index], index, by_theirs_ms) is not None for index in future[begin:end]):
                raise ClockWrong(behind_ms)

        await self._turns.work(len(future), ask_some)

    def _instant(self, item: Item, index: int, now_ms: int) -> int | None:
        """When an item happened, if it would be good at a time; None if it would not."""
        if isinstance(item, Reject):
            return None
        checked = check(msgspec.to_builtins(item), index, self._tree(), now_ms, lambda _person: "")
        return checked.participation.at if isinstance(checked, Accepted) else None

    def _count(self, source: str, checking: Checking) -> None:
        """Keep a source's counters. Only who has a secret comes here, so there are as many as sources."""
        counters = self.counters.setdefault(source, SourceCounters())
        counters.accepted += checking.accepted
        counters.duplicates += checking.duplicates
        if checking.entered_ms is not None:
            now_ms = checking.now_ms
            counters.last_entry_ms, counters.lag_ms = now_ms, max(0, now_ms - checking.entered_ms)
        if checking.faults:
            counters.rejected.update(checking.faults)
            if self.on_reject is not None:
                self.on_reject(source, len(checking.rejected))

    def _leaves_of(self, tree: Tree) -> frozenset[str]:
        if self._leaves is None or self._leaves[0] is not tree:
            self._leaves = (tree, frozenset(leaf.code for leaf in tree.leaves))
        return self._leaves[1]

    def _digester(self, scope: str) -> Callable[[str], str]:
        if scope not in self._digesters:
            self._digesters[scope] = digester(self._person_key, scope)
        return self._digesters[scope]
