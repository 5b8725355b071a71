"""`rehearse`: made-up participations over the public API, with a test secret, and an account at the end."""

import asyncio
import csv
import random
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import click
import httpx2
import msgspec

from streaming.contests.contest import shipped_contest
from streaming.errors import DiemCauError
from streaming.sources.rehearsal import Made, Traffic, leaves_of

SECRET_VARIABLE = "DIEMCAU_SECRET"  # noqa: S105 - a variable's name
BATCH_S = 0.1
BATCH_ITEMS_MAX = 500
IN_FLIGHT_MAX = 8
TIMEOUT_S = 30.0
RETRY_S = (0.25, 5.0)
"""The first and the longest wait before a batch is sent again, where the server does not name one."""
RETRY_AFTER_S_MAX = 30
"""A server that asks for a longer pause is asked again sooner."""
GIVE_UP_S = {False: 60.0, True: 3.0}
"""A server that has answered nothing for so long has gone; the second figure once we are told to end."""
NEW_SECRET_S = 2.5
"""A running server knows a new secret within 2 s, so until then an unknown one is tried again."""
NEW_SECRET_TRIES = 5
PROGRESS_S = {True: 0.5, False: 5.0}
"""How often the progress is said, on a terminal and elsewhere."""


class Refused(DiemCauError):  # noqa: N818 - what the server did
    """The server does not want this traffic; ``status`` is 0 where it was not an answer that said so."""

    def __init__(self, message: str, status: int = 0) -> None:
        self.status = status
        super().__init__(message)


@dataclass
class Account:
    """What was sent and what the server said to it; ``slowest_s`` is the slowest answer."""

    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    expected: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    again: int = 0

    @property
    def balances(self) -> bool:
        """Whether every item has been answered, and only items made to be rejected were."""
        return (
            self.sent == self.accepted + self.duplicates + self.rejected and self.rejected == self.expected["rejected"]
        )

    def __str__(self) -> str:
        made = self.expected["rejected"]
        again = f", {self.again} batches sent again" if self.again else ""
        return (
            f"sent {self.sent}, accepted {self.accepted}, duplicates {self.duplicates}, rejected {self.rejected} "
            f"({made} made to be), slowest acknowledgement {self.slowest_s * 1000:.0f} ms{again}"
        )


class Rehearsal:
    """Sends a traffic's items when they are due, several batches at a time, each until it is answered."""

    def __init__(
        self, http: httpx2.AsyncClient, secret: str, made: Iterator[Made], rate: float, count: int | None
    ) -> None:
        self.account = Account()
        self._http = http
        self._headers = {
            "authorization": f"Bearer {secret}",
            "content-type": "application/json",
            "diem-cau-store": "rehearsal",
        }
        self._made = made
        self._rate = rate
        self._left = count
        self._answered_at_s = time.monotonic()
        self._ends = asyncio.Event()

    def end(self) -> None:
        """Send nothing new; what is on its way is still waited for."""
        self._ends.set()

    async def check(self) -> None:
        """Have the server say whether it takes this secret as a test secret, before anything is sent.

        Raises:
            Refused: If it does not.
        """
        for _ in range(NEW_SECRET_TRIES):
            try:
                await self._deliver(b"[]")
            except Refused as refused:
                if refused.status != httpx2.codes.UNAUTHORIZED:
                    raise
                await self._pause(NEW_SECRET_S / NEW_SECRET_TRIES)
            else:
                return
        await self._deliver(b"[]")

    async def run(self) -> None:
        """Send until ``count`` is reached or ``end`` is called.

        Raises:
            Refused: If the server refuses the secret or no longer answers.
        """
        started_s = time.monotonic()
        made = 0
        batches: deque[asyncio.Task[None]] = deque()
        async with asyncio.TaskGroup() as group:
            while not self._ends.is_set() and self._left != 0:
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
                    await self._pause(BATCH_S)

    async def _pause(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._ends.wait()
        except TimeoutError:
            return

    async def _send(self, batch: list[Made]) -> None:
        self.account.sent += len(batch)
        self.account.expected.update(made.expects for made in batch)
        report = await self._deliver(msgspec.json.encode([made.item for made in batch]))
        self.account.accepted += report["accepted"]
        self.account.duplicates += report["duplicates"]
        self.account.rejected += len(report["rejected"])

    async def _deliver(self, body: bytes) -> dict[str, Any]:
        wait_s = RETRY_S[0]
        began_s = time.monotonic()
        while True:
            sent_s = time.monotonic()
            asked_s = ""
            try:
                response = await self._http.post("/api/v1/participations", content=body, headers=self._headers)
            except httpx2.TransportError as error:
                reason = f"{type(error).__name__}: {error}"
            else:
                if response.status_code == httpx2.codes.OK:
                    self._answered_at_s = time.monotonic()
                    self.account.slowest_s = max(self.account.slowest_s, self._answered_at_s - sent_s)
                    return _report(response)
                reason = f"{response.status_code} {_detail(response)}"
                if response.status_code not in (429, 502, 503, 504):
                    raise Refused(f"{self._http.base_url}: {reason}", response.status_code)
                self._answered_at_s = time.monotonic()
                asked_s = response.headers.get("retry-after", "")
            give_up_s = GIVE_UP_S[self._ends.is_set()]
            if time.monotonic() - max(self._answered_at_s, began_s) > give_up_s:
                raise Refused(f"{self._http.base_url}: no answer for {give_up_s:.0f} s ({reason})")
            self.account.again += 1
            asked = min(int(asked_s), RETRY_AFTER_S_MAX) if asked_s.isdigit() else None
            await asyncio.sleep(random.uniform(0, wait_s) if asked is None else asked)  # noqa: S311 - jitter
            wait_s = min(wait_s * 2, RETRY_S[1])


def _report(response: httpx2.Response) -> dict[str, Any]:
    try:
        report: dict[str, Any] = response.json()
        if isinstance(report["accepted"], int) and isinstance(report["rejected"], list):
            return report
    except (ValueError, KeyError, TypeError):
        pass
    raise Refused(f"{response.url}: the answer is no account of a batch, expected a running server of this product")


def _detail(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase


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
    if not secret.isascii():
        raise Refused("the secret has letters that no secret has, expected whsec_test…")
    limits = httpx2.Limits(max_connections=IN_FLIGHT_MAX + 1)
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT_S, limits=limits) as http:
        try:
            units = (await http.get("/api/v1/units")).raise_for_status().json()["units"]
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{url}/api/v1/units: {error}, expected a running server of this product") from None
        leaves = leaves_of(units, sizes(), seed)
        traffic = Traffic(leaves, seed=seed, start_ms=time.time_ns() // 1_000_000, rate=rate)
        rehearsal = Rehearsal(http, secret, iter(traffic), rate, count)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, rehearsal.end)
        await rehearsal.check()
        progress = asyncio.create_task(_progress(rehearsal.account))
        try:
            await rehearsal.run()
        except* Refused as group:
            click.echo(f"\n{rehearsal.account}", err=True)
            raise group.exceptions[0] from None
        finally:
            progress.cancel()
        return rehearsal.account


async def _progress(account: Account) -> None:
    is_terminal = sys.stderr.isatty()
    while True:
        await asyncio.sleep(PROGRESS_S[is_terminal])
        click.echo(f"\r\033[K{account}" if is_terminal else str(account), err=True, nl=not is_terminal)


@click.command()
@click.option("--url", required=True, help="The server, as http://127.0.0.1:8000.")
@click.option("--secret", envvar=SECRET_VARIABLE, required=True, help=f"A test secret [env: {SECRET_VARIABLE}].")
@click.option(
    "--rate",
    type=click.FloatRange(min=0, max=100_000, min_open=True),
    default=60.0,
    show_default=True,
    help="Items a second.",
)
@click.option("--count", type=click.IntRange(min=1), help="End after so many items [default: go on].")
@click.option("--seed", type=int, help="The same seed makes the same people do the same [default: another each time].")
def rehearse(url: str, secret: str, rate: float, count: int | None, seed: int | None) -> None:
    """Send made-up participations until --count or Ctrl-C, then give account; a live secret is refused."""
    chosen = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - made-up traffic
    click.echo(f"rehearsing at {url}: {rate:g} items a second, seed {chosen}", err=True)
    account = asyncio.run(rehearse_at(url.rstrip("/"), secret, rate, count, chosen))
    click.echo(f"\n{account}" if sys.stderr.isatty() else str(account))
    if not account.balances:
        raise DiemCauError("the account does not balance: see what the server rejected")
