"""A page of another origin that polls with what it has: the preflight, and the tags of what it asks for."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware

from server.middleware.guard import Guard
from server.routes import live
from server.web.conditional import has_it
from tests.worlds.apps import app_of, client_of
from tests.worlds.serving import Contest, a_hub, serving

ALLOWED, OVERLAY, KEY = "https://tv.example.vn", "http://overlay.example", "dck_of-tv1"
ASKS = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}


@pytest.fixture
async def host() -> AsyncIterator[str]:
    hub = a_hub()
    guard = Middleware(Guard, [ALLOWED], {KEY: "tv1"}.get)
    app = Starlette(routes=live.routes(Contest().topics.find, hub), middleware=[guard])
    async with serving(app, hub) as address:
        yield address


async def asked(method: str, url: str, headers: dict[str, str]) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.request(method, url, headers=headers)


@pytest.mark.parametrize(("query", "origin"), [("", ALLOWED), (f"?key={KEY}", OVERLAY), (f"?key={KEY}", ALLOWED)])
async def test_the_preflight_of_whoever_may_read_is_answered(host: str, query: str, origin: str) -> None:
    url = f"http://{host}/live/board{query}"
    answer = await asked("OPTIONS", url, ASKS | {"Origin": origin})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"].split(", ")
    assert answer.headers["access-control-max-age"] == "7200"
    assert {"Origin", "Access-Control-Request-Headers"} <= set(answer.headers["vary"].split(", "))
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-private-network" not in answer.headers
    inside = await asked("OPTIONS", url, ASKS | {"Origin": origin, "Access-Control-Request-Private-Network": "true"})
    assert inside.headers["access-control-allow-private-network"] == "true"
    # What the preflight lets through is answered, and the page may read that nothing is new.
    tag = (await asked("GET", url, {"Origin": origin})).headers["etag"]
    for method in ("GET", "HEAD"):
        again = await asked(method, url, {"Origin": origin, "If-None-Match": tag.removeprefix("W/")})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == origin
        assert "ETag" in again.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("query", "origin", "code"),
    [
        ("", OVERLAY, "foreign_origin"),
        ("", "null", "foreign_origin"),
        ("?key=wrong", OVERLAY, "wrong_key"),
        ("?key=wrong", ALLOWED, "wrong_key"),
        (f"?key={KEY}&key={KEY}", OVERLAY, "wrong_key"),
    ],
)
async def test_nobody_else_is_told_more_than_by_a_get(host: str, query: str, origin: str, code: str) -> None:
    url = f"http://{host}/live/board{query}"
    preflight = await asked("OPTIONS", url, ASKS | {"Origin": origin})
    got = await asked("GET", url, {"Origin": origin})
    for answer in (preflight, got):
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("headers", [{}, {"Origin": ALLOWED}, ASKS])
async def test_what_is_no_preflight_is_asked_of_the_route(host: str, headers: dict[str, str]) -> None:
    answer = await asked("OPTIONS", f"http://{host}/live/board", headers)
    assert answer.status_code == 405


TAG = 'W/"e-7"'


@pytest.mark.parametrize(
    ("given", "has"),
    [
        ([], False),
        ([""], False),
        (['W/"e-7"'], True),
        (['"e-7"'], True),
        (["*"], True),
        ([' "x" ,W/"e-6", "e-7"'], True),
        (['"x"', '"e-7"'], True),
        (['"e-7", W/'], True),
        (['"e-71"'], False),
        (['"xe-7"'], False),
        (["e-7"], False),
        (['"*"', 'W/"*"'], False),
        (['"a,b","e-7,"'], False),
        (['w/"e-7"'], True),
    ],
)
def test_tags_are_compared_weakly_as_a_list(given: list[str], has: bool) -> None:
    headers = Headers(raw=[(b"if-none-match", each.encode()) for each in given])
    assert has_it(headers, TAG) is has


@pytest.mark.parametrize("path", ["/live/board", "/api/v1/units", "/api/v1/standings", "/api/v1/standings?by=rate"])
def test_whoever_has_it_is_told_so_and_a_head_is_the_head_of_a_get(tmp_path: Path, path: str) -> None:
    with client_of(app_of(tmp_path, allowed_origins=(ALLOWED,))) as client:
        got = client.get(path)
        head = client.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
        assert head.headers["content-length"] == got.headers["content-length"]
        plain = {"Accept-Encoding": "identity"}
        length = str(len(client.get(path, headers=plain).content))
        assert client.head(path, headers=plain).headers["content-length"] == length
        for tag in (got.headers["etag"], got.headers["etag"].removeprefix("W/"), "*", f'"x", {got.headers["etag"]}'):
            again = client.get(path, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == got.headers["etag"]
            assert again.headers["cache-control"] == got.headers["cache-control"]
        assert client.get(path, headers={"If-None-Match": '"other"'}).content == got.content


async def test_any_page_may_poll_as_nobody_but_none_from_the_internet_inside(host: str) -> None:
    url = f"http://{host}/live/board?as=nobody"
    asks = ASKS | {"Origin": "null", "Access-Control-Request-Private-Network": "true"}
    answer = await asked("OPTIONS", url, asks)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
    assert "access-control-allow-private-network" not in answer.headers
