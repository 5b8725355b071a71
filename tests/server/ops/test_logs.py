"""The log of a real server in its own process: who came and went, and nothing that must not be read."""

import json
import logging
import socket
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from server.ops.logs import hide_secrets, quieten, without_secrets
from tests.suite import ROOT
from tests.worlds.serving import WAIT_S

CANARY = "canary7f3a"


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """What the server logged while good and bad clients came, each with a canary."""
    command = [sys.executable, "-m", "tests.worlds.loud_server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout is not None
        play(f"127.0.0.1:{int(server.stdout.readline())}")
        _, log = server.communicate(timeout=WAIT_S * 2)
    assert server.returncode == 0
    return [json.loads(line) for line in log.splitlines()]


def play(address: str) -> None:
    secret = {"Authorization": f"Bearer {CANARY}", "Cookie": f"session={CANARY}"}
    with connect(f"ws://{address}/live/board?token={CANARY}&seq=1", additional_headers=secret) as screen:
        screen.recv()
        for _ in range(5):
            screen.send(f"hello {CANARY}")
    for path, headers in ((f"live/none?{CANARY}", secret), (f"live/board?{CANARY}", {"Origin": f"http://{CANARY}"})):
        with pytest.raises(InvalidStatus):
            connect(f"ws://{address}/{path}", additional_headers=headers)
    for _ in range(3):
        with connect(f"ws://{address}/live/board") as screen:
            screen.send(b"\xff\xfe" + CANARY.encode(), text=True)
            with pytest.raises(ConnectionClosed):
                [screen.recv() for _ in range(2)]
    for path in ("live/board", "fail", "none"):
        httpx2.get(f"http://{address}/{path}?token={CANARY}", headers=secret, trust_env=False)
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as raw:
        raw.sendall(f"GET /{CANARY} nonsense\r\n\r\n".encode())
        raw.recv(1000)


def test_no_line_has_a_secret_a_query_or_a_message(lines: list[dict[str, Any]]) -> None:
    assert not [line for line in lines if CANARY in json.dumps(line)]


def test_each_socket_has_one_line_at_open_and_one_at_close(lines: list[dict[str, Any]]) -> None:
    opened = [line for line in lines if line["event"] == "socket opened"]
    closed = [line for line in lines if line["event"] == "socket closed"]
    assert len(opened) == len(closed) == 4
    assert {line["topic"] for line in opened + closed} == {"board"}
    assert all(isinstance(line["open_s"], float) for line in closed)
    assert [line["code"] for line in closed].count(1007) == 3


def test_broken_text_writes_no_line_but_that_of_the_close(lines: list[dict[str, Any]]) -> None:
    assert not [line for line in lines if "UTF-8" in line["event"]]


def test_a_refused_socket_is_no_error_of_the_server(lines: list[dict[str, Any]]) -> None:
    assert [line["event"] for line in lines if line["level"] == "error"] == ["Exception in ASGI application\n"]


def test_an_unforeseen_error_has_its_traceback(lines: list[dict[str, Any]]) -> None:
    failed = [line for line in lines if "RuntimeError" in line.get("exception", "")]
    assert len(failed) == 1
    assert "in fail" in failed[0]["exception"]


def test_there_is_nothing_but_what_has_a_meaning(lines: list[dict[str, Any]]) -> None:
    assert {line["event"] for line in lines if line["logger"] != "uvicorn.error"} == {
        "socket opened",
        "socket closed",
        "refused",
    }
    assert len(lines) < 25
    assert all(line.keys() >= {"timestamp", "level", "event", "logger"} for line in lines)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /live/board?epoch=1&seq=2 HTTP/1.1", "GET /live/board HTTP/1.1"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ("secret whsec_liveAbc+/= refused", "secret [hidden] refused"),
        ("ws://host/live/board?key=dck_a-b_C&seq=1 refused", "ws://host/live/board refused"),
        ("screen key dck_a-b_C, refused", "screen key [hidden], refused"),
        ("control key dcc_a-b_C, refused", "control key [hidden], refused"),
        ("/presenter#dcp_a-b_C failed", "/presenter#[hidden] failed"),
        ("/control/button#dcb_a-b_C failed", "/control/button#[hidden] failed"),
        ("http://127.0.0.1:8000/welcome/a-b_C failed", "http://127.0.0.1:8000/welcome/[hidden] failed"),
        ("http://127.0.0.1:8000/welcome#a-b_C failed", "http://127.0.0.1:8000/welcome#[hidden] failed"),
        ("Is it? Yes.", "Is it? Yes."),
    ],
)
def test_texts_lose_their_secrets(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_fields_named_as_secrets_are_hidden() -> None:
    event = hide_secrets(None, "info", {"event": "x", "Authorization": "Basic abc", "unit": "024"})
    assert event == {"event": "x", "Authorization": "[hidden]", "unit": "024"}


def test_uvicorn_still_says_what_matters() -> None:
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application\n", None, None)
    assert quieten(record)
