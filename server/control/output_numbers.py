"""Where each output's numbers come from: the topics of its store, or late ones of its own.

An output without a delay whose picture moves reads what its store has, and costs nothing. Any other has topics of its
own, with followers of their own, for as long as they may stand elsewhere.
"""

from collections.abc import Callable, Mapping

import structlog

from streaming.contests.units import UnitCode
from streaming.program.output import Output
from streaming.program.shown import Figures
from streaming.program.state import Store
from streaming.pump import Pump
from streaming.topics.late import LateTopics, Picture
from streaming.topics.numbers import BOARD, NumberTopics
from streaming.topics.topic import Topic

NUMBER_TOPICS = frozenset({"board", "round", "unit", "breakdown"})
"""The first parts of the names of topics that an output reads; every other is the same for all."""
FORGET_MS = 600_000
"""Topics of single units that nobody follows or asks for in this time are forgotten."""

log = structlog.get_logger(__name__)


class OutputNumbers:
    """The number topics of every output. ``on_other`` is told of an output that reads others now.

    ``withdrawn_ms`` tells since when wrong numbers are taken off the air in a store, by its clock, None if they are
    not: what was on its way to late outputs then does not come.
    """

    def __init__(self, pumps: Mapping[Store, Pump], withdrawn_ms: Callable[[Store], int | None]) -> None:
        self.on_other: Callable[[str], None] = lambda _output: None
        self._pumps = pumps
        self._withdrawn_ms = withdrawn_ms
        self._withdrawn: set[str] = set()
        self._stores: dict[str, Store] = {}
        self._late: dict[str, LateTopics] = {}
        self._forget_due_ms: dict[str, int] = {}

    def begin(self, output: Output, picture: Picture | None) -> None:
        """Read what an output showed when an earlier run ended: its ``picture``, if that stood still and is known."""
        self.follow(output)
        if output.name in self._late and not self._pumps[output.store].is_behind:
            self._keep_back(output.name, self._late[output.name], self._pumps[output.store].passed_ms)
        if output.still is None:
            return
        pump, late = self._pumps[output.store], self._late[output.name]
        if picture is None or picture.contest_digest != pump.contest.digest:
            log.warning("picture not applied", output=output.name, reason="what it showed is not known")
            return
        late.stand_still_at(picture, pump.contest)

    def follow(self, output: Output) -> Picture | None:
        """Read what an output is to show now; returns its picture if that has just been made to stand still."""
        name, pump = output.name, self._pumps[output.store]
        before = self.of(name) if name in self._stores else None
        if self._stores.get(name) not in {None, output.store}:
            self.drop(name)
        self._stores[name] = output.store
        needs_own = output.delay_ms > 0 or output.still is not None
        late = self._late.get(name)
        if late is None and needs_own:
            late = self._late[name] = LateTopics(
                pump.topics, pump.history, delay_ms=output.delay_ms, now_ms=self._until_ms(output.store)
            )
        picture: Picture | None = None
        if late is not None:
            picture = self._set(late, output)
            if not needs_own and not late.is_late:
                self.drop(name)
        if before is not None and self.of(name) is not before:
            self.on_other(name)
        return picture

    def _set(self, late: LateTopics, output: Output) -> Picture | None:
        now_ms = self._until_ms(output.store)
        begins = output.still is not None and not late.is_still
        if begins:
            self._publish(output.store, late.advance(now_ms))
        if late.is_still and output.still is None and output.name not in self._withdrawn:
            # Where an earlier run stood still, what came since then is not known.
            late.go_on(now_ms)
        late.delay_ms, late.is_still = output.delay_ms, output.still is not None
        self._publish(output.store, late.advance(now_ms))
        return late.picture if begins else None

    def drop(self, name: str) -> None:
        """Have no topics of its own for an output any more."""
        self._withdrawn.discard(name)
        if (late := self._late.pop(name, None)) is not None:
            late.close()

    def leave(self, name: str) -> None:
        """Forget an output that is no more."""
        self.drop(name)
        del self._stores[name]
        self._forget_due_ms.pop(name, None)

    def settled(self) -> None:
        """All outputs have begun: what stores have kept for those that are late from a start is needed no more."""
        for pump in self._pumps.values():
            pump.history.keeps_all = False
            pump.history.let_go()

    def find(self, output: str, name: str) -> Topic | None:
        """The topic of a name without "rehearsal/", as an output shows it; None if there is none."""
        return self.of(output).find(name) if name.partition("/")[0] in NUMBER_TOPICS else None

    def board(self, output: str) -> Topic:
        """The topic of the whole contest, which is always there, as an output shows it."""
        return self._there(output, BOARD)

    def unit(self, output: str, code: UnitCode) -> Topic:
        """The topic of a unit of the contest, as an output shows it."""
        return self._there(output, f"unit/{code}")

    def figures(self, output: str) -> Figures:
        """The numbers of the whole contest, as an output shows them."""
        board, root = self.board(output), self._pumps[self._stores[output]].contest.tree.root.code
        of = dict(zip(board.columns, board.row(root) or (), strict=False))
        return Figures(board.seq, int(of.get("started") or 0), int(of.get("completed") or 0))

    def _there(self, output: str, name: str) -> Topic:
        found = self.of(output).find(name)
        assert found is not None  # noqa: S101 - stores are folded before outputs are there
        return found

    def of(self, name: str) -> NumberTopics:
        """The number topics that an output reads now."""
        return self._late.get(name) or self._pumps[self._stores[name]].topics

    def turn(self) -> None:
        """Show what is due, and keep back what wrong numbers are in."""
        for name, late in [*self._late.items()]:
            pump = self._pumps[self._stores[name]]
            if pump.is_behind:
                continue  # What was on its way is being made again, and whether it may come is not known yet.
            now_ms = pump.passed_ms
            self._keep_back(name, late, now_ms)
            self._publish(self._stores[name], late.advance(now_ms))
            if now_ms >= self._forget_due_ms.setdefault(name, now_ms + FORGET_MS):
                self._forget_due_ms[name] = now_ms + FORGET_MS
                late.forget()

    def _publish(self, store: Store, topics: list[Topic]) -> None:
        self._pumps[store].counters.late_frames += sum(topic.publish() > 0 for topic in topics)

    def _keep_back(self, name: str, late: LateTopics, now_ms: int) -> None:
        """Bring an output to whether numbers are withdrawn from its store."""
        since_ms = self._since_ms(self._stores[name])
        if since_ms is not None and name not in self._withdrawn:
            self._withdrawn.add(name)
            # What was due by then has been seen; a start may not show more, however long it took.
            self._publish(self._stores[name], late.advance(since_ms))
            late.keep_back(since_ms - late.delay_ms)
        elif since_ms is None and name in self._withdrawn:
            self._withdrawn.remove(name)
            pump = self._pumps[self._stores[name]]
            late.go_on(now_ms if pump.back_to_ms is None else passed_of(pump, pump.back_to_ms))

    def _since_ms(self, store: Store) -> int | None:
        """Since when numbers are withdrawn, by the clock of moves; None once those of an earlier moment are shown, for
        which late outputs wait as for any other."""
        pump, withdrawn_ms = self._pumps[store], self._withdrawn_ms(store)
        return None if withdrawn_ms is None or pump.back_to_ms is not None else passed_of(pump, withdrawn_ms)

    def _until_ms(self, store: Store) -> int:
        """The time up to which what is due may be shown."""
        since_ms = self._since_ms(store)
        return self._pumps[store].passed_ms if since_ms is None else since_ms


def passed_of(pump: Pump, at_ms: int) -> int:
    """A time by the clock of moves; one that lies behind the last row is now, for somebody has set the clock back."""
    return pump.passed_ms - max(0, max(pump.now_ms, pump.fold.now_ms) - at_ms)
