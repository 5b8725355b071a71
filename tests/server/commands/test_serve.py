"""`serve` as a process lives it: it ends when a task of it dies, and leaves the port and the folder."""

import codecs
import gc
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import connect

from server.app import App
from server.commands.serve import GC_THRESHOLDS, address_of, run, settle
from server.net.listening import Found, bound, listening
from server.net.websocket import INBOUND_BYTES_MAX
from server.ops import logs
from server.ops.terminal import PLAIN, plain
from server.settings import Settings
from server.state import State
from streaming.contests.contest import load_contest
from streaming.errors import DiemCauError
from tests.worlds.apps import FOUR_LEVELS
from tests.worlds.process import Serving, served
from tests.worlds.whole import sized


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
    with bound("127.0.0.1", 0) as listeners:
        port = listeners.port
        assert address_of("0.0.0.0", port) == f"http://127.0.0.1:{port}"  # noqa: S104 - nothing binds to it
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


def test_every_address_of_a_name_is_bound_on_one_port() -> None:
    with bound("localhost", 0) as listeners:
        families = {each.family for each in listeners.sockets}
        found = {each[0] for each in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}
        assert families == found & {socket.AF_INET, *([socket.AF_INET6] if has_ipv6() else [])}
        for each in listeners.sockets:
            assert each.getsockname()[1] == listeners.port
            with socket.create_connection(each.getsockname()[:2], timeout=5):
                pass


def test_a_name_of_two_addresses_is_bound_on_both(monkeypatch: pytest.MonkeyPatch) -> None:
    two: list[Found] = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (f"127.0.0.{last}", 0)) for last in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: two)
    with bound("so-lieu", 0) as listeners:
        assert [each.getsockname()[0] for each in listeners.sockets] == ["127.0.0.1", "127.0.0.2"]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_port_that_is_taken_on_one_address_is_taken() -> None:
    here: list[Found] = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (f"127.0.0.{last}", 0)) for last in (1, 2, 1)]
    with listening(here) as listeners:
        assert [each.getsockname()[0] for each in listeners.sockets] == ["127.0.0.1", "127.0.0.2"]
        port = listeners.port
        taken: Found = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.2", port))
        free: Found = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.3", port))
        with pytest.raises(OSError, match="in use"):
            listening([free, taken])
        # And what was bound before is let go again.
        listening([free]).close()


def test_an_address_that_this_machine_lacks_is_left_out_unless_there_is_no_other() -> None:
    lacks: Found = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("203.0.113.7", 0))
    here: Found = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 0))
    with listening([lacks, here]) as listeners:
        assert [each.getsockname()[0] for each in listeners.sockets] == ["127.0.0.1"]
    with pytest.raises(OSError, match="assign requested address"):
        listening([lacks])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_that_end_a_process_end_it_well(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path / "data") as server:
        server.get("/healthz")
        assert server.end(number) == 0
        log = server.log_path.read_text()
    assert "Traceback" not in log


def test_who_is_started_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    server = Serving(tmp_path / "data", prefix=("nohup",))
    server.start()
    try:
        assert server.process is not None
        server.process.send_signal(signal.SIGHUP)
        assert server.get("/healthz")
    finally:
        server.kill()


LOCALES = {
    "ASCII": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ISO-8859-1": {"PYTHONIOENCODING": "iso-8859-1"},
    "POSIX": {"LC_ALL": "POSIX"},
    "ASCII by name": {"PYTHONIOENCODING": "ascii:strict"},
}


@pytest.mark.parametrize("locale", sized([*LOCALES][:2], whole=[*LOCALES]))
def test_it_starts_in_any_locale(tmp_path: Path, locale: str) -> None:
    with served(tmp_path / "data", None, **LOCALES[locale]) as server:
        assert server.get("/healthz")
        assert server.process is not None
        assert server.process.stdout is not None
        lines = [server.process.stdout.readline() for _ in range(5)]
        assert "control room" in lines[4]
        assert server.stop() == 0


def test_letters_that_a_terminal_lacks_lose_their_marks() -> None:
    codecs.register_error(PLAIN, plain)
    said = "Điểm Cầu: “Phòng điều khiển” – số liệu…"
    assert said.encode("ascii", PLAIN).decode() == 'Diem Cau: "Phong dieu khien" - so lieu.'
    assert "Chưa có quản trị viên ☃".encode("iso-8859-1", PLAIN).decode("iso-8859-1") == "Chua có quan tri viên ?"


def test_what_stands_at_the_start_is_out_of_the_collectors_sight_and_later_circles_are_not() -> None:
    thresholds = gc.get_threshold()
    gc.unfreeze()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.isenabled()
        assert gc.get_threshold() == GC_THRESHOLDS
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
