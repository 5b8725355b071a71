"""Who may frame, load and read what: over every route, and for paths whose pages come later."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from server.auth.cookies import Cookies
from server.auth.roles import Account, Role, account_in
from server.auth.sessions import Session
from server.middleware.guard import Guard
from server.middleware.policies import OWN, POLICIES, content_security_policy, policy_of
from tests.worlds.apps import app_of, client_of

FRAMED_BY_OUR_OWN = {
    "/",
    "/preview",
    "/units/{code}",
    "/points/{code}",
    "/points/{code}/phone",
    "/points/{code}/test",
    "/points",
    "/points/{code}/enter",
}
OVERLAYS = {"/overlays/{name}", "/overlays/{name}/shim.html", "/overlays/{name}/ograf.zip"}
FRAMED_BY_ANYBODY = ("/overlays/total", "/overlays/total?frame=1", "/embed/map", "/embed/map/x")
FOR_ALL = {
    "/static/{digest}/{path:path}",
    "/theme/{digest}/{name}",
    "/theme/{digest}/overlays/{name}",
    "/logos/{digest}/{name}",
    "/words/{digest}/{name}",
    "/pictures/{digest}.{ext}",
    "/api/v1/feeds/total.{form}",
    "/api/v1/feeds/standings.{form}",
    "/api/v1/feeds/unit.{form}",
}
FOREIGN = {"Origin": "https://newspaper.example", "Sec-Fetch-Site": "cross-site"}
PARAMETER = re.compile(r"\{[^}]*\}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_of(app_of(tmp_path_factory.mktemp("data"))) as client:
        yield client


def ancestors(answer: httpx2.Response) -> str | None:
    found = re.search(r"frame-ancestors ([^;]*)", answer.headers["content-security-policy"])
    return found and found[1]


def test_every_route_has_a_policy_of_its_own_and_keeps_it(client: TestClient, tmp_path: Path) -> None:
    routes = {route.path for route in app_of(tmp_path).routes() if isinstance(route, Route)}
    assert routes >= FRAMED_BY_OUR_OWN | FOR_ALL | OVERLAYS
    for path in sorted(routes):
        assert path[1:].partition("/")[0] in POLICIES, f"{path}: say in server/middleware/policies.py who may frame it"
        for method in ("GET", "POST"):
            answer = client.request(method, PARAMETER.sub("1", path), headers=FOREIGN, follow_redirects=False)
            is_for_all = path in FOR_ALL
            framed = None if path in OVERLAYS else "'self'" if path in FRAMED_BY_OUR_OWN else "'none'"
            assert ancestors(answer) == framed, path
            assert answer.headers.get("access-control-allow-origin") == ("*" if is_for_all else None), path
            resource = "cross-origin" if is_for_all else "same-origin"
            assert answer.headers["cross-origin-resource-policy"] == resource, path
            assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("path", FRAMED_BY_ANYBODY)
def test_pages_abroad_may_be_framed_by_a_file_and_by_anybody(client: TestClient, path: str) -> None:
    answer = client.get(path)
    # Not "*": that stands for no file.
    assert ancestors(answer) is None
    assert "connect-src" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/overlaysx/total",
        "/api/v1/feedsx/total.json",
        "/api/v1/standings",
        "//overlays/total",
        "/Embed/map",
        "/x/embed/",
        "",
    ],
)
def test_what_is_not_in_the_table_is_framed_by_nobody(path: str) -> None:
    assert policy_of(path) == OWN


SESSION = Session(digest="d", account=Account(1, "lan", Role.OPERATOR), seen_ms=0, expires_ms=0)


@pytest.fixture
def told() -> TestClient:
    """A server that tells what it knows of who asks, in whatever browser: one of an operator who is signed in."""
    cookies = Cookies("folder")

    async def tell(request: Request) -> Response:
        account = account_in(request.scope)
        return PlainTextResponse(f"{account and account.name} {request.headers.get('cookie')}")

    guard = Middleware(Guard, find_session=lambda _token: SESSION, cookies=lambda: cookies)
    app = Starlette(routes=[Route("/{path:path}", tell)], middleware=[guard])
    return TestClient(app, cookies={cookies.name("http"): "token"})


@pytest.mark.parametrize(
    "path",
    [
        "/overlays/total",
        "/embed/map",
        "/static/d/x.js",
        "/theme/d/x.css",
        "/live/board?as=nobody",
        "/api/v1/feeds/total.json",
    ],
)
def test_where_everybody_is_nobody_no_cookie_is_read(told: TestClient, path: str) -> None:
    assert told.get(path).text == "None None"


@pytest.mark.parametrize("path", ["/", "/units/1", "/control", "/live/board", "/api/v1/me"])
def test_elsewhere_a_cookie_counts(told: TestClient, path: str) -> None:
    assert told.get(path).text.startswith("lan ")


@pytest.mark.parametrize("host", ["", "a b", "evil; script-src *", "x\r\ny", "[::1]:80;", "a,b", "x" * 300])
def test_a_host_that_is_none_does_not_enter_the_policy(host: str) -> None:
    assert content_security_policy(host) == content_security_policy("")


def test_an_ipv6_host_enters_the_policy() -> None:
    assert content_security_policy("[::1]:8000").endswith("ws://[::1]:8000 wss://[::1]:8000")
