"""The replay of `rehearse`: what a past ledger holds, sent once more to a rehearsal store, in the order of then."""

import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from server.clock import wall_ms
from server.commands import delivery
from server.commands.delivery import BATCH_ITEMS_MAX, Delivery, Report, end_on_signals, reached, telling
from server.folder.files import FILES
from server.folder.marks import look_ledger
from server.folder.soundness import ledger_fault
from server.ops.backup import opened, pieces
from streaming.errors import DiemCauError, LedgerUnavailable, shown
from streaming.ledger.reader import ROWS_READ_AT_ONCE, Reader
from streaming.ledger.rows import Row
from streaming.ledger.sqlite import lacks_what_is_asked
from streaming.sources.replay import Due, Left, Replay

BATCH_S = 0.1
HEARTBEAT_S = 10.0
"""While nothing is due the server is told so often that we are still there, as sources tell it."""
LATE_TOLD_S = 2.0
"""A replay that was never later than this has kept its pace."""
UNKNOWN_TOLD_MAX = 10
UNKNOWN = {"unknown_unit", "not_a_leaf"}
"""Why a server does not keep an item whose unit it does not have: one that has loaded another contest meanwhile."""


@dataclass
class Account(delivery.Account):
    """The account of a replay: which row it has come to, of how many, what was ``left`` out, and why the server kept
    the rest not, by code. ``outside`` counts what came while no round was open there; ``late_s`` is how far it fell
    behind the pace."""

    head: int = 0
    row: int = 0
    left: Left = field(default_factory=Left)
    outside: int = 0
    late_s: float = 0.0
    why: dict[str, str] = field(default_factory=dict)

    @property
    def balances(self) -> bool:
        """Whether every item was answered, and the server kept all but what its contest does not know."""
        return self.sent == self.accepted + self.duplicates + self.rejected and not self.why

    def take_sent(self, batch: list[Due], report: Report) -> None:
        """Take in what the server says of a batch."""
        self.take(report)
        self.outside += report.outside_rounds
        for reject in report.rejected:
            item = batch[reject.index].item
            if reject.code in UNKNOWN:
                self.left.unknown[item.get("unit", "")] += 1
            else:
                self.why.setdefault(reject.code, reject.message)

    def __str__(self) -> str:
        return f"row {self.row} of {self.head}: {super().__str__()}"

    def told(self) -> list[str]:
        """What there is to say at the end beside that, a line each."""
        left, fixed = self.left, len(self.left.corrected)
        lines = {
            f"{left.before} not sent: received before --from": left.before,
            f"{left.outside} not sent: outside the rounds of its own contest, where no figure counts it": left.outside,
            f"{left.unknown.total()} in units that are no leaves of this contest: {self._units()}": left.unknown,
            f"{fixed} corrections not sent: they are made in the control room": fixed,
            f"{self.outside} in no figure of this contest: no round was open there": self.outside,
            f"the server was slower than the replay: {self.late_s:.0f} s at most": self.late_s > LATE_TOLD_S,
        }
        return [f"  {line}" for line, is_so in lines.items() if is_so] + [
            f"  rejected, {code}: {message}" for code, message in self.why.items()
        ]

    def _units(self) -> str:
        found = self.left.unknown.most_common()
        more = f" and {len(found) - UNKNOWN_TOLD_MAX} more" if len(found) > UNKNOWN_TOLD_MAX else ""
        return ", ".join(f"{shown(code)} {count}" for code, count in found[:UNKNOWN_TOLD_MAX]) + more


class Sender:
    """Sends what is due, one batch after the other: who counts where depends on the order."""

    def __init__(self, to: Delivery, account: Account, items: Iterator[Due], count: int | None) -> None:
        self._to = to
        self._account = account
        self._items = islice(items, count)

    async def run(self) -> None:
        """Send until the ledger's end, or until the delivery is to end.

        Raises:
            Refused: If the server refuses the secret or no longer answers.
            DiemCauError: If the ledger cannot be read on.
        """
        started_s = time.monotonic()
        ahead = next(self._items, None)
        while ahead is not None and not self._to.ends:
            now_s = time.monotonic() - started_s
            if ahead.after_s > now_s:
                await self._wait(ahead.after_s - now_s)
                continue
            batch: list[Due] = []
            while ahead is not None and ahead.after_s <= now_s and len(batch) < BATCH_ITEMS_MAX:
                batch.append(ahead)
                ahead = next(self._items, None)
            self._account.late_s = max(self._account.late_s, now_s - batch[0].after_s)
            await self._send(batch)
            if len(batch) < BATCH_ITEMS_MAX:
                await self._to.pause(BATCH_S)
        if ahead is None:
            self._account.row = self._account.head

    async def _wait(self, wait_s: float) -> None:
        await self._to.pause(min(wait_s, HEARTBEAT_S))
        if wait_s > HEARTBEAT_S and not self._to.ends:
            await self._to.deliver([])

    async def _send(self, batch: list[Due]) -> None:
        self._account.sent += len(batch)
        self._account.take_sent(batch, await self._to.deliver([due.item for due in batch]))
        self._account.row = batch[-1].seq


async def replay_at(url: str, secret: str, file: Path, speed: float, count: int | None, from_ms: int | None) -> Account:
    """Replay a ledger's file, or the live ledger of a backup, at a server; returns the account.

    Raises:
        DiemCauError: If the file is no sound ledger with anything to replay, or the server does not answer or refuses.
    """
    with ledger_of(file) as path:
        reader, head = Reader(path), check_ledger(path, file)
        async with reached(url, secret) as (http, units):
            parents = {unit["parent"] for unit in units}
            leaves = {unit["code"] for unit in units if unit["code"] not in parents}
            decisions = [*reader.every_decision()][::-1]
            replay = Replay(decisions, leaves, start_ms=wall_ms(), speed=speed, from_ms=from_ms)
            account = Account(head=head, left=replay.left)
            to = Delivery(http, secret, account)
            end_on_signals(to)
            await to.check()
            async with telling(account):
                await Sender(to, account, replay.items(rows_of(reader, head)), count).run()
        if not account.sent and not to.ends:
            raise DiemCauError("; ".join([f"{file}: nothing in it could be sent", *map(str.strip, account.told())]))
        return account


@contextmanager
def ledger_of(file: Path) -> Iterator[Path]:
    """The ledger that a file is, or that a backup holds.

    Raises:
        BackupError: If it is another archive, or a damaged backup.
    """
    # Nothing of SQLite's is open yet, so to look into the file past it costs nobody a lock.
    if not file.is_file() or not tarfile.is_tarfile(file):
        yield file
        return
    with TemporaryDirectory(prefix="diem-cau-replay-") as folder:
        path = Path(folder) / FILES[False]
        with opened(file) as (tar, manifest), path.open("wb") as ledger:
            for piece in pieces(tar, path.name, manifest):
                ledger.write(piece)
        yield path


def check_ledger(path: Path, file: Path) -> int:
    """See that a file is a ledger, whole as it was written; returns its last row. ``file`` is what an error names.

    Raises:
        LedgerMismatch: If a later version has written it.
        LedgerUnavailable: If it is none, is damaged, or has no row.
    """
    none = LedgerUnavailable(
        f"{file}: it is no ledger, expected ledger.db or rehearsal.db of a data folder, or what `backup` has made"
    )
    try:
        kept = look_ledger(path)
    except LedgerUnavailable as error:
        raise none if lacks_what_is_asked(error.__cause__) else error from None
    if not kept.is_there:
        raise none
    if (fault := ledger_fault(path)) is not None:
        raise LedgerUnavailable(fault)
    if not kept.head:
        raise LedgerUnavailable(f"{file}: it has no row, expected a ledger with something to replay")
    return kept.head


def rows_of(reader: Reader, head: int) -> Iterator[Row]:
    """The rows up to ``head``. Each part is read by itself: in between nothing keeps the file open, and a server may
    write it or begin to.

    Raises:
        LedgerUnavailable: If it cannot be read, or has lost rows.
    """
    after = 0
    while after < head:
        part = list(reader.read(after, min(after + ROWS_READ_AT_ONCE, head)))
        if not part:
            raise LedgerUnavailable(f"{reader.path}: row {after + 1} is not there any more, expected {head} rows")
        yield from part
        after = part[-1].seq
