"""People who come one after the other for as long as a bench lasts."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def arrive(per_s: float, at_once: int, ends: asyncio.Event, come: Callable[[int], Awaitable[None]]) -> None:
    """Let number 0, 1, 2 … ``come``, ``per_s`` a second and ``at_once`` at most, until told to end; returns when the
    last has left."""
    room = asyncio.Semaphore(at_once)

    async def one(number: int) -> None:
        async with room:
            await come(number)

    began_s = time.monotonic()
    number = 0
    async with asyncio.TaskGroup() as group:
        while not ends.is_set():
            while number < (time.monotonic() - began_s) * per_s:
                group.create_task(one(number))
                number += 1
            await asyncio.sleep(1 / per_s)
