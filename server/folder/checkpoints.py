"""The checkpoints in a data folder: whether each is of its ledger, and whether that still has what it has seen."""

from pathlib import Path

from server.folder.belonging import other_checkpoint
from server.folder.files import CHECKPOINT_SUFFIX
from server.folder.marks import Belongings
from streaming.checkpoint import continues, read_checkpoint
from streaming.ledger.reader import Reader


def put_back(data: Path, found: Belongings) -> list[str]:
    """One line for each ledger that lacks rows which an earlier run has shown: an older copy was put back, or rows are
    gone. The next start goes on with what is there.

    Raises:
        LedgerMismatch: If a checkpoint is of another ledger.
        LedgerUnavailable: If a ledger cannot be read.
    """
    lines = []
    for ledger in found.ledgers:
        path = data / ledger.name
        checkpoint = read_checkpoint(path.with_suffix(CHECKPOINT_SUFFIX)) if ledger.id is not None else None
        if checkpoint is None:
            continue
        if checkpoint.ledger_id != ledger.id:
            raise other_checkpoint(path.with_suffix(CHECKPOINT_SUFFIX))
        if not continues(checkpoint, Reader(path)):
            lines.append(older(ledger.name, checkpoint.seq))
    return lines


def older(name: str, seq: int) -> str:
    """What to say of a ledger that lacks rows which were shown up to ``seq``."""
    return (
        f"{name}: rows are gone that were shown up to row {seq}: an older copy was put back, or rows were deleted; "
        "put the newer file back, or have the sources send again what they have sent since"
    )
