"""Checkpoints: what the topics showed at a position, so that a server that starts again shows it at once.

A checkpoint is never the source of a number for longer than a replay of the ledger takes. It names the ledger and the
chained hash of its rows up to the position, the contest and the version of the fold; where any of them differs it is
not used. The seqs at which rows last changed are in it, so screens come back by a delta.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import msgspec
import structlog

from streaming.contests.contest import Contest, Round
from streaming.decisions.kinds import read_decision
from streaming.decisions.withdrawals import SteppedBack
from streaming.errors import LedgerUnavailable
from streaming.fold.cursor import Cut
from streaming.fold.fold import FOLD_VERSION, Fold
from streaming.ledger.ledger import Ledger
from streaming.ledger.reader import Reader
from streaming.topics.moves import Notes
from streaming.topics.topic import TopicState
from streaming.topics.topics import Topics

CHECKPOINT_VERSION = 1
CHECKPOINT_S = 10.0
"""A checkpoint is written this often while the numbers move."""
CHECKPOINT_BYTES_MAX = 256 * 1024 * 1024
"""A larger file is none of ours: 20,000 units in five scopes are some 20 MB."""
DIFFERENCES_MAX = 10
"""Lines of a difference that go to the log."""
_DIGEST_BYTES = 16

log = structlog.get_logger(__name__)


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The topics at one cut, after the ledger's first ``seq`` rows, whose chained hash is ``chain``."""

    v: int = CHECKPOINT_VERSION
    ledger_id: str
    restores: int
    seq: int
    chain: bytes
    contest_digest: str
    fold_version: int
    epoch: str
    cut: Cut
    rounds: tuple[Round, ...]
    topics: dict[str, TopicState]
    notes: Notes = Notes()


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Put a checkpoint in place of the last one, whole or not at all.

    Raises:
        OSError: If it cannot be written; the last one is still there.
    """
    body = msgspec.msgpack.encode(checkpoint)
    made = path.with_suffix(".new")
    made.unlink(missing_ok=True)
    made.touch(mode=0o600)
    with made.open("wb") as file:
        file.write(hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def read_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint of a file; None if there is none, or none that can be read."""
    try:
        if path.stat().st_size > CHECKPOINT_BYTES_MAX:
            raise ValueError("too large")
        if not path.is_file():
            raise ValueError("no file")
        data = path.read_bytes()
        digest, body = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != digest:
            raise ValueError("torn")
        read = msgspec.msgpack.decode(body, type=Checkpoint)
        topics = {name: state.typed(name) for name, state in read.topics.items()}
        return msgspec.structs.replace(read, topics=topics)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, msgspec.DecodeError) as error:
        log.warning("checkpoint not readable", file=path.name, reason=str(error))
        return None


def objection_to(checkpoint: Checkpoint, ledger: Ledger, contest: Contest) -> str | None:
    """Why a checkpoint does not fit a ledger and a contest, None if it does."""
    if checkpoint.v != CHECKPOINT_VERSION or checkpoint.fold_version != FOLD_VERSION:
        return "it is of another version"
    if checkpoint.ledger_id != ledger.id or checkpoint.restores != ledger.restores:
        return "it is of another ledger"
    if not continues(checkpoint, ledger):
        return "the ledger's rows are others"
    if checkpoint.contest_digest != contest.digest:
        return "the contest has been edited"
    if _steps_back_since(checkpoint, ledger):
        # It may have the very numbers that were taken off the air.
        return "numbers have stepped back since"
    return None


def _steps_back_since(checkpoint: Checkpoint, ledger: Ledger) -> bool:
    since = takewhile(lambda row: row.seq > checkpoint.seq, ledger.every_decision())
    return any(isinstance(read_decision(row), SteppedBack) for row in since)


def continues(checkpoint: Checkpoint, ledger: Reader) -> bool:
    """Whether a ledger of the same id still has the rows that the checkpoint has seen: else an older copy was put back,
    and screens may know rows that it lacks."""
    return ledger.links(at=checkpoint.seq) == [(checkpoint.seq, checkpoint.chain)]


class Resumed:
    """A run that stands at a checkpoint until the ledger has been replayed behind it."""

    def __init__(self, checkpoint: Checkpoint, contest: Contest) -> None:
        self.checkpoint = checkpoint
        self.contest = contest

    def differences(self, fold: Fold, on_air: Fold | None = None) -> list[str]:
        """Where a fold of the checkpoint's rows shows something else, one line each, DIFFERENCES_MAX at most;
        ``on_air`` is that of an earlier moment, where its numbers are public."""
        again = Topics(rehearsal=False)
        again.move(fold, self.checkpoint.epoch, on_air)
        for name in self.checkpoint.topics:
            again.find(name)  # Units' topics are made when somebody asks for them.
        found = [] if again.cut == self.checkpoint.cut else [f"cut: {self.checkpoint.cut}, but {again.cut}"]
        if again.notes != self.checkpoint.notes:
            found.append(f"notes: {self.checkpoint.notes}, but {again.notes}")
        made_again, none = again.dump(), TopicState(0, {}, {})
        for name in {**made_again, **self.checkpoint.topics}:
            saved, state = self.checkpoint.topics.get(name, none), made_again.get(name, none)
            for kept, made in ((saved.rows, state.rows), (saved.state, state.state)):
                found += [
                    f"{name} {key}: {kept.get(key, (0, None))[1]}, but {made.get(key, (0, None))[1]}"
                    for key in kept.keys() | made.keys()
                    if kept.get(key, (0, None))[1] != made.get(key, (0, None))[1]
                ]
        return found[:DIFFERENCES_MAX]


class Saver:
    """Writes a store's checkpoint while the numbers move; ``path`` None writes none."""

    def __init__(self, path: Path | None, monotonic_s: Callable[[], float]) -> None:
        self._path = path
        self._monotonic_s = monotonic_s
        self._due_s = monotonic_s() + CHECKPOINT_S
        self._saved_seq = 0

    async def turn(self, ledger: Ledger, fold: Fold, topics: Topics) -> None:
        """Save if it is time; the topics must stand at the fold. The file is written beside the event loop."""
        if self._monotonic_s() < self._due_s or self._path is None or fold.seq == self._saved_seq:
            return
        self._due_s = self._monotonic_s() + CHECKPOINT_S
        self._saved_seq = fold.seq
        made = checkpoint_of(ledger, fold, topics)
        await asyncio.to_thread(_write, self._path, made, ledger)

    def save(self, ledger: Ledger, fold: Fold, topics: Topics) -> None:
        """Save now."""
        if self._path is not None and fold.is_open:
            _write(self._path, checkpoint_of(ledger, fold, topics), ledger)


def checkpoint_of(ledger: Ledger, fold: Fold, topics: Topics) -> Checkpoint:
    """What the topics show at the fold's cut; the chained hash is still to be filled in."""
    return Checkpoint(
        ledger_id=ledger.id,
        restores=ledger.restores,
        seq=fold.seq,
        chain=b"",
        contest_digest=fold.contest.digest,
        fold_version=FOLD_VERSION,
        epoch=fold.epoch(ledger.id, ledger.restores),
        cut=topics.cut or fold.cut,
        rounds=fold.rounds,
        topics=topics.dump(),
        notes=topics.notes,
    )


def _write(path: Path, checkpoint: Checkpoint, ledger: Ledger) -> None:
    try:
        ((_, link),) = ledger.links(at=checkpoint.seq)
        write_checkpoint(path, msgspec.structs.replace(checkpoint, chain=link))
    except (OSError, LedgerUnavailable) as error:
        # Only the next start will be slower.
        log.warning("checkpoint not written", file=path.name, reason=str(error))
