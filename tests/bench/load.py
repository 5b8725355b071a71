"""The load: requests as fast as N keep-alive connections go, from a process of its own.

Leaner than any client library, so that what is measured is the server: the bytes of a request are made by one
replacement, and of an answer only the status and the length are read.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import msgspec
import uvloop

SECRET_VARIABLE = "DIEMCAU_SECRET"  # noqa: S105 - a variable's name
NUMBER, UNIT = b"%012d", b"%b"
WARM_UP_S = 1.0


class Plan(msgspec.Struct, frozen=True):
    """What to send: ``items`` per request, on ``connections``; each of the ``paths`` for ``seconds`` in each round.

    The first path takes participations; the order of the paths turns round from one round to the next. Ids begin with
    ``run``, so that a second run repeats none; items go to the ``units`` in turn, whose codes are of one length.
    """

    run: str
    port: int
    units: tuple[str, ...]
    paths: tuple[str, ...]
    rounds: int
    seconds: float
    connections: int
    items: int


class Round(msgspec.Struct, frozen=True):
    """Items per second to each path, and the items that went to the first."""

    items_per_s: tuple[float, ...]


class Report(msgspec.Struct, frozen=True):
    """What the load sent; ``sent`` counts every item that the first path acknowledged."""

    rounds: tuple[Round, ...]
    sent: int


@dataclass
class Course:
    """One path for one stretch of time."""

    make: Callable[[], bytes]
    ends_s: float
    answers: int = 0
    fault: bytes | None = None


class Connection(asyncio.Protocol):
    """Sends the next request when the last is answered, until its course ends."""

    def __init__(self, done: Callable[[], None]) -> None:
        self._done = done
        self._buffer = b""
        self._course: Course
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def run(self, course: Course) -> None:
        """Send the first request of a course."""
        self._course = course
        self._transport.write(course.make())

    def close(self) -> None:
        """End; what comes after is no fault."""
        self._done = lambda: None
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        head = buffer.find(b"\r\n\r\n")
        if head < 0:
            self._buffer = buffer
            return
        at = buffer.find(b"content-length: ", 0, head) + 16
        end = head + 4 + int(buffer[at : buffer.find(b"\r\n", at)])
        if len(buffer) < end:
            self._buffer = buffer
            return
        self._buffer = b""
        course = self._course
        if buffer[9:12] != b"200":
            course.fault = buffer
        course.answers += 1
        if course.fault is None and time.perf_counter() < course.ends_s:
            self._transport.write(course.make())
        else:
            self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        self._course.fault = self._course.fault or repr(exc).encode()
        self._done()


def item(run: str, at: str) -> bytes:
    """A participation as a source sends it, with NUMBER and UNIT where its numbers and its unit stand."""
    made = {
        "id": f"{run}-NUMBER",
        "kind": "completed",
        "unit": "UNIT",
        "at": at,
        "person": f"{run}-NUMBER",
        "channel": "website",
        "group": "doan-vien",
        "score": 18,
        "duration_s": 512,
    }
    return msgspec.json.encode(made).replace(b"NUMBER", NUMBER).replace(b"UNIT", UNIT)


def requests(plan: Plan, path: str, secret: str, numbers: list[int]) -> Callable[[], bytes]:
    """Makes the bytes of request after request; ``numbers[0]`` is the number of the next item, shared by all."""
    items = plan.items
    one = item(plan.run, datetime.now(UTC).isoformat(timespec="seconds"))
    body = one if items == 1 else b"[" + b",".join([one] * items) + b"]"
    units = [unit.encode() for unit in plan.units]
    length = len(body % ((0, units[0], 0) * items))
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {secret}\r\n"
        f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
    whole = head.encode() + body

    def make() -> bytes:
        first = numbers[0]
        numbers[0] += items
        return whole % tuple(value for n in range(first, first + items) for value in (n, units[n % len(units)], n))

    return make


async def run(plan: Plan, secret: str) -> Report:
    """Run the plan's rounds; one short round before them warms up both sides.

    Raises:
        RuntimeError: If an answer was not 200.
    """
    loop = asyncio.get_running_loop()
    idle = asyncio.Semaphore(0)
    connections = [
        (await loop.create_connection(lambda: Connection(idle.release), "127.0.0.1", plan.port))[1]
        for _ in range(plan.connections)
    ]
    numbers, sent = [0], 0
    rounds: list[Round] = []
    try:
        for number in range(-1, plan.rounds):
            rates = dict.fromkeys(plan.paths, 0.0)
            for path in plan.paths if number % 2 else plan.paths[::-1]:
                began_s = time.perf_counter()
                seconds = plan.seconds if number >= 0 else min(WARM_UP_S, plan.seconds)
                course = Course(requests(plan, path, secret, numbers), began_s + seconds)
                for connection in connections:
                    connection.run(course)
                for _ in connections:
                    await idle.acquire()
                if course.fault is not None:
                    raise RuntimeError(f"{path}: {course.fault[:500]!r}")
                items = course.answers * plan.items
                rates[path] = items / (time.perf_counter() - began_s)
                sent += items if path == plan.paths[0] else 0
            if number >= 0:
                rounds.append(Round(tuple(rates.values())))
    finally:
        for connection in connections:
            connection.close()
    return Report(tuple(rounds), sent)


if __name__ == "__main__":
    given = msgspec.json.decode(sys.argv[1], type=Plan)
    print(msgspec.json.encode(uvloop.run(run(given, os.environ[SECRET_VARIABLE]))).decode())  # noqa: T201 - a pipe
