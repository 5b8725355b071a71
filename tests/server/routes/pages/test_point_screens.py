"""The screens of connection points: for all to look at, of their output, and none where there is no point."""

import re

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.control.asked import TakeAsked
from streaming.program.output import Hand
from tests.worlds.apps import take

PATH = "/points/P1D1X1"


def test_a_point_follows_its_output_or_the_one_that_is_asked_for(app: App, client: TestClient) -> None:
    take(app.state.live, [("P1D1X1", "completed", None)])
    outputs = app.state.outputs
    asked = TakeAsked(scene="standings", seen=outputs.of("hall").version)
    outputs.steer("hall", Hand("account:1"), asked)
    assert 'data-name="standings"' in client.get(PATH, params={"frame": "1"}).text
    page = client.get(PATH, params={"frame": "1", "out": "hall", "lang": "en"}).text
    assert '"output":"hall"' in page
    assert '<html lang="en">' in page
    assert client.get(PATH, params={"frame": "1", "out": "tv9"}).status_code == 404


def test_its_shell_passes_on_that_it_shows_its_own_numbers(client: TestClient) -> None:
    shell = client.get(PATH, params={"own": "1", "lang": "en", "key": "k"})
    assert 'src="/points/P1D1X1?lang=en&amp;own=1&amp;frame=1"' in shell.text
    assert shell.headers["content-encoding"] == "gzip"
    assert "set-cookie" not in shell.headers


@pytest.mark.parametrize("code", ["nope", "%3Cscript%3E", "P1D1X1x"])
def test_there_is_none_where_there_is_no_point(client: TestClient, code: str) -> None:
    assert client.get(f"/points/{code}").status_code == 404
    screen = client.get(f"/points/{code}", params={"frame": "1"})
    assert screen.status_code == 404
    # A shell shows it, and looks for the screen again.
    assert 'meta name="made"' in screen.text


def test_a_point_s_own_numbers_come_as_a_scene(client: TestClient) -> None:
    own = client.get("/scenes/unit", params={"out": "points", "unit": "P1D1X1"}).text
    assert 'data-topic="unit/P1D1X1"' in own
    assert 'data-take=""' in own
    other = client.get("/scenes/unit", params={"out": "points", "unit": "nope"})
    assert 'data-topic="unit/P1"' in other.text


def test_the_texts_of_its_page_are_kept_by_the_browser(client: TestClient) -> None:
    path = re.findall(r'src="(/words/[^"]+)"', client.get(PATH, params={"frame": "1"}).text)[0]
    words = client.get(path)
    assert words.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert words.headers["content-type"].startswith("text/javascript")
    assert words.text.startswith("self.diemCauTexts={")
    assert client.get(path.replace("/words/", "/words/0")).status_code == 404
