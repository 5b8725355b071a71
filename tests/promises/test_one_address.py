"""All points of a province behind one address: their keys spare them its bounds, whoever else sits behind it."""

import asyncio
import json
from pathlib import Path

import pytest
import websockets

from server.app import starlette_of
from streaming.contests.contest import shipped_contest
from tests.worlds.apps import app_of
from tests.worlds.roles import asked_by_point, shown_by_point
from tests.worlds.serving import frame_of, serving, until
from tests.worlds.whole import sized

STRANGERS = 3
POINTS_AT_ONCE = 25
"""Points that open at once; all of them with --whole."""


async def test_every_point_is_let_in_and_listed_where_strangers_have_filled_its_address(tmp_path: Path) -> None:
    app = app_of(
        tmp_path, contest=shipped_contest(), sockets_per_address_max=STRANGERS, handshakes_per_s=10_000, now_ms=_wall_ms
    )
    places = [unit.code for unit in app.folder.contest.tree if unit.place]
    assert len(places) == 205
    points = sized(places[:POINTS_AT_ONCE], whole=places)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        origin = {"Origin": f"http://{host}"}
        strangers = [await websockets.connect(f"ws://{host}/live/board", proxy=None) for _ in range(STRANGERS)]
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(f"ws://{host}/live/board", proxy=None)
        assert refusal.value.response.status_code == 503

        async def open_(unit: str) -> websockets.ClientConnection:
            path = asked_by_point("/live/points", unit)
            headers = origin | shown_by_point(app, unit)
            socket = await websockets.connect(f"ws://{host}{path}", additional_headers=headers, proxy=None)
            assert (await frame_of(socket))["topic"] == "points"
            said = {"type": "screen", "id": unit.rjust(24, "0"), "window": "w" * 24, "path": f"/points/{unit}"}
            await socket.send(json.dumps(said))
            return socket

        sockets = await asyncio.gather(*(open_(unit) for unit in points))
        await until(lambda: len(app.screens) == len(points))
        assert {screen.by for screen in app.screens} == {f"point:{unit}" for unit in points}
        for socket in (*sockets, *strangers):
            await socket.close()


def _wall_ms() -> int:
    return 1_662_600_000_000
