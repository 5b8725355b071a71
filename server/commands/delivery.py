"""Delivery: batches to a server's rehearsal store over the public API, each sent until it is answered."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import click
import httpx2
import msgspec

from streaming.errors import DiemCauError

BATCH_ITEMS_MAX = 500
CONNECTIONS_MAX = 9
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


class Reject(msgspec.Struct):
    """An item that the server did not keep, as it says so."""

    index: int
    code: str
    message: str = ""


class Report(msgspec.Struct):
    """What the server says of a batch."""

    accepted: int
    duplicates: int
    rejected: list[Reject]
    outside_rounds: int = 0


@dataclass
class Account:
    """What was sent and what the server said to it; ``slowest_s`` is the slowest answer, ``again`` counts batches that
    were sent once more."""

    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    slowest_s: float = 0.0
    again: int = 0

    @property
    def balances(self) -> bool:
        """Whether every item has been answered, and none was refused that should not have been."""
        return self.sent == self.accepted + self.duplicates + self.rejected and self.rejected == self.made_bad

    @property
    def made_bad(self) -> int:
        """How many items were made to be refused."""
        return 0

    def told(self) -> list[str]:
        """What there is to say at the end beside that, a line each."""
        return []

    def take(self, report: Report) -> None:
        """Take in what the server says of a batch."""
        self.accepted += report.accepted
        self.duplicates += report.duplicates
        self.rejected += len(report.rejected)

    @property
    def refused(self) -> str:
        """How many items the server did not keep, in words."""
        return f"rejected {self.rejected}"

    def __str__(self) -> str:
        again = f", {self.again} batches sent again" if self.again else ""
        return (
            f"sent {self.sent}, accepted {self.accepted}, duplicates {self.duplicates}, {self.refused}, "
            f"slowest acknowledgement {self.slowest_s * 1000:.0f} ms{again}"
        )


class Delivery:
    """The way to one server. ``account`` is told of slow answers and of batches that are sent again."""

    def __init__(self, http: httpx2.AsyncClient, secret: str, account: Account) -> None:
        self._http = http
        self._account = account
        self._headers = {
            "authorization": f"Bearer {secret}",
            "content-type": "application/json",
            "diem-cau-store": "rehearsal",
        }
        self._answered_at_s = time.monotonic()
        self._ends = asyncio.Event()

    @property
    def ends(self) -> bool:
        """Whether nothing new is to be sent."""
        return self._ends.is_set()

    def end(self) -> None:
        """Send nothing new; what is on its way is still waited for."""
        self._ends.set()

    async def pause(self, wait_s: float) -> None:
        """Wait, but no longer than until the end."""
        try:
            async with asyncio.timeout(wait_s):
                await self._ends.wait()
        except TimeoutError:
            return

    async def check(self) -> None:
        """Have the server say whether it takes this secret as a test secret, before anything is sent.

        Raises:
            Refused: If it does not.
        """
        for _ in range(NEW_SECRET_TRIES):
            try:
                await self.deliver([])
            except Refused as refused:
                if refused.status != httpx2.codes.UNAUTHORIZED:
                    raise
                await self.pause(NEW_SECRET_S / NEW_SECRET_TRIES)
            else:
                return
        await self.deliver([])

    async def deliver(self, items: Sequence[dict[str, Any]]) -> Report:
        """Send a batch until it is answered; an empty one is a heartbeat.

        Raises:
            Refused: If the server refuses it, or no longer answers.
        """
        body = msgspec.json.encode(items)
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
                    self._account.slowest_s = max(self._account.slowest_s, self._answered_at_s - sent_s)
                    return _report(response)
                reason = f"{response.status_code} {_detail(response)}"
                if response.status_code not in (429, 502, 503, 504):
                    raise Refused(f"{self._http.base_url}: {reason}", response.status_code)
                self._answered_at_s = time.monotonic()
                asked_s = response.headers.get("retry-after", "")
            give_up_s = GIVE_UP_S[self.ends]
            if time.monotonic() - max(self._answered_at_s, began_s) > give_up_s:
                raise Refused(f"{self._http.base_url}: no answer for {give_up_s:.0f} s ({reason})")
            self._account.again += 1
            asked = min(int(asked_s), RETRY_AFTER_S_MAX) if asked_s.isdigit() else None
            await asyncio.sleep(random.uniform(0, wait_s) if asked is None else asked)  # noqa: S311 - jitter
            wait_s = min(wait_s * 2, RETRY_S[1])


def _report(response: httpx2.Response) -> Report:
    try:
        return msgspec.json.decode(response.content, type=Report)
    except msgspec.DecodeError:
        raise Refused(
            f"{response.url}: the answer is no account of a batch, expected a running server of this product"
        ) from None


def _detail(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase


@asynccontextmanager
async def reached(url: str, secret: str) -> AsyncIterator[tuple[httpx2.AsyncClient, list[dict[str, Any]]]]:
    """A client of the server, and the units that it has.

    Raises:
        Refused: If it does not answer as one, or no secret can look like this.
    """
    if not secret.isascii():
        raise Refused("the secret has letters that no secret has, expected whsec_test…")
    limits = httpx2.Limits(max_connections=CONNECTIONS_MAX)
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT_S, limits=limits) as http:
        try:
            units = (await http.get("/api/v1/units")).raise_for_status().json()["units"]
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{url}/api/v1/units: {error}, expected a running server of this product") from None
        yield http, units


def end_on_signals(delivery: Delivery) -> None:
    """Let Ctrl-C, and whoever ends this process, end the delivery in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, delivery.end)


@asynccontextmanager
async def telling(account: Account) -> AsyncIterator[None]:
    """Say now and then how far it has come; and where it fails, how far it had."""
    progress = asyncio.create_task(_progress(account))
    try:
        yield
    except DiemCauError:
        click.echo("\n".join(["", str(account), *account.told()]), err=True)
        raise
    finally:
        progress.cancel()


async def _progress(account: Account) -> None:
    is_terminal = sys.stderr.isatty()
    while True:
        await asyncio.sleep(PROGRESS_S[is_terminal])
        click.echo(f"\r\033[K{account}" if is_terminal else str(account), err=True, nl=not is_terminal)


def give(account: Account) -> None:
    """Print the account at the end.

    Raises:
        DiemCauError: If it does not balance.
    """
    lines = [*([""] if sys.stderr.isatty() else []), str(account), *account.told()]
    click.echo("\n".join(lines))
    if not account.balances:
        raise DiemCauError("the account does not balance: see what the server rejected")
