"""A store: the live or the rehearsal half of a data folder, from its ledger to its topics."""

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from server.auth.topic_rights import topic_right
from server.clock import Timekeeper
from server.control.desk import Desk
from server.control.watch import Watch
from server.errors import CatchingUp
from server.folder.belonging import other_checkpoint
from server.folder.files import CHECKPOINT_SUFFIX
from server.settings import Settings
from streaming.checkpoint import continues, objection_to, read_checkpoint
from streaming.contests.contest import Contest, ContestFolder, check_change
from streaming.decisions.contest import ContestLoaded
from streaming.intake.intake import Intake
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import SYSTEM, Draft
from streaming.pump import Pump
from streaming.topics.topic import Topic

log = structlog.get_logger(__name__)


class Store:
    """Ledger, pump, intake, desk and watch of one store, wired together."""

    def __init__(
        self, ledger: Ledger, pump: Pump, intake: Intake, desk: Desk, watch: Watch, *, rehearsal: bool
    ) -> None:
        self.ledger = ledger
        self.pump = pump
        self.intake = intake
        self.desk = desk
        self.watch = watch
        self.rehearsal = rehearsal

    @property
    def name(self) -> str:
        """How logs and metrics call it: live or rehearsal."""
        return "rehearsal" if self.rehearsal else "live"

    @property
    def contest(self) -> Contest:
        """The contest that the numbers stand for."""
        return self.pump.contest

    def find_topic(self, name: str) -> Topic | None:
        """The topic of a name without "rehearsal/", None if there is none.

        Raises:
            CatchingUp: While the ledger is replayed behind a checkpoint, which knows of public topics alone.
        """
        found = self.watch.topic if name == "watch" else self.pump.topics.find(name)
        if found is None and self.pump.is_behind and topic_right(name) is not None:
            raise CatchingUp
        return found

    def topic(self, name: str) -> Topic:
        """A topic by its name without "rehearsal/".

        Raises:
            KeyError: If there is no such topic.
        """
        found = self.find_topic(name)
        if found is None:
            raise KeyError(name)
        return found

    @classmethod
    def open(
        cls,
        ledger: Ledger,
        folder: ContestFolder,
        settings: Settings,
        *,
        person_key: bytes,
        heartbeats: Callable[[], Mapping[str, int]],
        titles: Callable[[], Mapping[str, str]],
        names: Callable[[], Mapping[int, str]],
        clock: Timekeeper,
        admin_faults: Callable[[], Mapping[str, str | None]],
        rehearsal: bool,
        late_ms: int = 0,
    ) -> "Store":
        """Bring an open ledger to this contest and replay it; blocks for as long as the replay takes.

        ``heartbeats`` gives the sources that may send, each with the seconds after which its silence alarms;
        ``titles`` what people call them; ``names`` the names of accounts by number; ``admin_faults`` why admin.db
        cannot be read or written, by the rule of the alarm, None where it can; ``late_ms`` is how late any output shows
        its numbers.

        Raises:
            LedgerMismatch: If the ledger holds another contest.
            ContestError: If an edit of the contest takes the ground from under rows.
        """
        path = ledger.path.with_suffix(CHECKPOINT_SUFFIX)
        pump = Pump(
            ledger,
            now_ms=clock.now_ms,
            live_sources=heartbeats,
            rehearsal=rehearsal,
            tick_ms=settings.tick_ms,
            checkpoint=path,
            moved_ms=lambda: clock.moved_ms,
            late_ms=late_ms,
        )
        if not _resume(pump, path, folder.contest):
            _replay(pump, folder.contest)
        intake = Intake(
            ledger,
            tree=lambda: pump.contest.tree,
            rounds=lambda: pump.rounds,
            person_key=person_key,
            now_ms=clock.now_ms,
            moved_ms=lambda: clock.moved_ms,
            heard=pump.heard,
            items_max=settings.items_max,
        )
        desk = Desk(ledger, pump, clock.now_ms)
        watch = Watch(
            pump, intake, desk, folder,
            heartbeats=heartbeats, titles=titles, names=names, clock=clock, admin_faults=admin_faults,
            monotonic_s=lambda: clock.elapsed_ms() / 1000,
        )  # fmt: skip
        return cls(ledger, pump, intake, desk, watch, rehearsal=rehearsal)


def _resume(pump: Pump, path: Path, contest: Contest) -> bool:
    """Let the pump stand at the checkpoint of a file; False, with the file gone, if there is none that fits."""
    checkpoint, ledger = read_checkpoint(path), pump.ledger
    if checkpoint is None:
        return False
    objection = objection_to(checkpoint, ledger, contest)
    if objection is None:
        pump.resume(checkpoint, contest)
        return True
    if checkpoint.ledger_id != ledger.id:
        raise other_checkpoint(path)
    log.warning("checkpoint not used", file=path.name, reason=objection)
    if not continues(checkpoint, ledger):
        # An older copy was put back: it will give other rows the seqs that screens have seen.
        ledger.note_restore()
        pump.counters.lost_seq = checkpoint.seq
        log.critical("the ledger lacks rows that were shown", ledger=ledger.path.name, seq=checkpoint.seq)
    path.unlink()
    return False


def _replay(pump: Pump, contest: Contest) -> None:
    """Fold the whole ledger, and bring it to this contest."""
    ledger = pump.ledger
    if ledger.head == 0:
        ledger.append_now([contest_draft(contest)])
    pump.replay()
    if pump.fold.contest.digest != contest.digest:
        check_change(pump.fold.contest, contest, pump.fold.units_with_rows)
        ledger.append_now([contest_draft(contest)])
        pump.replay()


def contest_draft(contest: Contest) -> Draft:
    """The decision row that says what the contest is from here on."""
    return ContestLoaded.of(contest).draft(SYSTEM)
