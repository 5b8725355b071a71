"""Screens that come back as ours do: what dashboard/static/js/live/socket.js decides, in Python.

A screen that has lost its socket tries again after a wait with full jitter, whose window doubles; after three failures
or five seconds without a word it polls beside that, more rarely while no answer comes, and not within the rest that a
stopping server asked for. All of a bench run in one process and one loop.
"""

import asyncio
import random
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.bench.feed import Line
from tests.bench.screens import TOPIC, Head, Place, head_of
from tests.bench.swarm import Viewer, handshake, open_one
from tests.worlds.screen import Screen

RETRY_MIN_MS = 250
RETRY_FIRST_MS = 500
SILENCE_MS = 6_000
FAILURES_BEFORE_POLL = 3
POLL_AFTER_MS = 5_000
POLL_MS = 2_000
HALL_RETRY_MAX_MS = 2_000
PUBLIC_RETRY_MAX_MS = 30_000
"""The longest window of the hall's and the points' screens, and of public pages."""
HALL_SHARE = 0.1
"""Every tenth screen of a bench is the hall's or a point's, the others are public pages."""

OPEN_S = 30.0
LOOK_S = 0.2

_HINT = re.compile(r"\bretry_ms=(\d{1,6})\b")


def retry_ms(failures: int, retry_max_ms: int, chance: float) -> float:
    """The wait before the next try, after so many failures in a row; ``chance`` is in [0, 1)."""
    window_ms: int = min(retry_max_ms, RETRY_FIRST_MS << min(failures, 16))
    return RETRY_MIN_MS + chance * (window_ms - RETRY_MIN_MS)


def hint_ms(reason: str) -> int:
    """The wait that a close reason asks for, 0 if it asks for none."""
    found = _HINT.search(reason)
    return int(found[1]) if found else 0


@dataclass
class Tale:
    """What happened to all screens since an outage began; times are monotonic, in s."""

    began_s: float
    wanted_seq: int
    back_s: list[float] = field(default_factory=list)
    """When each stood on an open socket at ``wanted_seq`` or beyond, in the order of return."""
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    polls: int = 0
    polled_first: int = 0
    """Screens that a poll had brought up before their socket opened."""
    deltas: int = 0
    snapshots: int = 0
    """First frames on the new socket; a screen that was current gets a delta with the next change."""


class Returner:
    """One screen. With a ``mirror`` it keeps the rows too."""

    def __init__(self, number: int, all_: "Returners", retry_max_ms: int, mirror: Screen | None) -> None:
        self.place = Place()
        self.mirror = mirror
        self.is_back = True
        self._number = number
        self._all = all_
        self._retry_max_ms = retry_max_ms
        self._viewer: Viewer | None = None
        self._failures = 0
        self._socket_at_s = self._heard_at_s = time.monotonic()
        self._rest_until_s = float("-inf")
        self._retry: asyncio.TimerHandle | None = None
        self._is_polling = False
        self._was_polled = False
        self._is_out = False

    @property
    def is_open(self) -> bool:
        """Whether its socket is open."""
        return self._viewer is not None and self._viewer.status == 101

    def begin_outage(self) -> None:
        """From now on what brings this screen back is counted."""
        self.is_back = self._is_out = False

    def connect(self) -> None:
        """Open a socket from where this screen stands."""
        if self._all.is_stopped:
            return
        if self._retry is not None:
            self._retry.cancel()
        query = f"?epoch={self.place.epoch}&seq={self.place.seq}" if self.place.epoch else ""
        request = handshake(f"/live/{TOPIC}{query}", self._all.port)
        self._viewer = viewer = Viewer(self._number, request, self._hear, self._closed)
        self._socket_at_s = time.monotonic()
        self._all.run(self._open(viewer))

    async def _open(self, viewer: Viewer) -> None:
        is_open = await open_one(viewer, self._all.port)
        if is_open:
            self._all.tale.accepted += 1
            return
        if viewer.status:
            self._all.tale.refused += 1
        else:
            self._all.tale.failed += 1
        if viewer is self._viewer and not hasattr(viewer, "transport"):
            self._viewer = None
            self._lost(0)

    def _closed(self, viewer: Viewer, _code: int | None) -> None:
        if viewer is self._viewer:
            self._viewer = None
            self._lost(hint_ms(viewer.close_reason))

    def _lost(self, hint: int) -> None:
        if self._all.is_stopped:
            return
        if not self._is_out and not self.is_back:
            # Until here the old socket was still heard, as a stopping server lets go of one after the other.
            self._is_out = True
            self._was_polled = False
            self.place.first = None
        wait_ms = hint + retry_ms(self._failures, self._retry_max_ms, random.random())
        self._failures += 1
        if hint:
            self._rest_until_s = time.monotonic() + (hint + POLL_AFTER_MS) / 1000
        self._poll_if_due(time.monotonic())
        self._try_after(wait_ms)

    def _try_after(self, wait_ms: float) -> None:
        if self._retry is not None:
            self._retry.cancel()
        self._retry = self._all.later(wait_ms / 1000, self.connect)

    def _hear(self, viewer: Viewer, payload: bytes) -> None:
        if viewer is not self._viewer:
            return
        self._socket_at_s = self._heard_at_s = time.monotonic()
        wrong = self.place.wrong
        head = self._take(payload)
        if self.place.wrong > wrong:
            self.drop()
            self._lost(0)
            return
        self._failures = 0
        self._is_polling = False
        self._rest_until_s = float("-inf")
        if head is not None and self._is_out and not self.is_back:
            self._come_back(head)

    def _take(self, payload: bytes) -> Head | None:
        head = self.place.take(payload)
        if head is not None and self.mirror is not None:
            self.mirror.take(payload)
        return head

    def _come_back(self, head: Head) -> None:
        tale = self._all.tale
        if self.place.first is head:
            tale.deltas += head.is_delta
            tale.snapshots += not head.is_delta
            tale.polled_first += self._was_polled
        if head.seq >= tale.wanted_seq:
            self.is_back = True
            tale.back_s.append(time.monotonic())

    def drop(self) -> None:
        """Close the socket."""
        viewer, self._viewer = self._viewer, None
        if viewer is not None and hasattr(viewer, "transport"):
            viewer.transport.abort()

    def watch(self, now_s: float) -> None:
        """Once a second: is the socket silent, is it time to poll?"""
        if self._viewer is not None and now_s - self._socket_at_s > SILENCE_MS / 1000:
            self.drop()
            self._lost(0)
        self._poll_if_due(now_s)

    def _poll_if_due(self, now_s: float) -> None:
        is_due = self._failures >= FAILURES_BEFORE_POLL or now_s - self._heard_at_s > POLL_AFTER_MS / 1000
        if is_due and now_s >= self._rest_until_s:
            self._begin_poll()

    def _begin_poll(self) -> None:
        if not self._is_polling and not self._all.is_stopped:
            self._is_polling = True
            self._all.run(self._poll())

    async def _poll(self) -> None:
        line: Line | None = None
        failures = 0
        while self._is_polling and not self._all.is_stopped:
            self._all.tale.polls += 1
            place = self.place
            match = f'if-none-match: W/"{place.epoch}-{place.seq}"\r\n' if place.epoch else ""
            asked = f"GET /live/{TOPIC} HTTP/1.1\r\nhost: 127.0.0.1:{self._all.port}\r\n{match}\r\n"
            is_answered = False
            try:
                line = line or await Line.open(self._all.port)
                answer = await line.ask(asked.encode())
            except (OSError, TimeoutError):
                line = None
            else:
                is_answered = answer.status in {200, 304}
                if answer.status == 200 and self._is_polling:
                    self._take_poll(answer.body)
            is_back, failures = is_answered and failures > 0, 0 if is_answered else failures + 1
            if is_answered:
                self._heard_at_s = time.monotonic()
            if is_back and self._viewer is None:
                self._try_after(retry_ms(0, self._retry_max_ms, random.random()))
            chance = random.random()
            wait_ms = POLL_MS * (0.75 + chance / 2)
            if not is_answered:
                wait_ms = max(wait_ms, retry_ms(failures, self._retry_max_ms, chance))
            await asyncio.sleep(wait_ms / 1000)
        if line is not None:
            line.close()

    def _take_poll(self, payload: bytes) -> None:
        head, place = head_of(payload), self.place
        if head is not None and (head.epoch != place.epoch or head.seq > place.seq):
            first = place.first
            self._take(payload)
            # Only what comes over the socket is its first frame.
            place.first = first
            self._was_polled = True


class Returners:
    """All screens; each tenth is the hall's or a point's. Every ``screens / mirrors``-th keeps its rows."""

    def __init__(self, port: int, screens: int, mirrors: int) -> None:
        self.port = port
        self.is_stopped = False
        self.tale = Tale(time.monotonic(), 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self.screens = [self._made(n, max(1, screens // max(1, mirrors))) for n in range(screens)]

    def _made(self, number: int, mirrors_each: int) -> Returner:
        is_hall = number % round(1 / HALL_SHARE) == 0
        mirror = Screen() if number % mirrors_each == 0 else None
        return Returner(number, self, HALL_RETRY_MAX_MS if is_hall else PUBLIC_RETRY_MAX_MS, mirror)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Have a screen's work done; ``stop`` ends it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later(self, wait_s: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Call after a wait; after ``stop`` a screen no longer connects."""
        return asyncio.get_running_loop().call_later(wait_s, call)

    async def open(self, per_s: float) -> None:
        """Have all begin to connect, ``per_s`` a second, and watch them; returns when all have had a frame.

        Raises:
            TimeoutError: If some have not after OPEN_S.
        """
        self.run(self._watch())
        for number, screen in enumerate(self.screens):
            self.later(number / per_s, screen.connect)
        async with asyncio.timeout(OPEN_S + len(self.screens) / per_s):
            while not all(screen.place.epoch and screen.is_open for screen in self.screens):  # noqa: ASYNC110 - many
                await asyncio.sleep(LOOK_S)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            now_s = time.monotonic()
            for screen in self.screens:
                screen.watch(now_s)

    def begin_outage(self) -> None:
        """Begin a new tale; what seq is wanted is said when it is known."""
        self.tale = Tale(time.monotonic(), 2**62)
        for screen in self.screens:
            screen.begin_outage()

    async def all_back(self, within_s: float) -> None:
        """Wait until all are back, or the time is over."""
        for _ in range(int(within_s / LOOK_S)):
            if len(self.tale.back_s) >= len(self.screens):
                return
            await asyncio.sleep(LOOK_S)

    async def stop(self) -> None:
        """End all screens."""
        self.is_stopped = True
        for screen in self.screens:
            screen.drop()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.wait([*self._tasks, asyncio.ensure_future(asyncio.sleep(0))])
