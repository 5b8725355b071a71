"""The product: the server that `serve` runs, with one topic more, which a timer moves on."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from server.app import App
from server.clock import wall_ms
from server.commands.serve import run
from server.net.listening import bound
from server.settings import Settings
from server.state import State
from streaming.contests.contest import load_contest, opened_now, shipped_contest
from streaming.fold.cursor import Cut
from streaming.topics.topic import Topic
from tests.bench.ways.program import Task, messages, ready, task
from tests.suite import ROOT

TOPIC = "bench"
ROOM = 100_000
"""Sockets of one address, and handshakes a second: all come from one address, before anything is measured."""


class Moved(Topic):
    """A topic whose frames are made elsewhere; it tells its listeners as every topic does."""

    def say(self, payload: bytes) -> None:
        """Move on by one position, with this payload."""
        base, self.published_seq = self.published_seq, self.seq + 1
        self.seq = self.published_seq
        self._tell(base, payload)


class BenchApp(App):
    """The app as it is, and the topic."""

    def __init__(self, *wiring: Any) -> None:
        super().__init__(*wiring)
        self._topic = Moved(TOPIC, (), rehearsal=True)
        self._topic.begin("bench", Cut(1, 0, None, 0))

    def find_topic(self, name: str) -> Topic | None:
        """The topic of a public name."""
        return self._topic if name == TOPIC else super().find_topic(name)

    def _runs(self, state: State) -> list[tuple[str, Coroutine[Any, Any, object]]]:
        return [*super()._runs(state), ("bench topic", self._say())]

    async def _say(self) -> None:
        async for message in messages(task()):
            self._topic.say(message)
        signal.raise_signal(signal.SIGTERM)
        # A task that ends would be an error; the lifespan cancels this one.
        await asyncio.Event().wait()


def main(given: Task) -> int:
    """Serve on a data folder that is thrown away afterwards; returns the exit code."""
    shipped = load_contest(shipped_contest())
    folder = opened_now(shipped, wall_ms())
    # Beside the code, for a folder for temporary files is often kept in memory.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as data:
        settings = Settings(
            data=Path(data),
            contest=shipped.path,
            port=given.port,
            sockets_per_address_max=ROOM,
            handshakes_per_s=ROOM,
        )
        listeners = bound(settings.host, settings.port)
        return run(settings, folder, lambda _url: ready(os.getpid()), listeners, BenchApp)


if __name__ == "__main__":
    sys.exit(main(task()))
