"""Points' sockets: asked every 2 s, heard by whatever comes, and no other socket is asked more often than before."""

from pathlib import Path
from typing import Any, cast

from server.live.presence import LOOK_S, PING_S, Presence
from server.net.websocket import PING_FRAME, Socket
from tests.worlds.apps import LEAF, UNIT, app_of
from tests.worlds.roles import asked_by_point, shown_by_point
from tests.worlds.serving import frame_of, serving

import websockets  # isort: skip

from server.app import starlette_of  # isort: skip


class Line:
    """A socket in memory that answers each ping, or not."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.has_spoken = self.is_paused = False
        self.is_open = True
        self.waiting_bytes = 0
        self.pings = 0

    def write(self, frame: bytes) -> None:
        assert frame == PING_FRAME
        self.pings += 1
        self.has_spoken = self.answers


def presence(*lines: Line) -> tuple[Presence, list[str]]:
    made, heard = Presence(), list[str]()
    made.hear = heard.append
    for number, line in enumerate(lines):
        made.admit(f"p{number}", cast("Socket", line))
    heard.clear()
    return made, heard


def looks(made: Presence, s: float) -> None:
    for _ in range(round(s / LOOK_S)):
        made.look()


def test_a_socket_is_asked_every_two_seconds_and_heard_when_it_answers() -> None:
    there, gone = Line(), Line(answers=False)
    made, heard = presence(there, gone)
    looks(made, 10)
    assert (there.pings, gone.pings) == (10 / PING_S, 10 / PING_S)
    assert set(heard) == {"p0"}
    assert len(heard) >= 10 / PING_S - 1
    made.leave(cast("Socket", there))
    looks(made, 4)
    assert (there.pings, len(made)) == (10 / PING_S, 1)


def test_a_full_socket_is_not_asked_and_is_there_while_it_takes_anything() -> None:
    slow = Line()
    slow.is_paused = True
    made, heard = presence(slow)
    for waiting, count in ((9_000, 0), (8_000, 1), (8_000, 1), (8_500, 1), (100, 2)):
        slow.waiting_bytes = waiting
        made.look()
        assert len(heard) == count
    looks(made, 4)
    assert slow.pings == 0


def test_one_that_closes_is_not_written_to() -> None:
    closing = Line()
    closing.is_open = False
    made, _ = presence(closing)
    looks(made, 4)
    assert closing.pings == 0


async def test_a_points_socket_and_its_poll_renew_its_lease_and_nobody_elses_do(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        cookie = shown_by_point(app)["Cookie"]
        headers: dict[str, Any] = {"Cookie": cookie, "Origin": f"http://{host}"}
        address = f"ws://{host}{asked_by_point('/live/board')}"
        async with websockets.connect(f"ws://{host}/live/board", compression=None) as other:
            await frame_of(other)
            assert (len(app.hub.presence), app.state.points.leases.pages) == (0, {})
        async with websockets.connect(address, additional_headers=headers, compression=None) as socket:
            await frame_of(socket)
            assert len(app.hub.presence) == 1
            assert app.state.points.leases.pages.keys() == {UNIT}
        assert LEAF not in app.state.points.leases.pages
