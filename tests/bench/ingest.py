"""`bench ingest`: what a durable participation costs, against the same server's empty answer and a bare table."""

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from server.auth.sources import Sources
from server.clock import wall_ms
from server.folder.files import ADMIN_FILE, FILES
from streaming.contests.contest import load_contest, shipped_contest
from streaming.ledger.ledger import Ledger
from streaming.ledger.sqlite import address
from streaming.participation import Participation, content_digest, encode_body
from tests.bench.delta import Deltas, deltas
from tests.bench.load import SECRET_VARIABLE, Plan, Report
from tests.bench.server import EMPTY_PATH
from tests.suite import ROOT

PATH = "/api/v1/participations"
CONNECTIONS = 64
BATCH_ITEMS = 500
BATCH_CONNECTIONS = 16
SECONDS = 2.0
STOP_S = 20.0

SINGLE_RATIO_MIN = 0.4
BATCH_RATIO_MIN = 0.3
DELTA_BYTES_MAX = 600
RERANKED_BYTES_MAX = 50
"""What the issue of the spine asks for."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line. Rates are per second and medians of rounds; ratios are medians of each round's ratio."""

    single_per_s: float
    empty_per_s: float
    single_to_empty: float
    batch_items: int
    batch_rows_per_s: float
    bare_rows_per_s: float
    batch_to_bare: float
    delta: Deltas
    rounds: int
    connections: int
    batch_connections: int


@dataclass(frozen=True)
class Target:
    """A server under measurement."""

    port: int
    secret: str
    data: Path

    def load(self, plan: Plan) -> Report:
        """Run a plan from a process of its own, and see that what was acknowledged is in the ledger.

        Raises:
            ClickException: If the server answered anything but 200, or the ledger lacks a row.
        """
        before = rows_in(self.data / FILES[True])
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load", msgspec.json.encode(plan).decode()],
            cwd=ROOT,
            env=os.environ | {SECRET_VARIABLE: self.secret},
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0:
            raise click.ClickException("the load broke off; what it said stands above")
        report = msgspec.json.decode(done.stdout, type=Report)
        stored = rows_in(self.data / FILES[True]) - before
        if stored != report.sent:
            raise click.ClickException(f"{report.sent} items acknowledged, {stored} stored")
        return report


@contextmanager
def target(data: Path, *options: str) -> Iterator[Target]:
    """The server in a process of its own, until the measurement is over; ``options`` are those of its module."""
    secret = Sources(data / ADMIN_FILE).add("bench", test=True)
    log = data / "server.log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.server", str(data), *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("Ready:"):
            raise click.ClickException(f"the server under measurement did not start: {log.read_text()[-2000:]}")
        yield Target(int(line.rpartition(":")[2]), secret, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)
        process.stdout.close()


def rows_in(path: Path) -> int:
    """How many participations a ledger file holds."""
    connection = sqlite3.connect(address(path, "ro"), uri=True)
    try:
        found: int = connection.execute("SELECT count(*) FROM rows WHERE type = 'participation'").fetchone()[0]
    finally:
        connection.close()
    return found


def wards() -> tuple[str, ...]:
    """The codes of every place that takes participations, as they are spread over a province in life."""
    return tuple(leaf.code for leaf in load_contest(shipped_contest()).contest.tree.leaves if leaf.place)


def bare_rows_per_s(folder: Path, seconds: float) -> float:
    """Rows a second of a bare executemany into a ledger's table: BATCH_ITEMS a commit, same schema, same pragmas."""
    ledger = Ledger(folder / "bare.db", now_ms=wall_ms)
    ledger.open()
    head = ledger.head
    ledger.close()
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")
    one = Participation(
        kind="completed", at=wall_ms(), unit=wards()[0], person="0" * 32, channel="website", group="doan-vien",
        score=18, duration_s=512,
    )  # fmt: skip
    digest, body = content_digest(one), encode_body(one)
    sql = 'INSERT INTO rows (seq, type, received_ms, "by", id, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?)'
    rows = 0
    began_s = time.perf_counter()
    while (spent_s := time.perf_counter() - began_s) < seconds:
        first = head + rows + 1
        batch = [
            (seq, "participation", one.at, "bench", f"bench-{seq:012d}", digest, body)
            for seq in range(first, first + BATCH_ITEMS)
        ]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, batch)
        connection.execute("COMMIT")
        rows += BATCH_ITEMS
    connection.close()
    return rows / spent_s


def measure(data: Path, rounds: int, seconds: float) -> Result:
    """Measure on a data folder that is thrown away afterwards; it must lie on a disk, not in memory."""
    units = wards()
    with target(data) as server:
        plan = Plan("single", server.port, units, (PATH, EMPTY_PATH), rounds, seconds, CONNECTIONS, 1)
        singles = [round_.items_per_s for round_ in server.load(plan).rounds]
        batches: list[tuple[float, ...]] = []
        for number in range(rounds):
            plan = Plan(f"batch{number}", server.port, units, (PATH,), 1, seconds, BATCH_CONNECTIONS, BATCH_ITEMS)
            # In turns, so that what the disk does in the meantime meets both alike.
            bare = bare_rows_per_s(data, seconds) if number % 2 else 0.0
            ours = server.load(plan).rounds[0].items_per_s[0]
            batches.append((ours, bare or bare_rows_per_s(data, seconds)))
    return Result(
        single_per_s=round(statistics.median(ours for ours, _ in singles)),
        empty_per_s=round(statistics.median(empty for _, empty in singles)),
        single_to_empty=ratio(singles),
        batch_items=BATCH_ITEMS,
        batch_rows_per_s=round(statistics.median(ours for ours, _ in batches)),
        bare_rows_per_s=round(statistics.median(bare for _, bare in batches)),
        batch_to_bare=ratio(batches),
        delta=deltas(),
        rounds=rounds,
        connections=CONNECTIONS,
        batch_connections=BATCH_CONNECTIONS,
    )


def ratio(pairs: list[tuple[float, ...]]) -> float:
    """The median of each round's own ratio: what disturbs a round disturbs both of its halves."""
    return round(statistics.median(ours / theirs for ours, theirs in pairs), 3)


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = [
        ("single durable POST", f"{result.single_per_s:,.0f}/s", ""),
        ("empty endpoint of the same server", f"{result.empty_per_s:,.0f}/s", ""),
        ("  ratio, median of rounds", f"{result.single_to_empty:.3f}", f"at least {SINGLE_RATIO_MIN}"),
        (f"batches of {result.batch_items}", f"{result.batch_rows_per_s:,.0f} rows/s", ""),
        (f"bare executemany of {result.batch_items}", f"{result.bare_rows_per_s:,.0f} rows/s", ""),
        ("  ratio, median of rounds", f"{result.batch_to_bare:.3f}", f"at least {BATCH_RATIO_MIN}"),
        ("delta of one changed ward", f"{result.delta.plain_bytes} bytes", f"under {DELTA_BYTES_MAX}"),
        (
            f"  per re-ranked row, up to {result.delta.reranked_rows_max} rows",
            f"{result.delta.reranked_row_bytes_max:.1f} bytes",
            f"at most {RERANKED_BYTES_MAX}",
        ),
    ]
    return [f"{name:<38}{value:>18}   {wanted}".rstrip() for name, value, wanted in lines]


def main(rounds: int, seconds: float = SECONDS) -> int:
    """Measure, print the table and one line of JSON."""
    # Beside the code, for a folder for temporary files is often kept in memory, where a sync costs nothing.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away:
        result = measure(Path(thrown_away), rounds, seconds)
    click.echo("\n".join(table(result)))
    click.echo(msgspec.json.encode(result))
    return 0
