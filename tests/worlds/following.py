"""The scripts of our pages that follow a topic, run in Node over whatever line a test gives them."""

import asyncio
import json
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

from tests.suite import ROOT
from tests.worlds.node import find_node

SCRIPT = ROOT / "tests" / "worlds" / "follow.mjs"
NONE = "no Node.js that has WebSocket"
CLOSE_RETRY_MAX_MS = 2_000
END_WAIT_S = 5.0


@cache
def command() -> tuple[str, ...] | None:
    """How Node is started so that it has WebSocket; None where it cannot be."""
    node = find_node()
    for flags in ((), ("--experimental-websocket",)) if node else ():
        asked = [str(node), *flags, "-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return (str(node), "--no-warnings", *flags)
    return None


class Followed:
    """A screen without a picture. ``said`` is all that it has told, the newest last."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.said: list[dict[str, Any]] = []
        self._states: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @property
    def frames(self) -> list[dict[str, Any]]:
        """What it tells of each frame that it has taken: "seq", "at", "via", and "t", when."""
        return [each for each in self.said if "via" in each]

    async def read(self) -> None:
        """Read what it tells, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "rows" in told:
                self._states.put_nowait(told)
            else:
                self.said.append(told)

    async def state(self) -> dict[str, Any]:
        """What it shows now: its position, rows and state."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"state\n")
        return await self._states.get()


@asynccontextmanager
async def following(port: int, topic: str, retry_max_ms: int = CLOSE_RETRY_MAX_MS) -> AsyncIterator[Followed]:
    """A screen that follows a topic over a port of loopback."""
    started = command()
    assert started is not None, NONE
    asked = (*started, str(SCRIPT), str(port), topic, str(retry_max_ms))
    process = await asyncio.create_subprocess_exec(*asked, stdin=PIPE, stdout=PIPE, limit=2**24)
    followed = Followed(process)
    reading = asyncio.create_task(followed.read())
    try:
        yield followed
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(END_WAIT_S):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        await reading
