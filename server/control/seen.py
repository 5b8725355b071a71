"""Which alarms have been seen: kept in a file, for a start must not ask people again for what they have looked at."""

import os
from pathlib import Path

import msgspec
import structlog

from server.control.watch_state import AlarmDetail

SEEN_SUFFIX = ".seen"
"""The file stands beside the store's ledger; it may be lost, and alarms are to be seen again."""
SEEN_BYTES_MAX = 1024 * 1024

log = structlog.get_logger(__name__)


class SeenAlarm(msgspec.Struct, frozen=True):
    """A seen alarm whose cause still lasted."""

    rule: str
    subject: str
    since_ms: int
    holds: bool
    detail: AlarmDetail


def read_seen(path: Path) -> list[SeenAlarm]:
    """What a file says; nothing where there is none, or none that can be read."""
    try:
        if path.stat().st_size > SEEN_BYTES_MAX:
            raise ValueError("too large")
        return msgspec.json.decode(path.read_bytes(), type=list[SeenAlarm])
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        log.warning("seen alarms not readable", file=path.name, reason=str(error))
        return []


def write_seen(path: Path, alarms: list[SeenAlarm]) -> None:
    """Put down which alarms have been seen, whole or not at all; only a start needs it, so a failure is only told."""
    made = path.with_suffix(f"{SEEN_SUFFIX}.new")
    try:
        with open(made, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(msgspec.json.encode(alarms))
        made.replace(path)
    except OSError as error:
        log.warning("seen alarms not written", file=path.name, reason=str(error))
