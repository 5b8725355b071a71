"""How soon a take is on thousands of sockets: from the press, which a device sends over HTTP, to its frame."""

import asyncio
import gc
import time

import msgspec

from server.auth.keys import Keys
from server.folder.files import ADMIN_FILE
from tests.bench.delay import Seen, percentile
from tests.bench.feed import Line
from tests.bench.meter import Lag
from tests.bench.screens import LAG_MS_MAX, SAMPLE, TRIES, following, gaps
from tests.worlds.process import Serving

OUTPUT = "hall"
SCENES = ("standby", "live")
P99_MS_MAX = 150
"""From the press to 5,000 sockets."""
PRESS_EVERY_S = 1.0
"""A second press within 800 ms is refused."""
KEY_IN_FORCE_S = 10.0
"""A running server honours a new key within 2 s."""


class Takes(msgspec.Struct, frozen=True, kw_only=True):
    """Takes that were put on air, and the delays of their frames at the sampled screens."""

    screens: int
    sampled: int
    takes: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    answered_p50_ms: float
    lag_ms: float
    is_void: bool
    faults: tuple[str, ...]


class Desk:
    """A device that steers the hall, each press over a connection that stands ready."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = (
            f"POST /api/v1/outputs/{OUTPUT}/take HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
            f"authorization: Bearer {key}\r\ncontent-type: application/json\r\n"
        )

    async def take(self, scene: str) -> tuple[int, float, float]:
        """Press; returns the status of the answer, when it was pressed and when answered, in ms since the epoch."""
        body = msgspec.json.encode({"scene": scene, "settings": {}})
        line = await Line.open(self._port)
        try:
            pressed_ms = time.time_ns() / 1e6
            answer = await line.ask(f"{self._head}content-length: {len(body)}\r\n\r\n".encode() + body)
            return answer.status, pressed_ms, time.time_ns() / 1e6
        finally:
            line.close()

    async def ready(self) -> None:
        """Return when the server knows the key: with the first take.

        Raises:
            TimeoutError: If it does not within KEY_IN_FORCE_S.
        """
        async with asyncio.timeout(KEY_IN_FORCE_S):
            while (await self.take(SCENES[0]))[0] != 200:  # noqa: ASYNC110 - the server tells nobody when it has read it
                await asyncio.sleep(PRESS_EVERY_S / 2)
        await asyncio.sleep(PRESS_EVERY_S)


async def taking(serving: Serving, screens: int, takes: int, sample: int = SAMPLE) -> Takes:
    """Have screens follow what is on air in the hall, and put scenes there."""
    key = Keys(serving.data / ADMIN_FILE).add("bench", OUTPUT)
    desk = Desk(serving.port, key)
    await desk.ready()
    lag = Lag()
    watching = asyncio.create_task(lag.watch())
    async with following(serving.port, screens, sample=sample, topic=f"program/{OUTPUT}") as audience:
        gc.collect()
        gc.freeze()
        for _ in range(TRIES):
            audience.clear()
            lag.clear()
            presses: list[float] = []
            answers: list[float] = []
            wrong: list[str] = []
            for number in range(takes):
                status, pressed_ms, answered_ms = await desk.take(SCENES[(number + 1) % len(SCENES)])
                if status != 200:
                    wrong.append(f"take {number + 1} was answered {status}")
                presses.append(pressed_ms)
                answers.append(answered_ms - pressed_ms)
                await asyncio.sleep(PRESS_EVERY_S)
            if lag.max_ms <= LAG_MS_MAX:
                break
        seqs = {seen[-1][1] for seen in audience.seen if seen}
        head = max(seqs, default=0)
        wrong += gaps(await audience.settled(head), screens, head)
        delays = spread(presses, audience.seen)
        if missing := takes * len(audience.sample) - len(delays):
            wrong.append(f"{missing} frames of takes never came")
    watching.cancel()
    made = Takes(
        screens=screens,
        sampled=len(audience.sample),
        takes=takes,
        p50_ms=round(percentile(delays, 0.5), 1),
        p99_ms=round(percentile(delays, 0.99), 1),
        max_ms=round(percentile(delays, 1), 1),
        answered_p50_ms=round(percentile(sorted(answers), 0.5), 1),
        lag_ms=round(lag.max_ms, 1),
        is_void=lag.max_ms > LAG_MS_MAX,
        faults=(),
    )
    return msgspec.structs.replace(made, faults=(*wrong, *missed(made)))


def spread(presses: list[float], screens: list[list[Seen]]) -> list[float]:
    """All delays of presses at screens (what each has seen), sorted: the nth frame behind the first press is that of
    the nth."""
    return sorted(at_ms - pressed_ms for seen in screens for pressed_ms, (at_ms, _) in zip(presses, seen, strict=False))


def missed(one: Takes) -> list[str]:
    """Where takes come too late, or why they say nothing; empty if all is well."""
    if one.is_void:
        return [f"{one.screens:,} screens of a program: the load lagged {one.lag_ms} ms"]
    if one.p99_ms > P99_MS_MAX:
        return [f"a take reaches {one.screens:,} screens with a p99 of {one.p99_ms} ms, expected {P99_MS_MAX} ms"]
    return []
