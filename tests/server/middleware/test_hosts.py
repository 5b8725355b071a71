"""The names of the server: a request for another is refused before any route, and links are made of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.commands.serve import public_url
from server.errors import SettingsError
from server.middleware.hosts import REMEMBERED_MAX, Hosts
from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.routes import live
from server.settings import Settings, load_settings
from server.web.host_names import name_of, own_names
from server.web.problems import PROBLEM
from tests.worlds.process import served
from tests.worlds.raw import HANDSHAKE, Raw
from tests.worlds.serving import WAIT_S, Contest, a_hub, serving

NAMED = ("so-lieu.example.vn", "xn--s-liu-tsa.example.vn:8443")
MACHINE = "may-chu.tinh.example"

OURS = [
    "so-lieu.example.vn", "so-lieu.example.vn:443", "so-lieu.example.vn:8000", "SO-LIEU.Example.VN",
    "so-lieu.example.vn.", "so-lieu.example.vn.:80",
    "xn--s-liu-tsa.example.vn", "localhost", "LOCALHOST:8000", "localhost.", "a.localhost",
    "127.0.0.1", "127.0.0.1:8000", "10.1.2.3", "[::1]", "[::1]:8000", "[2001:DB8::1]", "x", "may-chu", "may-chu:8000",
    "may-chu.tinh.example", "may-chu.local", "may-chu.lan", "may-chu.home.arpa", "may-chu.internal", "diem_cau",
]  # fmt: skip
NOBODYS = [
    "evil.example", "evil.example:8000", "so-lieu.example.vn.evil.example", "so-lieu.example", "example.vn",
    "a.so-lieu.example.vn", "127.0.0.1.evil.example", "10.1.2.3.nip.io", "localhost.evil.example",
    "may-chu.evil.example", "other.local", "other.tinh.example", "1.2.3", "1.2.3.4.5", "256.1.1.1",
    "xn--s-liu-tsa.example",
]  # fmt: skip
NONE = [
    "", ":80", "a b", "a,b", "so-lieu.example.vn/", "user@so-lieu.example.vn", "[::1", "[1.2.3.4]", "::1", "a..b", "-a",
    "127.0.0.1..", "so-lieu.example.vn:80:80", "so-lieu.example.vn:x", "é.vn", "a" * 300,
]  # fmt: skip


async def page(request: Request) -> Response:
    return PlainTextResponse("page")


@pytest.fixture
async def address() -> AsyncIterator[str]:
    hub = a_hub()
    app = Starlette(
        routes=[Route("/", page), *live.routes(Contest().topics.find, hub)],
        middleware=[Middleware(Hosts, hosts=NAMED, machine=MACHINE)],
    )
    async with serving(app, hub, http=protocol_of(Connections(100))) as made:
        yield made


async def asked(address: str, sent: bytes) -> bytes:
    """What is answered to bytes, up to the end or to the length of the test's patience."""

    host, _, port = address.partition(":")
    client = Raw(*await asyncio.open_connection(host, int(port)))
    client.send(sent)
    async with asyncio.timeout(WAIT_S):
        said = await client.reader.readuntil(b"\r\n\r\n")
    client.writer.transport.abort()
    return said


def status_of(said: bytes) -> int:
    return int(said.split()[1])


async def test_who_is_answered_by_the_name_that_is_asked_for(address: str) -> None:
    expected = {**dict.fromkeys(OURS, 200), **dict.fromkeys(NOBODYS, 421), **dict.fromkeys(NONE, 400)}
    found, sockets = {}, {}
    for host in expected:
        line = b"Host: " + host.encode("latin-1")
        found[host] = status_of(await asked(address, b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n"))
        sockets[host] = status_of(await asked(address, HANDSHAKE.replace(b"Host: x", line)))
    assert found == expected
    assert sockets == {host: 101 if status == 200 else status for host, status in expected.items()}


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://so-lieu.example.vn/", "evil.example", 200),
        ("http://SO-LIEU.example.vn:80", "evil.example", 200),
        ("https://[::1]:8000/?a=b", "evil.example", 200),
        ("http://evil.example/", "so-lieu.example.vn", 421),
        ("http://so-lieu.example.vn@evil.example/", "so-lieu.example.vn", 400),
        ("ftp://so-lieu.example.vn/", "so-lieu.example.vn", 400),
        ("//evil.example/", "so-lieu.example.vn", 404),
    ],
)
async def test_a_target_that_is_a_whole_address_names_the_host(
    address: str, target: str, host: str, status: int
) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"
    assert status_of(await asked(address, head.encode())) == status


async def test_a_socket_whose_target_is_a_whole_address_opens_as_any_other(address: str) -> None:
    sent = HANDSHAKE.replace(b"GET /live", b"GET http://localhost/live").replace(b"Host: x", b"Host: evil.example")
    assert status_of(await asked(address, sent)) == 101


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n", 400),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n", 400),
        (b"GET / HTTP/1.0\r\n", 200),
        (b"GET / HTTP/1.0\r\nHost: evil.example\r\n", 421),
        (b"GET /\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: x\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 80_000 + b"\r\n", 431),
        (b"GET /" + b"a" * 80_000 + b" HTTP/1.1\r\nHost: x\r\n", 431),
        (b"GET /?" + b"&a" * 2_045 + b" HTTP/1.1\r\nHost: x\r\n", 200),
        (b"GET /?" + b"&a" * 2_048 + b" HTTP/1.1\r\nHost: x\r\n", 414),
        (b"GET /units/" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n", 414),
        (b"POST /api/v1/participations?" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", 414),
        (HANDSHAKE.replace(b"board", b"board?" + b"a" * 5_000).removesuffix(b"\r\n"), 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 50_000 + b"\r\n", 200),
    ],
)
async def test_what_no_head_may_be(address: str, head: bytes, status: int) -> None:
    assert status_of(await asked(address, head + b"\r\n")) == status


@pytest.mark.parametrize(
    ("head", "status", "code"),
    [
        (b"hello\r\n", 400, "unreadable"),
        (b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n", 400, "unreadable"),
        (b"GET / HTTP/1.1\r\n", 400, "wrong_host"),
        (b"GET / HTTP/0.9\r\nHost: x\r\n", 400, "http_version"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n", 505, "http_version"),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n", 414, "address_too_long"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 80_000 + b"\r\n", 431, "head_too_large"),
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n", 501, "no_tunnel"),
        (HANDSHAKE.replace(b"Version: 13", b"Version: 8").removesuffix(b"\r\n"), 426, "websocket_version"),
        (HANDSHAKE.removesuffix(b"\r\n") + b"Content-Length: 3\r\n", 400, "unreadable"),
    ],
)
async def test_a_head_that_is_none_of_ours_is_answered_by_a_problem_and_the_connection_closes(
    address: str, head: bytes, status: int, code: str
) -> None:
    host, _, port = address.partition(":")
    client = Raw(*await asyncio.open_connection(host, int(port)))
    client.send(head + b"\r\n")
    async with asyncio.timeout(WAIT_S):
        answer = await client.reader.read()
    client.writer.close()
    lines, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = lines.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in rest)
    told = json.loads(body)
    assert first == f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    assert (headers["content-type"], headers["cache-control"]) == (PROBLEM, "no-store")
    assert int(headers["content-length"]) == len(body)
    assert "close" in headers["connection"].split(", ")
    assert (told["type"], told["title"], told["status"]) == ("about:blank", HTTPStatus(status).phrase, status)
    assert told["code"] == code
    assert told["detail"]


async def test_a_program_is_told_by_a_problem_and_a_person_in_words(address: str) -> None:
    async with httpx2.AsyncClient(trust_env=False, headers={"Host": "evil.example"}) as client:
        told = await client.get(f"http://{address}/live/board")
        said = await client.get(f"http://{address}/")
    assert (told.headers["content-type"], told.json()["code"]) == ("application/problem+json", "unknown_host")
    assert said.text.startswith("Máy chủ này không mang tên")
    assert {told.headers["cache-control"], said.headers["cache-control"]} == {"no-store"}
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(f"ws://{address}/live/board", additional_headers={"Host": "evil.example"})


async def test_spellings_are_remembered_up_to_a_bound() -> None:
    hosts = Hosts(PlainTextResponse("page"), NAMED, MACHINE)
    for port in range(REMEMBERED_MAX + 100):
        assert hosts._objection(f"so-lieu.example.vn:{port}".encode()) is None
    assert len(hosts._remembered) == REMEMBERED_MAX


def test_a_machine_has_the_names_of_its_network() -> None:
    assert own_names("May-Chu.Tinh.Example.") == own_names(MACHINE)
    assert own_names("") == frozenset()
    assert name_of("May-Chu.") == "may-chu"


@pytest.mark.parametrize(
    ("hosts", "proxies", "here", "url"),
    [
        ((), (), "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (("so-lieu.example.vn", "b"), (), "http://127.0.0.1:8000", "http://so-lieu.example.vn:8000"),
        (("so-lieu:81",), (), "http://[::1]:8000", "http://so-lieu:81"),
        (("so-lieu.example.vn",), ("127.0.0.1",), "http://127.0.0.1:8000", "https://so-lieu.example.vn"),
        (("so-lieu.example.vn:8443",), ("127.0.0.1",), "http://127.0.0.1:8000", "https://so-lieu.example.vn:8443"),
    ],
)
def test_links_are_made_of_the_first_name(
    hosts: tuple[str, ...], proxies: tuple[str, ...], here: str, url: str
) -> None:
    assert public_url(Settings(hosts=hosts, proxies=proxies), here) == url


def test_the_setting_takes_names_alone() -> None:
    assert Settings(hosts="So-Lieu.example.vn, số-liệu.example.vn").hosts == (  # type: ignore[arg-type] # as in the environment
        "so-lieu.example.vn", "xn--s-liu-471bsc.example.vn",
    )  # fmt: skip
    for wrong in ("https://so-lieu.example.vn", "so-lieu.example.vn/", "a b", "*.example.vn"):
        with pytest.raises(SettingsError, match=r"--hosts: found .*, expected names as so-lieu.example.vn or"):
            load_settings(None, {"hosts": (wrong,)})


def test_a_server_prints_its_links_by_its_name_and_answers_to_it(tmp_path: Path) -> None:
    with served(tmp_path / "data", DIEMCAU_HOSTS="so-lieu.example.vn") as server:
        assert server.process is not None
        assert server.process.stdout is not None
        lines = [server.process.stdout.readline() for _ in range(5)]
        assert all(f"http://so-lieu.example.vn:{server.port}/" in line for line in lines[2:]), lines
        for host, status in (("so-lieu.example.vn", 200), ("evil.example", 421), ("127.0.0.1", 200)):
            answer = httpx2.get(f"{server.url}/healthz", headers={"Host": host}, trust_env=False)
            assert answer.status_code == status, host
        assert "unknown_host" in server.log_path.read_text()
