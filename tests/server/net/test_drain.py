"""A stopping server sends its sockets away: who is to come back when."""

import re
from typing import Any, cast

import pytest
import websockets
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from server.auth.keys import KEY_IN_SCOPE
from server.auth.sessions import SESSION_IN_SCOPE
from server.live.hub import RETRY_MS, RETRY_MS_MAX, RETRY_SPREAD_MS, Hub
from server.net.websocket import Socket
from server.routes import live
from tests.suite import ROOT
from tests.worlds.serving import Contest, a_hub, close_code, frame_of, serving
from tests.worlds.wire import Wire


def joined(hub: Hub, stage: Contest, **let_in_by: Any) -> Wire:
    """A socket in memory that follows the board."""
    wire = Wire()
    wire.follower = hub.join(stage.board, cast("Socket", wire), None, None, **let_in_by)
    return wire


def hint_of(wire: Wire) -> int:
    return int(wire.reason.removeprefix("retry_ms="))


async def test_a_stopping_server_spreads_the_return_over_what_the_handshakes_take_and_keys_come_first() -> None:
    stage, hub = Contest(), a_hub(handshakes_per_s=2)
    wires = [joined(hub, stage, key="hall" if number == 19 else None) for number in range(20)]
    await hub.drain(spread_s=0.0)
    hints = [hint_of(wire) for wire in wires]
    assert min(hints) == hints[19] == RETRY_MS
    assert max(hints) == RETRY_MS + 10_000 * 19 // 20
    assert len(set(hints)) == 20


@pytest.mark.parametrize("let_in_by", [{"key": "hall"}, {"session": "digest"}, {"is_known": True}])
async def test_known_screens_come_back_before_the_public(let_in_by: dict[str, Any]) -> None:
    stage, hub = Contest(), a_hub()
    public = [joined(hub, stage) for _ in range(9)]
    known = joined(hub, stage, **let_in_by)
    public += [joined(hub, stage) for _ in range(10)]
    await hub.drain(spread_s=0.0)
    assert hint_of(known) == RETRY_MS
    assert min(map(hint_of, public)) == RETRY_MS + RETRY_SPREAD_MS // 20


async def test_the_screens_of_an_operator_are_known_on_public_topics_too() -> None:
    stage, hub = Contest(), a_hub()
    first: dict[str, Any] = {"x-key": (KEY_IN_SCOPE, "hall"), "x-session": (SESSION_IN_SCOPE, "digest")}

    def known(app: ASGIApp) -> ASGIApp:
        """In place of the guard: put what a header stands for into the scope."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            scope.update(first[name.decode()] for name, _ in scope["headers"] if name.decode() in first)
            await app(scope, receive, send)

        return guarded

    app = Starlette(routes=live.routes(stage.topics.find, hub))
    sockets = []
    async with serving(known(app), hub) as address:
        for headers in ({}, {}, {"x-session": "1"}, {"x-key": "1"}):
            url = f"ws://{address}/live/board"
            sockets.append(await websockets.connect(url, additional_headers=headers, compression=None))
            await frame_of(sockets[-1])
    for socket in sockets:
        await close_code(socket)
    hints = [int((socket.close_reason or "").removeprefix("retry_ms=")) for socket in sockets]
    assert sorted(hints) == [hints[2], hints[3], hints[0], hints[1]]


async def test_the_hint_of_a_slow_door_stays_what_screens_can_read() -> None:
    stage, hub = Contest(), a_hub(handshakes_per_s=1)
    wires = [joined(hub, stage) for _ in range(2_000)]
    await hub.drain(spread_s=0.0)
    hints = [hint_of(wire) for wire in wires]
    assert hints == sorted(set(hints)), "spread as evenly as ever"
    assert 0.999 * RETRY_MS_MAX < max(hints) <= RETRY_MS_MAX
    read = re.search(r"retry_ms=\(\\d\{1,(\d)\}\)", (ROOT / "dashboard/static/js/live/retry.js").read_text())
    assert read is not None
    assert 10 ** int(read[1]) - 1 == RETRY_MS_MAX
