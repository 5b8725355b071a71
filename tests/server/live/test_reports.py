"""What screens report over their sockets, and the orders that go back over them."""

import json
from typing import Any

import websockets

from server.live.reports import Reports
from server.live.visit import INBOUND_MESSAGES_MAX
from streaming.points.screen import ScreenReport
from streaming.points.screens import LOST_MS, PROBE_MS, STRANGERS_PER_ADDRESS_MAX, Screens
from tests.worlds.serving import NOW_MS, close_code, until
from tests.worlds.show import showing

A, B = "a" * 24, "b" * 24


def said(id_: str = A, **more: Any) -> str:
    return json.dumps({"type": "screen", "id": id_, "window": "w" * 24, "path": "/", **more})


async def told(socket: websockets.ClientConnection) -> dict[str, Any]:
    """The next order."""
    while True:
        message: dict[str, Any] = json.loads(await socket.recv())
        if message["type"] == "order":
            return message


async def test_a_screen_is_there_as_long_as_its_socket_and_hears_orders_over_it() -> None:
    screens = Screens()
    async with showing(reports=Reports(screens, lambda: NOW_MS)) as show:
        async with show.connect() as socket:
            await socket.send(said(scene="live"))
            await until(lambda: len(screens) == 1)
            screens.identify(A, "Sảnh A", NOW_MS, tally=None)
            assert await told(socket) == {"v": 1, "type": "order", "do": "identify", "ms": 8000, "text": "Sảnh A"}
            screens.reload(A, NOW_MS)
            assert await told(socket) == {"v": 1, "type": "order", "do": "reload"}
        [screen] = screens
        await until(lambda: screen.gone_ms is not None)
        assert screens.is_lost(screen, NOW_MS + LOST_MS)


async def test_two_windows_that_say_one_id_are_told_apart() -> None:
    screens, at_ms = Screens(), [NOW_MS]
    reports = Reports(screens, lambda: at_ms[0])
    async with showing(reports=reports) as show, show.connect() as first, show.connect() as second:
        await first.send(said())
        await until(lambda: len(screens) == 1)
        await second.send(said(window="x" * 24))
        assert (await told(second))["do"] == "rest"
        [screen] = screens
        await until(lambda: screen.line.answers)
        at_ms[0] += PROBE_MS
        await second.send(said(window="x" * 24))
        assert (await told(second))["do"] == "other"
        await second.send(said(B, window="x" * 24))
        await until(lambda: len(screens) == 2)


async def test_a_stranger_without_a_place_is_told_to_rest_and_follows_all_the_same() -> None:
    screens = Screens()
    reports = Reports(screens, lambda: NOW_MS)
    for number in range(STRANGERS_PER_ADDRESS_MAX):
        reports.polled(ScreenReport(id=f"{number:024}", window=A, path="/"), "", "127.0.0.1")
    async with showing(reports=reports) as show, show.connect() as socket:
        await socket.send(said())
        assert (await told(socket))["do"] == "rest"
        show.contest.enter()
        while json.loads(await socket.recv())["type"] != "delta":
            pass
    assert screens.find(A) is None


async def test_who_reports_without_end_is_sent_away() -> None:
    async with showing() as show, show.connect() as socket:
        for _ in range(INBOUND_MESSAGES_MAX + 1):
            await socket.send(said())
        assert await close_code(socket) == 4429
