"""How fast a server with a long ledger shows it again: from its rows alone, from a checkpoint, and after a kill."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from server.clock import wall_ms
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from streaming.participation import Participation, digest_of, encode_body
from tests.bench.feed import Feed, faults, get, head_seq
from tests.bench.ingest import wards
from tests.bench.meter import rss_bytes
from tests.bench.screens import ROOM, START_S, flowing, place_of, shown_seq, start, viewer
from tests.bench.swarm import close_all, open_one
from tests.suite import ROOT
from tests.worlds.process import Serving

TOPIC = "board"
LEDGER = "ledger.db"
ROWS_AT_ONCE = 5_000
GROUPS = ("hoc-sinh", "doan-vien", "can-bo", "nguoi-dan")
VOID_EACH = 50
OPENED_MS = 1_662_604_262_000
"""8 September 2022, 9:31:02 in Viet Nam: in the first round of the shipped contest."""
TAIL_PER_S, TAIL_S = 100, 2.0
"""What comes between the last start and the kill."""
STEP_S = 0.02
AUDIT_S = 900.0
COUNTS = 4
"""The first columns of a row, which only participations change."""

Counts = dict[str, list[object]]


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """One start; times are in s since the process was started, ``checkpoints`` the files that it found.

    ``whole_s`` is when nothing was behind any more, ``rss_bytes`` the memory then.
    """

    case: str
    checkpoints: int
    get_s: float
    socket_s: float
    head_s: float
    whole_s: float
    first_seq: int
    head_seq: int
    rss_bytes: int


class Long(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of it."""

    rows: int
    bytes: int
    fill_s: float
    starts: tuple[Start, ...]
    audit_s: float
    audit_code: int
    faults: tuple[str, ...]


def drafts(rows: int, units: Sequence[str]) -> Iterator[Draft]:
    """Participations at all units, of four groups and all kinds; each VOID_EACH-th takes the one before it back."""
    chance = random.Random(1)
    for number in range(rows):
        at = OPENED_MS + number
        if number % VOID_EACH == VOID_EACH - 1:
            one = Participation(kind="voided", at=at, voids=f"long-{number - 1:09d}")
        else:
            one = Participation(
                kind="started" if number % 3 == 0 else "registered" if number % 7 == 0 else "completed",
                at=at,
                unit=chance.choice(units),
                person=f"{chance.randrange(rows):032x}",
                channel="website",
                group=GROUPS[number % len(GROUPS)],
            )
        body = encode_body(one)
        yield Draft("participation", "long", f"long-{number:09d}", digest_of(body), body)


def fill(path: Path, rows: int, units: Sequence[str]) -> None:
    """Write rows to the ledger of a stopped server."""
    ledger = Ledger(path, now_ms=wall_ms)
    ledger.open()
    try:
        batch: list[Draft] = []
        for draft in drafts(rows, units):
            batch.append(draft)
            if len(batch) == ROWS_AT_ONCE:
                ledger.append_now(batch)
                batch = []
        if batch:
            ledger.append_now(batch)
    finally:
        ledger.close()


def checkpoints(data: Path) -> list[Path]:
    """The checkpoints in a data folder."""
    return [*data.glob("*.checkpoint")]


def forget(data: Path) -> None:
    """Remove the checkpoints of a stopped server, so that it must replay."""
    for file in checkpoints(data):
        file.unlink()


async def started(serving: Serving, case: str) -> tuple[Start, Counts]:
    """Start the server, and ask it for the board from the first moment on; returns its counts as first at the head.

    Raises:
        TimeoutError: If the last row is not shown within START_S.
    """
    wanted = head_seq(serving.data / LEDGER)
    found = len(checkpoints(serving.data))
    began_s = time.monotonic()
    async with asyncio.timeout(START_S), asyncio.TaskGroup() as group:
        group.create_task(start(serving))
        by_get = group.create_task(_first_seq(serving.port))
        by_socket = group.create_task(_first_frame(serving.port))
        first_seq, get_s = await by_get
        socket_s = await by_socket
        while await shown_seq(serving.port, TOPIC) < wanted:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(STEP_S)
        head_s = time.monotonic()
        shown = await counts(serving.port)
        while await is_behind(serving.port):  # noqa: ASYNC110 - the same
            await asyncio.sleep(STEP_S)
        whole_s = time.monotonic()
    assert serving.process is not None
    start_ = Start(
        case=case,
        checkpoints=found,
        get_s=round(get_s - began_s, 3),
        socket_s=round(socket_s - began_s, 3),
        head_s=round(head_s - began_s, 3),
        whole_s=round(whole_s - began_s, 3),
        first_seq=first_seq,
        head_seq=wanted,
        rss_bytes=rss_bytes(serving.process.pid),
    )
    return start_, shown


async def _first_seq(port: int) -> tuple[int, float]:
    """The seq that the first answer shows, and when it came."""
    while True:
        with suppress(OSError, ValueError):
            return await shown_seq(port, TOPIC), time.monotonic()
        await asyncio.sleep(STEP_S)


async def _first_frame(port: int) -> float:
    """When the first frame came over a socket."""
    while True:
        screen = viewer(0, port, topic=TOPIC)
        try:
            if await open_one(screen, port):
                while not screen.transport.is_closing():
                    if place_of(screen).first is not None:
                        return time.monotonic()
                    await asyncio.sleep(STEP_S)
        finally:
            close_all([screen])
        await asyncio.sleep(STEP_S)


async def is_behind(port: int) -> bool:
    """Whether the live store's topics still stand at a checkpoint."""
    health = msgspec.json.decode((await get(port, "/healthz")).body)
    behind: bool = health["pumps"]["live"]["is_behind"]
    return behind


async def counts(port: int) -> Counts:
    """The board's counts by unit."""
    board = msgspec.json.decode((await get(port, f"/live/{TOPIC}")).body)
    return {code: row[:COUNTS] for code, row in board["rows"].items()}


async def long_ledger(data: Path, rows: int) -> Long:
    """Fill a data folder and start a server on it three times, then have it audited."""
    serving = Serving(data, environment=ROOM)
    secret = serving.secret("tail")
    wrong: list[str] = []
    try:
        await start(serving)
        await asyncio.to_thread(serving.stop)
        began_s = time.monotonic()
        await asyncio.to_thread(fill, data / LEDGER, rows, wards())
        fill_s = time.monotonic() - began_s
        forget(data)
        replayed, by_rows = await started(serving, "no checkpoint")
        if code := await asyncio.to_thread(serving.stop):
            wrong.append(f"the server ended with {code} after SIGTERM")
        stopped, by_checkpoint = await started(serving, "after SIGTERM")
        if by_checkpoint != by_rows or await counts(serving.port) != by_rows:
            wrong.append("a start after SIGTERM shows other counts than the rows")
        tail = Feed(serving.port, secret, wards(), "tail", per_s=TAIL_PER_S)
        async with flowing(tail):
            await asyncio.sleep(TAIL_S)
        await asyncio.to_thread(serving.kill)
        wrong += faults(tail, data / LEDGER)
        killed, _ = await started(serving, "after kill −9")
        if code := await asyncio.to_thread(serving.stop):
            wrong.append(f"the server ended with {code} after SIGTERM")
    finally:
        serving.kill()
    began_s = time.monotonic()
    command = [sys.executable, "-m", "server.cli", "audit", "--data", str(data)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=AUDIT_S, check=False
    )
    if done.returncode:
        wrong.append(f"audit ended with {done.returncode}: {(done.stdout + done.stderr)[-500:]}")
    return Long(
        rows=rows,
        bytes=(data / LEDGER).stat().st_size,
        fill_s=round(fill_s, 1),
        starts=(replayed, stopped, killed),
        audit_s=round(time.monotonic() - began_s, 2),
        audit_code=done.returncode,
        faults=tuple(wrong),
    )
