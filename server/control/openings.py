"""When a round opens by a launch, and what the room is asked about it.

A launch on the hall's output opens the round that waits for it, and one that was to open soon if the launch says so.
The cue never waits for that: it has fired, and the decision follows, with the cue's own time. What came between the
plan and the press stays outside, "trước giờ mở", by the fold's own rule.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from server.control.desk import Desk
from server.control.outputs import Outputs
from server.control.watch_state import OpeningShown
from streaming.decisions.kinds import read_decision
from streaming.decisions.rounds import OpenRound, RoundMoved, opened_by_launch
from streaming.errors import DiemCauError, FoldError, Undecidable
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import SYSTEM
from streaming.program.arming import LAUNCH
from streaming.program.expected import expected
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.state import Cue, Store
from streaming.pump import Pump

ASK_MS = 600_000
"""The room is asked this long before a round opens by its plan: at the button nobody has time for it."""
EARLY_MS = 3_600_000
"""A launch that opens the round opens none that was planned for later than this: it would be another day's."""
LOOK_S = 0.2
AGAIN_S = 1.0
"""How long it waits before the ledger is asked again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Given:
    """A launch that was given on the hall's output: over which numbers, by whom, its cue, and whether it opens a round
    that has not waited for it. One that an earlier run has given may be in the ledger."""

    store: Store
    by: str
    cue: Cue
    opens: bool
    is_old: bool = False


class Openings:
    """The openings of rounds by launches. ``desks`` decide about the numbers of each store."""

    def __init__(
        self, outputs: Outputs, desks: Mapping[Store, Desk], pumps: Mapping[Store, Pump], now_ms: Callable[[], int]
    ) -> None:
        self._outputs = outputs
        self._desks = desks
        self._pumps = pumps
        self._now_ms = now_ms
        self._given: Given | None = None
        self._dealt = 0
        self._is_late = False
        self._planned: set[tuple[Store, int, int]] = set()
        outputs.on_changed = self.note
        self.note(outputs.of(HALL), is_old=True)

    async def run(self) -> None:
        """Open what launches open, until cancelled."""
        while True:
            is_well = await self.look()
            await asyncio.sleep(LOOK_S if is_well else AGAIN_S)

    def note(self, output: Output, *, is_old: bool = False) -> None:
        """Hear how an output is now. A launch that was put away before its time opens nothing; one that has fired does,
        whatever is on air since."""
        if output.name != HALL:
            return
        cue, given = output.cue, self._given
        if cue is not None and cue.name == LAUNCH:
            if cue.id > self._dealt and (given is None or given.cue.id != cue.id):
                done = output.done.get("picture")
                by = done.by if done is not None and done.did == LAUNCH else SYSTEM
                opens = output.scene.settings.get("opens") == "press"
                self._given = Given(output.store, by, cue, opens, is_old)
        elif given is not None and self._now_ms() < given.cue.at:
            self._given = None

    async def look(self) -> bool:
        """Open the round of a launch that has fired; False if the ledger does not take it now."""
        given = self._given
        if given is None or self._now_ms() < given.cue.at or self._pumps[given.store].is_behind:
            return True
        pump, desk = self._pumps[given.store], self._desks[given.store]
        found = opened_by_launch(pump.rounds, given.cue.at, EARLY_MS if given.opens else 0)
        if found is None or (given.is_old and is_written(pump.ledger, given.cue.id)):
            self._deal(given)
            return True
        if desk.unwritten and self._is_late:
            return False  # It may be just this one that the disk is taking.
        try:
            receipt = await desk.decide(given.by, OpenRound(n=found.n, opens_ms=given.cue.at, cue=given.cue.id))
        except Undecidable as error:
            log.warning("round not opened", round=found.n, reason=str(error))
            self._deal(given)
            return True
        except DiemCauError as error:
            log.warning("round not opened yet", round=found.n, reason=str(error))
            self._is_late = True
            return False
        self._is_late = not receipt.is_written
        if receipt.is_written:
            self._deal(given)
        return receipt.is_written

    def _deal(self, given: Given) -> None:
        self._dealt, self._is_late = max(self._dealt, given.cue.id), False
        if self._given is given:
            self._given = None

    def keep_plan(self, store: Store, n: int) -> None:
        """Mở theo kế hoạch: ask no more about a round as it is planned now."""
        found = next((each for each in self._pumps[store].rounds if each.n == n), None)
        if found is not None:
            self._planned.add((store, n, found.opens_ms))

    def shown(self, store: Store) -> OpeningShown | None:
        """What the room of a store is to know of the next opening, None for nothing."""
        pump, hall, now_ms = self._pumps[store], self._outputs.of(HALL), self._now_ms()
        if pump.is_behind:
            return None
        found = next((each for each in pump.rounds if now_ms < each.closes_ms), None)
        if found is None:
            return None
        if self._is_late and self._given is not None and self._given.store == store:
            return OpeningShown(found.n, "late", self._given.cue.at)
        if found.waits:
            return OpeningShown(found.n, "waits")
        if not 0 < found.opens_ms - now_ms <= ASK_MS or (store, found.n, found.opens_ms) in self._planned:
            return None
        if hall.store != store or not is_late(hall, found.opens_ms, now_ms):
            return None
        return OpeningShown(found.n, "asks", found.opens_ms, launch_ms(hall, now_ms))


def is_late(hall: Output, opens_ms: int, now_ms: int) -> bool:
    """Whether an evening that has begun will not have launched when a round opens. At the launch nobody is asked."""
    running = hall.running
    has_begun = running.on is not None or hall.take.by != SYSTEM
    if not has_begun or running.launched is not None or hall.scene.name == LAUNCH:
        return False
    at_ms = launch_ms(hall, now_ms)
    return at_ms is None or at_ms > opens_ms


def launch_ms(hall: Output, now_ms: int) -> int | None:
    """When the launch is expected, None where the rundown has none to come."""
    scenes = {item.id: item.scene for item in hall.rundown.items}
    times = expected(hall.rundown, hall.running, now_ms).items
    return next((each.at for each in times if scenes.get(each.item) == LAUNCH), None)


def is_written(ledger: Ledger, cue: int) -> bool:
    """Whether a launch has opened a round already, whatever has become of that since."""
    for row in ledger.decisions():
        try:
            decision = read_decision(row)
        except FoldError:
            continue
        if isinstance(decision, RoundMoved) and decision.cue == cue:
            return True
    return False
