"""The connection points: the roll call as it is kept, whose page is open, what each is called to, and who is told.

What is done acts at once; those who follow are told at the next look, a fifth of a second later at most, so that a
hundred points that answer together make one frame.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping

import structlog

from server.control.kept_roll_call import KeptRollCall
from server.errors import UnknownUnit
from streaming.contests.units import Tree, Unit
from streaming.points.actions import Action, Case, Tell
from streaming.points.call import Call, HandCall
from streaming.points.errors import TooManyLines
from streaming.points.finding import Finder, Found
from streaming.points.leases import Leases, Page
from streaming.points.point import points_of
from streaming.points.roll_call import NOTHING, Entry, Totals
from streaming.points.told import Known
from streaming.points.topics import PointTopics
from streaming.program.points import PointCalled, PointLine, RollCalled
from streaming.topics.topic import Topic

LOOK_S = 0.2
"""How often it is looked what has changed."""
LINES_MAX, LINES_WINDOW_S = 6, 60
"""So many lines of a point are taken in so long."""

log = structlog.get_logger(__name__)

Calls = Callable[[int], tuple[str | None, Mapping[str, Call]]]
"""At a time, the item that is on and what the points hear by the rundown."""


def no_calls(_now_ms: int) -> tuple[None, Mapping[str, Call]]:
    """Where there is no rundown, nobody is called."""
    return None, {}


class Points:
    """The points of one contest. ``now_ms`` is the server's clock, ``elapsed_ms`` one that nobody sets; ``calls`` is
    what the rundown says."""

    def __init__(
        self,
        kept: KeptRollCall,
        tree: Tree,
        *,
        now_ms: Callable[[], int],
        elapsed_ms: Callable[[], int],
        calls: Calls = no_calls,
    ) -> None:
        self._kept = kept
        self._now_ms = now_ms
        self._elapsed_ms = elapsed_ms
        self._calls_by_rundown = calls
        self.units: tuple[Unit, ...] = points_of(tree)
        self._tree = tree
        self.leases = Leases()
        self._topics = PointTopics(tree, secrets.token_hex(8))
        self._changed: set[str] = set()
        self._lines_at_s: dict[str, deque[float]] = {}
        self._entries = {code: entry for code, entry in kept.read().items() if code in self._topics.known}
        self._by_hand = self._called_by_hand()
        self._roll: RollCalled | None = None
        self._on: str | None = None
        self._pages: dict[str, Page] = {}
        self._calls = self._calls_now()
        self._topics.begin(self.known)

    @property
    def known(self) -> Known:
        """All that is known now."""
        return Known(self._entries, self._pages, self._calls)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every point, in official order."""
        return self._topics.codes

    def entry(self, code: str) -> Entry:
        """What is known of a point.

        Raises:
            UnknownUnit: If there is no such point.
        """
        self._check(code)
        return self._entries.get(code, NOTHING)

    def call(self, code: str) -> Call | None:
        """What a point is called to now."""
        return self._calls.get(code)

    @property
    def totals(self) -> Totals:
        """Of all points, as of the last look."""
        return self._topics.totals(self._tree.root.code)

    @property
    def roll(self) -> RollCalled:
        """The roll call as outputs tell it."""
        if self._roll is None:
            told = {code: self._entries.get(code, NOTHING) for code in self._topics.codes}
            self._roll = RollCalled(
                tuple(
                    PointCalled(
                        code, self._tree.depth(code), self._tree.is_leaf(code), entry.bridge is True, entry.present or 0
                    )
                    for code, entry in told.items()
                ),
                tuple(
                    PointLine(code, entry.line.at, entry.line.text)
                    for code, entry in told.items()
                    if entry.line is not None and entry.line.state == "shown"
                ),
            )
        return self._roll

    def below(self, code: str) -> tuple[str, ...]:
        """The points at and below one.

        Raises:
            UnknownUnit: If there is no such point.
        """
        self._check(code)
        return self._topics.below(code)

    def topic(self, code: str | None = None) -> Topic | None:
        """The topic of the points at and below one, by default of all; None if there is no such point."""
        return self._topics.find(self._tree.root.code if code is None else code, self.known, self._now_ms())

    def find(self, lines: Iterable[str], scope: str | None = None) -> Found:
        """The points at and below a ``scope`` that a list names."""
        return Finder(self._tree, points_of(self._tree, scope)).find(lines)

    def act(self, action: Action, by: str) -> frozenset[str]:
        """Do something; returns the points that are different by it.

        Raises:
            WrongPoint, LineGone: As the action does.
            TooManyLines: If the point has sent as many lines as may be taken.
        """
        changed = action.changed(Case(self._entries, by, self._now_ms(), self._on))
        if isinstance(action, Tell) and action.line:
            self._take_line(action.code)
        self._entries |= changed
        self._roll = None
        self._by_hand = self._called_by_hand()
        self._kept.keep(changed)
        self._changed |= changed.keys()
        if changed:
            log.info("points", did=type(action).__name__, by=by, units=len(changed), first=next(iter(changed)))
        return frozenset(changed)

    async def written(self) -> bool:
        """Wait for what was done to be on disk; False if that takes too long, and goes on."""
        return await self._kept.written()

    def hear(self, code: str) -> None:
        """Something came from a page of a point."""
        self.leases.hear(code, self._elapsed_ms())

    def lost(self) -> dict[str, int]:
        """Since when, by the server's clock, each point is lost of which the room is to be told."""
        now_ms = self._now_ms()
        return {code: now_ms - for_ms for code, for_ms in self.leases.lost(self._elapsed_ms()).items()}

    async def run(self) -> None:
        """Write what changes, and tell it, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kept.run())
            while True:
                self.look()
                await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """End leases, follow the rundown, and tell what has changed."""
        changed = self._changed | self._follow_pages() | self._follow_calls()
        self._changed = set()
        if changed:
            self._topics.tell(changed, self.known, self._now_ms())

    def close(self) -> None:
        """Write what still waits to be written."""
        self._kept.close()

    @property
    def fault(self) -> str | None:
        """Why the roll call is not on disk, None while it is."""
        return self._kept.fault

    def _take_line(self, code: str) -> None:
        now_s = self._elapsed_ms() / 1000
        times = self._lines_at_s.setdefault(code, deque(maxlen=LINES_MAX))
        if len(times) == LINES_MAX and now_s - times[0] < LINES_WINDOW_S:
            raise TooManyLines(LINES_MAX, LINES_WINDOW_S, LINES_WINDOW_S - (now_s - times[0]))
        times.append(now_s)

    def _follow_pages(self) -> set[str]:
        elapsed_ms = self._elapsed_ms()
        changed = self.leases.look(elapsed_ms)
        at_ms = self._now_ms() - elapsed_ms
        for code in changed:
            page = self.leases.of(code)
            if page is None:
                self._pages.pop(code, None)
            else:
                self._pages[code] = Page(page.is_open, page.since_ms + at_ms)
        return changed

    def _follow_calls(self) -> set[str]:
        before, self._calls = self._calls, self._calls_now()
        return {code for code in before.keys() | self._calls.keys() if before.get(code) != self._calls.get(code)}

    def _called_by_hand(self) -> dict[str, HandCall]:
        return {code: entry.hand for code, entry in self._entries.items() if entry.hand is not None}

    def _calls_now(self) -> Mapping[str, Call]:
        self._on, calls = self._calls_by_rundown(self._now_ms())
        by_hand = {code: hand.call for code, hand in self._by_hand.items() if hand.on == self._on}
        return {code: call for code, call in {**calls, **by_hand}.items() if code in self._topics.known}

    def _check(self, code: str) -> None:
        if code not in self._topics.known:
            raise UnknownUnit("unit", code)
