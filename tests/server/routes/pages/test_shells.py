"""The shell of a screen: a small page that holds the screen, keeps its key to itself, and is held by no other site."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from dashboard import inline
from server.app import App
from tests.worlds.apps import app_of, client_of

FRAME = re.compile(r'<iframe src="([^"]+)" title="([^"]*)"></iframe>')


def address_in(text: str) -> str:
    found = FRAME.search(text)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("path", ["/", "/units/P1", "/units/P1D1X1"])
def test_an_address_gives_a_small_page_that_holds_the_screen_without_a_script_too(
    client: TestClient, path: str
) -> None:
    shell = client.get(path)
    assert (shell.status_code, shell.headers["cache-control"]) == (200, "no-store")
    assert "first-frame" not in shell.text
    assert len(shell.text) < 12_000
    address = address_in(shell.text)
    assert address == f"{path}?frame=1"
    assert 'id="first-frame"' in client.get(address).text
    assert inline.source(inline.SHELL) in shell.text


def test_the_screen_is_asked_for_as_the_shell_was_but_without_the_key(client: TestClient) -> None:
    asked = {"scene": "\"><script>&'", "lang": "en", "key": "dck_secret", "frames": "1", "utm_source": "x" * 3_000}
    shell = client.get("/", params=asked).text
    parts = urlsplit(address_in(shell))
    assert dict(parse_qsl(parts.query)) == {"scene": asked["scene"], "lang": "en", "frame": "1"}
    assert len(shell) < 12_000
    assert "dck_secret" not in shell
    assert "<script>&" not in shell
    assert '<html lang="en" ' in shell


def test_a_shell_says_whose_it_is_and_that_numbers_are_made_up(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data", show="rehearsal")) as client:
        name, title = FRAME.findall(client.get("/units/P1D1").text)[0][1], client.get("/").text
    assert re.fullmatch("TỔNG DUYỆT · SỐ LIỆU GIẢ ĐỊNH · .+ · .+", name)
    assert "<title>TỔNG DUYỆT · SỐ LIỆU GIẢ ĐỊNH · " in title


def test_both_say_one_colour_scheme(client: TestClient) -> None:
    for path in ("/", "/?frame=1"):
        assert '<meta name="color-scheme" content="dark">' in client.get(path).text, path


def test_pages_of_our_own_may_hold_a_screen_and_nothing_may_hold_anything_else(client: TestClient) -> None:
    def ancestors(path: str) -> str:
        policy = client.get(path).headers["content-security-policy"]
        return ",".join(re.findall("frame-ancestors ([^;]+)", policy))

    for path in ("/", "/?frame=1", "/units/P1?frame=1", "/units/gone?frame=1"):
        assert ancestors(path) == "'self'", path
    for path in (
        "/sign-in",
        "/control",
        "/control/presenter",
        "/account",
        "/nope",
        "/welcome/x",
        "/live/board",
        "/api/v1/units",
    ):
        assert ancestors(path) == "'none'", path


def test_in_the_place_of_a_screen_that_is_gone_stands_a_quiet_page_that_its_shell_can_show(
    app: App, client: TestClient
) -> None:
    gone = client.get("/units/gone?frame=1")
    assert gone.status_code == 404
    assert f'<meta name="made" content="{app.made}" data-show="live">' in gone.text
    assert "js/pages/gone.js" in gone.text
    assert "<iframe" not in client.get("/units/gone").text
    assert "gone.js" not in client.get("/nope").text


@pytest.mark.parametrize(
    ("asked", "ground"),
    [("", "#061320"), ("alpha", "transparent"), ("00b140", "#00b140"), ("red;}", "#061320"), ("00b14", "#061320")],
)
def test_a_clear_screen_has_the_ground_that_its_address_asks_for(client: TestClient, asked: str, ground: str) -> None:
    assert f"background: {ground};" in client.get("/", params={"bg": asked}).text
