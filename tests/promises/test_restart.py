"""A server that stops and starts again: its screens go on from where they were."""

import shutil
import signal
import socket
import sqlite3
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.net.websocket import CLOSE_DRAINING
from tests.worlds.process import Serving, run, served
from tests.worlds.screen import Screen
from tests.worlds.serving import WAIT_S

AT = "2022-09-09T10:00:00+07:00"


class Line:
    """A screen on a real socket; it comes back with the position it has."""

    def __init__(self, serving: Serving, held: ExitStack, topic: str = "board") -> None:
        self.serving = serving
        self.held = held
        self.topic = topic
        self.screen = Screen()
        self.types: list[str] = []
        self.socket: ClientConnection

    def open(self) -> None:
        position = "" if self.screen.epoch is None else f"?epoch={self.screen.epoch}&seq={self.screen.seq}"
        url = f"ws://127.0.0.1:{self.serving.port}/live/{self.topic}{position}"
        self.socket = self.held.enter_context(connect(url, compression=None))

    def until_seq(self, seq: int) -> None:
        while self.screen.seq is None or self.screen.seq < seq:
            payload = self.socket.recv(timeout=WAIT_S, decode=False)
            frame = msgspec.json.decode(payload, type=dict[str, Any])
            if frame["type"] != "beat":
                self.types.append(frame["type"])
                self.screen.take(payload)
                assert not self.screen.asks_again

    def equals_a_fresh_one(self) -> bool:
        fresh = Screen()
        fresh.take(msgspec.json.encode(self.serving.get(f"/live/{self.topic}")))
        return fresh.shows == self.screen.shows


def send(serving: Serving, secret: str, *ids: str, unit: str = "00688") -> int:
    items = [{"id": id_, "kind": "completed", "unit": unit, "at": AT, "person": id_} for id_ in ids]
    answer = httpx2.post(
        f"{serving.url}/api/v1/participations", json=items, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 200
    seq: int = answer.json()["seq"]
    return seq


def entries(rows: dict[str, list[Any]]) -> dict[str, int]:
    """The entries of the two wards of these tests."""
    return {code: rows[code][2] for code in ("00688", "00691")}


def until_refused(url: str) -> None:
    """Wait until a stopping server takes no new connection; other tries may break off."""
    for _ in range(1_000):
        try:
            httpx2.get(f"{url}/healthz")
        except httpx2.ConnectError:
            return
        except httpx2.TransportError:
            pass
        time.sleep(0.01)
    raise AssertionError("the server goes on taking connections")


def test_after_a_planned_restart_screens_come_back_by_a_delta(tmp_path: Path) -> None:
    with served(tmp_path / "data") as serving, ExitStack() as held:
        secret = serving.secret()
        early, late = Line(serving, held), Line(serving, held)
        early.open()
        early.until_seq(1)
        early.socket.close()
        late.open()
        late.until_seq(send(serving, secret, "a", "b"))
        assert serving.stop() == 0
        assert (tmp_path / "data" / "ledger.checkpoint").exists()
        serving.start()
        for line in (early, late):
            line.types.clear()
            line.open()
        seq = send(serving, secret, "c", unit="00691")
        for line in (early, late):
            line.until_seq(seq)
            assert set(line.types) == {"delta"}
            assert line.equals_a_fresh_one()


def test_a_stopping_server_tells_its_screens_when_to_come_back(tmp_path: Path) -> None:
    with served(tmp_path / "data") as serving, ExitStack() as held:
        line = Line(serving, held)
        line.open()
        line.until_seq(1)
        assert serving.stop() == 0
        with pytest.raises(ConnectionClosed) as closed:
            list(line.socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CLOSE_DRAINING
    assert closed.value.rcvd.reason.startswith("retry_ms=")


def test_after_a_kill_a_screen_that_is_ahead_of_the_checkpoint_misses_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "data") as serving, ExitStack() as held:
        secret = serving.secret()
        send(serving, secret, "a")
        serving.stop()
        serving.start()
        line = Line(serving, held, "unit/024")
        line.open()
        line.until_seq(send(serving, secret, "b", "c"))
        serving.kill()
        serving.start()
        line.types.clear()
        line.open()
        line.until_seq(send(serving, secret, "d"))
        assert line.types == ["delta"]
        assert line.equals_a_fresh_one()


def test_an_older_ledger_put_back_begins_a_new_epoch_by_itself(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "ledger.db"
    with served(data) as serving, ExitStack() as held:
        secret = serving.secret()
        send(serving, secret, "a")
        serving.stop()
        shutil.copy(data / "ledger.db", backup)
        serving.start()
        line = Line(serving, held)
        line.open()
        line.until_seq(send(serving, secret, "b", "c", "d"))
        serving.stop()
        shutil.copy(backup, data / "ledger.db")
        for rest in ("ledger.db-wal", "ledger.db-shm"):
            (data / rest).unlink(missing_ok=True)
        serving.start()
        before = line.screen.epoch
        line.types.clear()
        line.open()
        line.screen.seq = None
        line.until_seq(send(serving, secret, "e"))
        assert line.types[0] == "snapshot"
        assert line.screen.epoch != before
        assert line.equals_a_fresh_one()


def test_a_ledger_that_was_changed_below_its_checkpoint_is_replayed_and_audit_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as serving, ExitStack() as held:
        secret = serving.secret()
        line = Line(serving, held)
        line.open()
        line.until_seq(send(serving, secret, "a", "b"))
        serving.stop()
        connection = sqlite3.connect(data / "ledger.db")
        with connection:
            connection.execute("UPDATE rows SET body = replace(body, '00688', '00691') WHERE id = 'a'")
        connection.close()
        answer = run("audit", "--data", data)
        assert answer.returncode == 1
        assert "DIFFERS  chain: a row up to" in answer.stdout

        epoch, counts = line.screen.epoch, entries(line.screen.rows)
        assert counts == {"00688": 2, "00691": 0}
        serving.start()
        line.types.clear()
        line.open()
        line.until_seq(send(serving, secret, "c"))
        assert line.types[0] == "snapshot"
        assert line.screen.epoch != epoch
        assert entries(line.screen.rows) == {"00688": 2, "00691": 1}, "what the rows say now, and the one that came"
        assert line.equals_a_fresh_one()
        metrics = httpx2.get(f"{serving.url}/metrics").text.splitlines()
        assert 'diemcau_checkpoints_wrong_total{store="live"} 1.0' in metrics


def test_a_participation_in_flight_at_sigterm_is_finished(tmp_path: Path) -> None:
    with served(tmp_path / "data") as serving:
        secret = serving.secret()
        body = msgspec.json.encode({"id": "late", "kind": "completed", "unit": "00688", "at": AT})
        head = (
            f"POST /api/v1/participations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", serving.port), timeout=WAIT_S) as source:
            source.sendall(head + body[:10])
            httpx2.get(f"{serving.url}/healthz")  # By now the server has read what came before.
            assert serving.process is not None
            serving.process.send_signal(signal.SIGTERM)
            until_refused(serving.url)
            source.sendall(body[10:])
            answer = source.recv(1_000)
        assert answer.startswith(b"HTTP/1.1 200")
        assert serving.stop() == 0
        serving.start()
        assert serving.get("/live/board")["rows"]["02"][2] == 1
