"""`rehearse`: made-up participations, or those of a past ledger, over the public API, and an account at the end."""

import asyncio
import csv
import random
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

from server.clock import wall_ms
from server.commands import delivery
from server.commands.delivery import BATCH_ITEMS_MAX, Delivery, Refused, end_on_signals, give, reached, telling
from server.commands.replay import replay_at
from streaming.contests.contest import shipped_contest
from streaming.sources.rehearsal import Made, Traffic, leaves_of
from streaming.sources.replay import SPEED_MAX, SPEED_MIN

SECRET_VARIABLE = "DIEMCAU_SECRET"  # noqa: S105 - a variable's name
BATCH_S = 0.1
IN_FLIGHT_MAX = 8
RATE_PER_S = 60.0


@dataclass
class Account(delivery.Account):
    """The account of made-up traffic; ``expected`` is what its maker expects the server to say of each item."""

    expected: Counter[str] = field(default_factory=Counter)

    @property
    def made_bad(self) -> int:
        """How many items were made to be refused."""
        return self.expected["rejected"]

    @property
    def refused(self) -> str:
        """How many items the server did not keep, in words."""
        return f"rejected {self.rejected} ({self.made_bad} made to be)"


class Rehearsal:
    """Sends a traffic's items when they are due, several batches at a time, each until it is answered."""

    def __init__(self, to: Delivery, account: Account, made: Iterator[Made], rate: float, count: int | None) -> None:
        self._account = account
        self._to = to
        self._made = made
        self._rate = rate
        self._left = count

    async def run(self) -> None:
        """Send until ``count`` is reached or the delivery is to end.

        Raises:
            ExceptionGroup: Of ``Refused``, if the server refuses the secret or no longer answers.
        """
        started_s = time.monotonic()
        made = 0
        batches: deque[asyncio.Task[None]] = deque()
        async with asyncio.TaskGroup() as group:
            while not self._to.ends and self._left != 0:
                due = int((time.monotonic() - started_s) * self._rate) + 1 - made
                take = min(due, BATCH_ITEMS_MAX, due if self._left is None else self._left)
                if take > 0:
                    batch = list(islice(self._made, take))
                    made += len(batch)
                    self._left = None if self._left is None else self._left - len(batch)
                    batches.append(group.create_task(self._send(batch)))
                    if made == len(batch):
                        # Items made to be refused repeat the first id, so the first must be stored before them.
                        await batches.popleft()
                while batches and (batches[0].done() or len(batches) > IN_FLIGHT_MAX):
                    await batches.popleft()
                if due < BATCH_ITEMS_MAX:
                    await self._to.pause(BATCH_S)

    async def _send(self, batch: list[Made]) -> None:
        self._account.sent += len(batch)
        self._account.expected.update(made.expects for made in batch)
        self._account.take(await self._to.deliver([made.item for made in batch]))


def sizes() -> dict[str, float]:
    """How many people live in the shipped contest's units, by estimate; of no use for another contest, and harmless."""
    path = shipped_contest() / "weights.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: float(row["population_estimate"]) for row in csv.DictReader(file)}


async def rehearse_at(url: str, secret: str, rate: float, count: int | None, seed: int) -> Account:
    """Rehearse against a server; returns the account.

    Raises:
        Refused: If the server does not answer or refuses.
    """
    async with reached(url, secret) as (http, units):
        leaves = leaves_of(units, sizes(), seed)
        traffic = Traffic(leaves, seed=seed, start_ms=wall_ms(), rate=rate)
        account = Account()
        to = Delivery(http, secret, account)
        end_on_signals(to)
        await to.check()
        async with telling(account):
            try:
                await Rehearsal(to, account, iter(traffic), rate, count).run()
            except* Refused as group:
                raise group.exceptions[0] from None
        return account


class Instant(click.ParamType[int]):
    """An instant with its offset, as ms since the epoch."""

    name = "TIME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail(f"“{value}” is no instant with its offset, expected one as 2022-09-08T09:24:00+07:00", param, ctx)
        return int(found.timestamp() * 1000)


@click.command()
@click.option("--url", required=True, help="The server, as http://127.0.0.1:8000.")
@click.option("--secret", envvar=SECRET_VARIABLE, required=True, help=f"A test secret [env: {SECRET_VARIABLE}].")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, max=100_000, min_open=True),
    help=f"Made-up items a second [default: {RATE_PER_S:g}].",
)
@click.option("--count", type=click.IntRange(min=1), help="End after so many items [default: go on].")
@click.option("--seed", type=int, help="The same seed makes the same people do the same [default: another each time].")
@click.option(
    "--replay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="LEDGER",
    help="Send what a past ledger holds instead: a ledger.db or rehearsal.db, or a backup. It is only read.",
)
@click.option("--speed", type=click.FloatRange(SPEED_MIN, SPEED_MAX), help="So many times as fast [default: 1].")
@click.option("--from", "from_ms", type=Instant(), help="Replay what was received from then on, with its offset.")
def rehearse(
    url: str,
    secret: str,
    rate: float | None,
    count: int | None,
    seed: int | None,
    replay: Path | None,
    speed: float | None,
    from_ms: int | None,
) -> None:
    """Send made-up participations, or those of a past ledger, then give account; a live secret is refused.

    Made-up ones until --count or Ctrl-C, a ledger's until its end.
    """
    url = url.rstrip("/")
    if replay is not None:
        if rate is not None or seed is not None:
            raise click.UsageError("--rate and --seed are of made-up participations, --replay has its ledger's")
        click.echo(f"replaying {replay} at {url}: ×{speed or 1:g}", err=True)
        give(asyncio.run(replay_at(url, secret, replay, speed or 1.0, count, from_ms)))
        return
    if speed is not None or from_ms is not None:
        raise click.UsageError("--speed and --from are of a ledger's replay: expected --replay LEDGER beside them")
    chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - made-up traffic
    rate = RATE_PER_S if rate is None else rate
    click.echo(f"rehearsing at {url}: {rate:g} items a second, seed {chosen}", err=True)
    give(asyncio.run(rehearse_at(url, secret, rate, count, chosen)))
