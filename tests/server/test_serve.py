"""`serve` as a process lives it: it ends when a task of it dies, and leaves the port and the folder."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import connect

from server import logs
from server.app import App
from server.commands.serve import address_of, bound, run
from server.protocol import INBOUND_BYTES_MAX
from server.settings import Settings
from server.state import State
from streaming.contest import load_contest
from streaming.errors import DiemCauError
from tests.server.apps import FOUR_LEVELS
from tests.server.process import served


class Dying(App):
    """An app one task of which fails as soon as the server runs."""

    def _runs(self, state: State) -> list[tuple[str, Coroutine[Any, Any, object]]]:
        async def die() -> None:
            raise ZeroDivisionError("the tick failed")

        return [*super()._runs(state), ("canary", die())]


def test_a_task_that_dies_ends_the_server_with_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "set_up", lambda: None)
    settings = Settings(data=tmp_path / "data", contest=FOUR_LEVELS, port=0)
    listener = bound(settings.host, settings.port)
    with capture_logs() as said, pytest.raises(DiemCauError, match="stopped because its canary ended; the log says"):
        run(settings, load_contest(FOUR_LEVELS), lambda _url: None, listener, Dying)
    died = [each for each in said if each["event"] == "task died"]
    assert [(each["task"], each["log_level"]) for each in died] == [("canary", "critical")]
    again = App(settings, load_contest(FOUR_LEVELS), lambda: 0, lambda _name: None)
    again.open()
    again.close()


def test_a_port_is_held_from_the_start_and_let_go_at_the_end() -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of("0.0.0.0", listener) == f"http://127.0.0.1:{port}"  # noqa: S104 - nothing binds to it
        with pytest.raises(DiemCauError, match=f"port {port} on 127.0.0.1: Address already in use, choose another"):
            bound("127.0.0.1", port)
    bound("127.0.0.1", port).close()


def test_its_sockets_are_not_compressed_and_take_four_kib(tmp_path: Path) -> None:
    with served(tmp_path / "data") as server:
        url = f"ws://127.0.0.1:{server.port}/live/board"
        # This client offers permessage-deflate unless it is told not to.
        with connect(url) as screen:
            assert screen.protocol.extensions == []
            assert screen.response is not None
            assert "Sec-WebSocket-Extensions" not in screen.response.headers
            screen.send("x" * INBOUND_BYTES_MAX)
            screen.send("x" * (INBOUND_BYTES_MAX + 1))
            with pytest.raises(ConnectionClosed) as closed:
                list(screen)
    assert INBOUND_BYTES_MAX == 4_096
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.MESSAGE_TOO_BIG


def test_sigterm_ends_it_well_and_the_log_has_no_query(tmp_path: Path) -> None:
    with served(tmp_path / "data") as server:
        secret = server.secret()
        server.get("/api/v1/standings?parent=02")
        server.get("/live/board?token=hunter2", authorization=f"Bearer {secret}")
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
        assert server.stop() == 0
        log = server.log_path.read_text()
    assert "hunter2" not in log
    assert "whsec_" not in log
    assert "parent=02" not in log
    assert "Traceback" not in log
