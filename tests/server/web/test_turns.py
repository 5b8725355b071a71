"""Turns at heavy work."""

import asyncio

import pytest

from server.web.problems import Problem
from server.web.turns import Turns


async def test_so_many_work_so_many_wait_and_the_next_is_told_to_come_again() -> None:
    turns, begun, end = Turns(2, 1, "other files are being made"), list[int](), asyncio.Event()

    async def work(number: int) -> None:
        async with turns.turn():
            begun.append(number)
            await end.wait()

    tasks = [asyncio.create_task(work(number)) for number in range(3)]
    await asyncio.sleep(0)
    assert begun == [0, 1]
    with pytest.raises(Problem) as refused:
        await work(3)
    assert (refused.value.status, refused.value.code, refused.value.retry_after_s) == (503, "busy", 5)
    tasks[2].cancel()
    await asyncio.gather(tasks[2], return_exceptions=True)
    # One that has gone away waits no more.
    tasks.append(asyncio.create_task(work(4)))
    await asyncio.sleep(0)
    end.set()
    await asyncio.gather(tasks[0], tasks[1], tasks[3])
    await work(5)
    assert begun == [0, 1, 4, 5]
