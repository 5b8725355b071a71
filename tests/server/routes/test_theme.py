"""The theme over HTTP: what was checked, below its digest, and the screens that wear it."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from dashboard.theme.theme import theme_of
from server.app import create_app
from server.settings import Settings
from streaming.contests.contest import load_contest, shipped_contest
from tests.worlds.contest_folder import folder

SHIPPED = load_contest(shipped_contest())
STYLE = f"{theme_of(SHIPPED).prefix}/theme.css"


def client(data: Path, contest: Path) -> TestClient:
    settings = Settings(data=data, contest=contest)
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8000")


def test_screens_wear_it_after_our_own_styles_and_desks_do_not(tmp_path: Path) -> None:
    with client(tmp_path, shipped_contest()) as site:
        for path in ("/?frame=1", "/units/024?frame=1"):
            page = site.get(path).text
            assert f'<link rel="stylesheet" href="{STYLE}">' in page
            assert page.rindex('rel="stylesheet"') > page.rindex(".css", 0, page.index(STYLE))
        assert "/theme/" not in site.get("/sign-in").text
        answer = site.get(STYLE)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in answer.headers["cache-control"]
        assert site.get(STYLE.replace("theme.css", "woven.svg")).headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        "/theme/0000000000000000/theme.css",
        f"{theme_of(SHIPPED).prefix}/other.css",
        f"{theme_of(SHIPPED).prefix}/../theme.css",
        f"{theme_of(SHIPPED).prefix}/..%2f..%2funits.csv",
        f"{theme_of(SHIPPED).prefix}/%2e%2e/contest.toml",
        f"{theme_of(SHIPPED).prefix}/scenes/live.html",
        "/theme//theme.css",
    ],
)
def test_nothing_else_is_served(tmp_path: Path, path: str) -> None:
    with client(tmp_path, shipped_contest()) as site:
        assert site.get(path).status_code == 404


def test_with_a_fault_the_screens_are_as_shipped(tmp_path: Path) -> None:
    (tmp_path / "contest" / "theme").mkdir(parents=True)
    (tmp_path / "contest" / "theme" / "theme.css").write_text("@import 'x';")
    with capture_logs() as said, client(tmp_path / "data", folder(tmp_path / "contest")) as site:
        page = site.get("/?frame=1")
        assert page.status_code == 200
        assert "/theme/" not in page.text
    assert "theme/theme.css, row 1: expected one of the rules" in str(said)


def test_a_scene_of_its_own_is_shown_once_it_was_tried_and_another_is_named(tmp_path: Path) -> None:
    scenes = tmp_path / "contest" / "theme" / "scenes"
    scenes.mkdir(parents=True)
    (scenes / "live.html").write_text('<p class="mine">{{ number("completed", of=root) }}</p>')
    (scenes / "vong_loai.html").write_text('<p class="added">{{ title }}</p>')
    (scenes / "trend.html").write_text("{% for i in range(10**9) %}{% endfor %}")
    with capture_logs() as said, client(tmp_path / "data", folder(tmp_path / "contest")) as site:
        page = site.get("/?frame=1&scene=live").text
        assert '<p class="mine"><span class="num"' in page
        assert 'class="lead"' not in page
        assert '<p class="mine">' in site.get("/scenes/live").text
        assert '<p class="added">Cuộc thi thử</p>' in site.get("/?frame=1&scene=vong_loai").text
        assert '<p class="added">' in site.get("/scenes/vong_loai").text
        assert site.get("/scenes/no_such").status_code == 404
        assert 'class="plot"' in site.get("/?frame=1&scene=trend").text
    (told,) = [line for line in said if line["event"] == "theme scene not used"]
    assert "theme/scenes/trend.html, row 1: expected one of the functions" in str(told)
