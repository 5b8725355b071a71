"""The screens: right before any script has run, never blank, never kept; and their static files."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard import static
from dashboard.made import TEMPLATES
from dashboard.scenes.scenes import SCENES
from dashboard.screens import SCREENS
from server.app import App, starlette_of
from server.control.asked import DelayAsked, PanicAsked, StoreAsked, TakeAsked
from server.state import State
from streaming.program.output import Hand
from streaming.topics.frames import Frame
from tests.worlds.apps import NOW_MS, app_of, client_of, take

NAMES = [scene.name for scene in SCENES]

DAY_MS = 86_400_000

FIRST_FRAME = re.compile(r'<script type="application/json" id="first-frame">(.*?)</script>', re.DOTALL)
ADDRESS = re.compile(r'(?:src|href)="(/static/[^"#?]+)"')


def screen(client: TestClient, path: str, **params: str) -> Response:
    """The screen of an address, without the shell that holds it."""
    return client.get(path, params=params | {"frame": "1"})


def first_frame(page: str) -> Frame:
    found = FIRST_FRAME.search(page)
    assert found is not None
    return msgspec.json.decode(found[1], type=Frame)


def test_every_screen_has_its_route_template_and_module(app: App) -> None:
    paths = {getattr(route, "path", None) for route in starlette_of(app).routes}
    for screen in SCREENS:
        assert screen.path in paths
        assert (TEMPLATES / screen.template).is_file()
        assert screen.module in static.files()


@pytest.mark.parametrize(
    ("path", "topic"), [("/", "board"), ("/units/P1", "unit/P1"), ("/units/P1D1X1", "unit/P1D1X1")]
)
def test_a_page_carries_the_state_of_its_moment(app: App, client: TestClient, path: str, topic: str) -> None:
    take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X1", "started", None)])
    response = screen(client, path)
    frame = first_frame(response.text)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert (frame.topic, frame.seq) == (topic, 3)
    assert frame == msgspec.json.decode(app.state.live.topic(topic).snapshot(), type=Frame)


def test_the_first_page_of_a_fresh_store_shows_zeros_not_a_blank(client: TestClient) -> None:
    page = screen(client, "/").text
    frame = first_frame(page)
    assert {cells[2] for cells in frame.rows.values() if cells} == {0}
    assert re.search(r">\s*0\s*<", FIRST_FRAME.sub("", page))


def test_the_screens_follow_the_store_that_the_setting_names(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data", show="rehearsal")
    with client_of(app) as client:
        take(app.state.rehearsal, [("P1D1X1", "completed", None)])
        page = screen(client, "/").text
    frame = first_frame(page)
    assert (frame.topic, frame.rehearsal, frame.rows["VN"]) == ("rehearsal/board", True, frame.rows["VN"])
    assert (frame.rows["VN"] or ())[2] == 1
    assert "SỐ LIỆU GIẢ ĐỊNH" in page.upper()


@pytest.mark.parametrize("path", ["/", "/units/P1"])
def test_a_screen_speaks_the_language_that_is_asked_for(client: TestClient, path: str) -> None:
    assert '<html lang="vi">' in screen(client, path).text
    assert '<html lang="en">' in screen(client, path, lang="en").text
    assert '<html lang="vi">' in screen(client, path, lang="xx").text


def test_a_screen_that_asks_for_no_language_has_the_settings(tmp_path: Path) -> None:
    with client_of(app_of(tmp_path / "data", lang="en")) as client:
        assert '<html lang="en">' in screen(client, "/").text


@pytest.mark.parametrize("path", ["/", "/units/P1"])
def test_figures_of_another_day_are_told_with_their_date_before_any_script_has_run(
    app: App, client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer = {"Authorization": f"Bearer {app.state.sources.add('web')}"}
    assert client.post("/api/v1/participations", json=[], headers=bearer).status_code == 200
    take(app.state.live, [("P1D1X1", "completed", None)])
    monkeypatch.setattr(State, "now_ms", lambda _state: NOW_MS + DAY_MS)
    assert "Số liệu tính đến 8h00 ngày 01/01/2024" in screen(client, path).text


def test_each_scene_is_another_page_and_an_unknown_one_is_the_usual(client: TestClient) -> None:
    pages = {scene: screen(client, "/", scene=scene) for scene in NAMES}
    assert {page.status_code for page in pages.values()} == {200}
    assert len({page.text for page in pages.values()}) == len(NAMES)
    assert screen(client, "/", scene="nope").text == pages[NAMES[0]].text


def test_a_stations_picture_does_not_say_by_itself_that_it_is_live(app: App, client: TestClient) -> None:
    app.state.outputs.add("tv1", Hand("account:1"))
    asked: tuple[dict[str, str], ...] = (
        {},
        {"out": "points"},
        {"out": "tv1"},
        {"out": "tv1", "live": "1"},
        {"out": "tv1", "live": "yes"},
    )
    said = [' no-live"' not in screen(client, "/", **query).text for query in asked]
    assert said == [True, True, False, True, False]


def test_the_shell_hands_on_what_a_wall_asks_for(client: TestClient) -> None:
    shell = client.get("/?safe=8&offset=140px&live=1&key=secret&x=1").text
    assert "safe=8&amp;offset=140px&amp;live=1&amp;frame=1" in shell
    assert "secret" not in shell


def test_an_unknown_unit_gets_a_quiet_page(client: TestClient) -> None:
    for lang, words in (("vi", "Không có trang này"), ("en", "")):
        for response in (client.get("/units/nope", params={"lang": lang}), screen(client, "/units/nope", lang=lang)):
            assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
            assert words in response.text
            assert "nope" not in response.text


def test_every_file_that_a_page_names_is_served_for_ever(client: TestClient) -> None:
    named = {
        address
        for path in ("/", "/?frame=1", "/units/P1?frame=1", "/nope")
        for address in ADDRESS.findall(client.get(path).text)
    }
    assert named
    for address in named:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "immutable" in response.headers["cache-control"], address


def test_plotly_comes_from_the_installed_package_with_the_right_type(client: TestClient) -> None:
    response = client.get(static.url("vendor/plotly.min.js"))
    assert (response.status_code, response.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert b"plotly.js v" in response.content[:200]


@pytest.mark.parametrize(
    "path", ["../page.py", "..%2fpage.py", "%2e%2e/page.py", "js/../../page.py", "/etc/passwd", "%2fetc%2fpasswd", ""]
)
def test_nothing_but_static_files_is_served(client: TestClient, path: str) -> None:
    response = client.get(f"/static/{static.digest()}/{path}")
    assert response.status_code == 404
    assert b"import" not in response.content


def test_a_file_of_another_version_is_not_served(client: TestClient) -> None:
    assert client.get("/static/0123456789abcdef/icon.svg").status_code == 404
    assert client.get(static.url("icon.svg")).status_code == 200


def test_the_big_screen_shows_what_is_on_air_and_another_scene_only_where_it_is_asked_for(
    app: App, client: TestClient
) -> None:
    outputs = app.state.outputs

    def shown(**params: str) -> tuple[str, str]:
        text = screen(client, "/", **params).text
        found: tuple[str, str] = re.findall(r'data-name="(\w+)" data-beat-ms="\d+" data-take="(\d*)"', text)[0]
        return found

    first = outputs.of("hall")
    assert shown() == ("live", str(first.scene.take))
    taken = outputs.steer("hall", Hand("account:1"), TakeAsked(scene="standby", seen=first.version))
    assert shown() == ("standby", str(taken.scene.take)), "no page of before the take is given out"
    assert shown(scene="trend") == ("trend", "")
    assert shown(scene="nonsense") == ("live", "")


def test_a_scene_is_given_as_it_is_on_air_by_its_take_alone(app: App, client: TestClient) -> None:
    outputs = app.state.outputs
    settings = {"lead": msgspec.Raw(b'"completed"'), "steps": msgspec.Raw(b"[3, 7]")}
    taken = outputs.steer("hall", Hand("account:1"), TakeAsked(scene="live", seen=1, settings=settings))
    piece = client.get("/scenes/live", params={"item": str(taken.scene.take)})
    assert piece.status_code == 200
    assert f'data-take="{taken.scene.take}"' in piece.text
    assert "Tổng số lượt thi" in piece.text
    for name, item in (("standby", str(taken.scene.take)), ("live", "1"), ("live", "")):
        assert client.get(f"/scenes/{name}", params={"item": item}).status_code == 404


def data_of(text: str, name: str) -> Any:
    """A data block of a page."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)
    return msgspec.json.decode(found[1]) if found else None


def test_a_page_of_an_output_shows_its_numbers_and_leads_to_pages_of_the_same(app: App, client: TestClient) -> None:
    outputs, hand = app.state.outputs, Hand("account:1")
    outputs.add("tv1", hand)
    outputs.steer("tv1", hand, StoreAsked(store="rehearsal", seen=1))
    outputs.steer("tv1", hand, DelayAsked(delay_ms=8_000, seen=2))
    take(app.state.live, [("P1D1X1", "completed", None)])
    for path, topic in (("/", "board"), ("/units/P1D1", "unit/P1D1")):
        text = screen(client, path, out="tv1").text
        frame = first_frame(text)
        assert (frame.topic, frame.rehearsal, (frame.rows["P1D1"] or ())[2]) == (f"rehearsal/{topic}", True, 0)
        assert [data_of(text, "contest")[key] for key in ("topic", "output")] == [topic, "tv1"]
        assert data_of(text, "showing") == {"store": "rehearsal", "delay_ms": 8_000, "frozen": False}
        assert 'class="rehearsal-mark"' in re.sub("<template.*?</template>", "", text)
        assert "GIẢ ĐỊNH" in client.get(path, params={"out": "tv1"}).text
        links = re.findall(r'href="(/[^"]*|\?[^"]*)"', text.partition("<body")[2])
        assert all("out=tv1" in link for link in links), links
        assert (first_frame(screen(client, path).text).rows["P1D1"] or ())[2] == 1
    assert 'href="/units/P1D1X1?lang=vi&amp;out=tv1"' in text
    plain = screen(client, "/units/P1D1").text
    assert data_of(plain, "contest")["output"] == ""
    assert data_of(plain, "showing") is None
    assert "out=" not in plain.partition("<body")[2]
    for path in ("/", "/units/P1D1", "/scenes/live"):
        assert screen(client, path, out="tv9").status_code == 404


def test_a_scene_that_was_chosen_may_be_shown_over_the_numbers_of_an_output(app: App, client: TestClient) -> None:
    outputs, hand = app.state.outputs, Hand("account:1")
    outputs.add("tv1", hand)
    outputs.steer("tv1", hand, StoreAsked(store="rehearsal", seen=1))
    text = screen(client, "/", out="tv1", scene="trend").text
    assert (first_frame(text).topic, data_of(text, "contest")["output"]) == ("rehearsal/board", "tv1")
    assert data_of(text, "contest")["keys"] == list(NAMES)
    assert 'href="?scene=live&amp;lang=vi&amp;out=tv1"' in text
    assert data_of(screen(client, "/", scene="trend").text, "contest")["output"] == ""


def test_a_picture_that_stands_still_is_painted_as_it_stood(tmp_path: Path) -> None:
    now = [NOW_MS]
    app = app_of(tmp_path / "data", now_ms=lambda: now[0])
    with client_of(app) as client:
        take(app.state.live, [("P1D1X1", "completed", None)])
        outputs, hand = app.state.outputs, Hand("account:1")
        outputs.steer("hall", hand, PanicAsked())
        before = screen(client, "/").text
        now[0] += DAY_MS
        take(app.state.live, [("P1D1X1", "completed", None)])
        app.state.pages.forget()
        assert screen(client, "/").text == before
        assert data_of(before, "showing")["since"] == NOW_MS
