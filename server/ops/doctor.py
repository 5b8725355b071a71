"""The checks of `check`: everything about this machine and its settings that could spoil a ceremony."""

import ctypes
import errno
import hashlib
import os
import resource
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from dashboard.logos import served
from dashboard.overlays.themes import themes_of
from dashboard.scenes import trial
from dashboard.theme.theme import theme_of
from dashboard.words.english import counted
from server.folder.belonging import check_belonging
from server.folder.checkpoints import put_back
from server.folder.files import FILES, open_to_others
from server.folder.soundness import faults
from server.net.listening import listening
from streaming.contests.contest import ContestFolder, load_contest
from streaming.contests.doubts import doubts
from streaming.errors import DiemCauError, LedgerUnavailable
from streaming.ledger.jumps import JUMP_MS_MIN, read_clock
from streaming.ledger.reader import Reader

PYTHON_MIN = (3, 11)
SQLITE_MIN = (3, 24, 0)
"""The first version with ON CONFLICT DO NOTHING, which the ledger needs to keep each participation once."""
SQLITE_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""The WAL-reset fault is fixed in these, each for its own 3.x line, and in everything after the last."""
DISK_FREE_MIN_MIB = 500
"""Below this a busy hour and the WAL of one commit may not fit, and nothing more could be stored."""
DISK_FREE_LOW_MIB = 2_000
"""A contest of two million participations takes about this, with its backups beside it."""
OPEN_FILES_MIN = 256
OPEN_FILES_LOW = 4_096
"""Each open screen holds one file; a province with its wards and phones opens thousands."""
YEAR_MIN, YEAR_MAX = 2025, 2100
"""A machine whose clock battery is flat starts in 1970 or 2000."""
DOUBTS_TOLD_MAX = 8
"""Doubts of a contest folder that are told; the first of them lead to the others."""
JUMP_TOLD_MS = 24 * 3_600_000
SUMS = "SHA256SUMS"

_TIME_ERROR = 5
"""What adjtimex(2) returns when no time service keeps the kernel's clock in step."""
_TIMEX_BYTES = 512
"""More than the 208 bytes of struct timex, so that a longer one in a later kernel fits too."""


@dataclass(frozen=True)
class Check:
    """One line of `check`: what was looked at, how it stands, what was found, and how to mend it.

    A "warn" is worth mending before the ceremony and stops nothing; a "fail" would stop or spoil it.
    """

    name: str
    verdict: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<4}  {self.name}: {self.found}" + (f"; {self.fix}" if self.fix else "")


def checks(data: Path, contest: Path, fonts: Path, host: str, port: int, now_ms: int) -> list[Check]:
    """Run all checks, in the order in which a person would fix them; changes nothing."""
    folder = load_contest_folder(contest)
    timezone = folder.contest.timezone if isinstance(folder, ContestFolder) else "Asia/Ho_Chi_Minh"
    return [
        check_python(sys.version_info[:3]),
        check_sqlite(sqlite3.sqlite_version_info),
        check_contest(folder),
        *((*check_doubts(folder, now_ms), *check_theme(folder)) if isinstance(folder, ContestFolder) else ()),
        check_data(data),
        check_files(data),
        check_disk(data, shutil.disk_usage(existing(data)).free),
        check_clock(now_ms, is_clock_kept()),
        *check_rows(data, now_ms),
        check_timezone(timezone),
        check_open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
        check_fonts(fonts),
        check_port(host, port),
    ]


def has_failed(found: list[Check]) -> bool:
    """Whether `check` ends with 1."""
    return any(check.verdict == "fail" for check in found)


def check_python(version: tuple[int, ...]) -> Check:
    text = ".".join(map(str, version))
    if version[:2] < PYTHON_MIN:
        return Check("Python", "fail", text, "install Python 3.11 or newer and remove .venv")
    return Check("Python", "ok", text)


def check_sqlite(version: tuple[int, ...]) -> Check:
    """Name the WAL-reset fault: two connections that write or checkpoint at once can lose a commit.

    Only a warning, because every file here has one writing connection; the risk is another program that opens the files
    for writing beside a running `serve`.
    """
    text = ".".join(map(str, version))
    if version < SQLITE_MIN:
        return Check("SQLite", "fail", text, "expected 3.24 or newer: use a newer Python")
    mended = [of for of in SQLITE_MENDED if version[:2] == of[:2]]
    if version >= (mended[0] if mended else SQLITE_MENDED[-1]):
        return Check("SQLite", "ok", text)
    return Check(
        "SQLite",
        "warn",
        f"{text} has the WAL-reset fault",
        "avoided here by one writing connection a file: let no other program write to the data folder, "
        "or use a Python with SQLite 3.51.3, 3.50.7 or 3.44.6",
    )


def load_contest_folder(folder: Path) -> ContestFolder | DiemCauError:
    """The contest folder, or what is wrong with it."""
    try:
        loaded = load_contest(folder)
        served(loaded)
        return loaded
    except DiemCauError as error:
        return error


def check_contest(folder: ContestFolder | DiemCauError) -> Check:
    if isinstance(folder, DiemCauError):
        return Check("Contest folder", "fail", str(folder), "mend the file that is named")
    contest = folder.contest
    places = sum(1 for unit in contest.tree.leaves if unit.place)
    counts = ((len(contest.rounds), "round"), (len(contest.tree), "unit"), (places, "place"))
    told = ", ".join(counted(count, noun) for count, noun in counts)
    return Check("Contest folder", "ok", f"{contest.id}, {told} on the map")


def check_doubts(folder: ContestFolder, now_ms: int) -> list[Check]:
    """What can be read but looks like a slip; a list whose every line has one would fill the screen."""
    fix = "if that is a slip, mend the file"
    return [Check("Contest folder", "warn", doubt, fix) for doubt in islice(doubts(folder, now_ms), DOUBTS_TOLD_MAX)]


def check_theme(folder: ContestFolder) -> list[Check]:
    """The contest's own looks; nothing where it brings none. With a fault the screens go on as they were shipped."""
    tried = trial.faults(folder)
    overlays = themes_of(folder)
    found = (*theme_of(folder).faults, *filter(None, tried.values()), *overlays.faults)
    fix = "mend the file; until then screens are as shipped"
    faults = [Check("Theme", "fail", fault, fix) for fault in found]
    faint = "choose colours that differ more in lightness"
    doubts = [Check("Theme", "warn", doubt, faint) for doubt in overlays.doubts]
    count = len(folder.theme.files) + len(folder.overlay_themes.files)
    good = [Check("Theme", "ok", counted(count, "file"))] if count and not faults else []
    return [*faults, *doubts, *good]


def existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there already."""
    path = path.absolute()
    while not _exists(path) and path != path.parent:
        path = path.parent
    return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return False  # It stands in another user's folder, which is what has to be told.


def check_data(data: Path) -> Check:
    at = existing(data)
    if not at.is_dir():
        return Check("Data folder", "fail", f"{data}: {at} is no folder", "choose another with --data")
    if not os.access(at, os.W_OK | os.X_OK):
        return Check("Data folder", "fail", f"{data}: {at} may not be written", f"chown it to user {os.geteuid()}")
    return Check("Data folder", "ok", f"{data}" if at == data.absolute() else f"{data} will be made")


def check_files(data: Path) -> Check:
    """The files in the data folder are sound, belong together, and are their owner's alone."""
    try:
        if not data.is_dir():
            return Check("Data files", "ok", "none yet")
        if found := faults(data):
            first, _, fix = found[0].partition("; ")
            return Check("Data files", "fail", first + (f" (and {len(found) - 1} more)" if len(found) > 1 else ""), fix)
        older = put_back(data, check_belonging(data))
        opened = [path.name for path in open_to_others(data)]
    except DiemCauError as error:
        return Check("Data files", "fail", str(error))
    except OSError as error:
        return Check("Data files", "fail", f"{data}: {error.strerror}", f"chown it to user {os.geteuid()}")
    if older:
        first, _, fix = older[0].partition("; ")
        return Check("Data files", "warn", first, fix)
    if opened:
        others = f"{', '.join(opened)}: others on this machine may read or write"
        return Check("Data files", "warn", others, f"chmod -R go= {data}, or start the server, which does it")
    return Check("Data files", "ok", "sound, belong together, for their owner alone")


def check_disk(data: Path, free_bytes: int) -> Check:
    free_mib = free_bytes // 2**20
    found = f"{free_mib} MiB free for {data}"
    if free_mib < DISK_FREE_MIN_MIB:
        return Check("Disk", "fail", found, f"expected {DISK_FREE_MIN_MIB} MiB: free some or choose another --data")
    if free_mib < DISK_FREE_LOW_MIB:
        return Check("Disk", "warn", found, f"expected {DISK_FREE_LOW_MIB} MiB for a whole contest")
    return Check("Disk", "ok", found)


def check_clock(now_ms: int, is_kept: bool | None) -> Check:
    """The year is sane and a time service keeps the clock; None where the system cannot tell."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    found = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if not YEAR_MIN <= now.year <= YEAR_MAX:
        return Check("Clock", "fail", found, "set the machine's date")
    if is_kept is False:
        return Check("Clock", "warn", f"{found}, kept by no time service", "start one (Debian: apt install chrony)")
    return Check("Clock", "ok", found)


def check_rows(data: Path, now_ms: int) -> list[Check]:
    """Whether the ledgers' last rows lie in the future, or tell of a clock that was set back within the last day."""
    found = []
    for file in FILES.values():
        path = data / file
        try:
            last, jump = (Reader(path).last(), Reader(path).last_jump()) if path.exists() else (None, None)
        except (LedgerUnavailable, OSError):
            continue  # The check of the files reports what is wrong with it.
        if last is not None and last.received_ms - now_ms > JUMP_MS_MIN:
            ahead = f"the last row of {file} lies {_length(last.received_ms - now_ms)} in the future"
            fix = "if this machine's clock is right, go on: the next row sets time back; else set it first"
            found.append(Check("Clock and rows", "warn", ahead, fix))
        elif jump is not None and now_ms - jump.received_ms < JUMP_TOLD_MS:
            times = read_clock(jump).jump
            length = _length(times.from_ms - times.to_ms) if times is not None else ""
            back = f"row {jump.seq} of {file}: the clock was set back by {length}"
            found.append(
                Check("Clock and rows", "warn", back, "see that the time is right now, and that one service keeps it")
            )
    return found or [Check("Clock and rows", "ok", "no row lies in the future, no clock was set back within a day")]


def _length(ms: int) -> str:
    """A length of time: 1:02:03."""
    return str(timedelta(seconds=ms // 1000))


def is_clock_kept() -> bool | None:
    """Whether the kernel says a time service keeps its clock in step; None on a system that cannot say."""
    if sys.platform != "linux":
        return None
    # All zero bytes: read the state, set nothing.
    answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if answer < 0 else bool(answer != _TIME_ERROR)


def check_timezone(timezone: str) -> Check:
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return Check("Time zone", "fail", f"no data for {timezone}", "remove .venv, so that tzdata is installed again")
    return Check("Time zone", "ok", timezone)


def check_open_files(limit: int) -> Check:
    found = "no limit" if limit == resource.RLIM_INFINITY else f"at most {limit}"
    fix = "raise it before the start: ulimit -n 65536, or LimitNOFILE=65536 in the service"
    if limit == resource.RLIM_INFINITY or limit >= OPEN_FILES_LOW:
        return Check("Open files", "ok", found)
    return Check("Open files", "fail" if limit < OPEN_FILES_MIN else "warn", found, fix)


def check_fonts(fonts: Path) -> Check:
    """Every font is there, unchanged; the tests check that they have all Vietnamese letters."""
    fix = "restore the folder from the repository: git checkout dashboard/static/fonts"
    try:
        lines = (fonts / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines if line.strip())}
        wrong = [name for name, digest in sums.items() if _sha256(fonts / name) != digest]
    except (OSError, ValueError) as error:
        return Check("Fonts", "fail", f"{fonts}: {error}", fix)
    if wrong or not sums:
        return Check("Fonts", "fail", f"{fonts}: {', '.join(wrong) or SUMS} is not as it was shipped", fix)
    return Check("Fonts", "ok", f"{len(sums)} files as shipped")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_port(host: str, port: int, bind: Callable[[str, int], None] | None = None) -> Check:
    try:
        (bind or bind_once)(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Check("Port", "fail", f"{host}:{port} is taken", "choose another with --port, or end what holds it")
        if error.errno == errno.EACCES:
            return Check("Port", "fail", f"{host}:{port} is for root", "choose one from 1024 up with --port")
        return Check(
            "Port", "fail", f"{host}:{port}: {error.strerror}", "choose an address of this machine with --host"
        )
    return Check("Port", "ok", f"{host}:{port} is free")


def bind_once(host: str, port: int) -> None:
    """Bind the port as the server would, and release it at once.

    Raises:
        OSError: If the server could not bind it either.
    """
    listening(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)).close()
