"""The pages of overlays: a shell for the playout host, the page, the overlay alone, nothing where there is none."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.control.asked_overlays import HideAsked, ShowAsked
from streaming.contests.contest import load_contest
from streaming.program.names import HALL
from streaming.program.output import Hand
from tests.worlds.apps import FOUR_LEVELS, LEAF, client_of
from tests.worlds.roles import app_with_roles


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder: Path = tmp_path_factory.mktemp("overlays")
    return app_with_roles(folder, contest=load_contest(FOUR_LEVELS))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def test_the_shell_holds_the_page_with_all_that_was_asked_but_the_key(client: TestClient) -> None:
    text = client.get(f"/overlays/lower-third?unit={LEAF}&key=dck_secret&bg=00b140").text
    address = re.search(r'iframe src="([^"]+)"', text)
    assert address is not None
    assert address[1] == f"/overlays/lower-third?unit={LEAF}&amp;bg=00b140&amp;frame=1"
    assert "dck_secret" not in text
    assert "background: #00b140" in text
    assert "SPXGCTemplateDefinition" in text


def test_the_page_shows_what_the_output_shows_and_is_clear(client: TestClient) -> None:
    text = client.get("/overlays/total?frame=1").text
    assert 'class="clear"' in text
    assert re.search(r'<main data-stage class="frame still shown">', text)
    assert 'data-part="number"' in text


def test_the_overlay_alone_is_a_fragment_with_the_settings_asked_for(client: TestClient) -> None:
    text = client.get(f"/overlays/lower-third?piece=1&unit={LEAF}&size=80&position=top-left").text
    assert text.startswith("<section")
    assert 'data-size="80"' in text
    assert f'data-topic="unit/{LEAF}"' in text


@pytest.mark.parametrize("text", ["<b>Nguyễn</b>", "Nguyễn Văn A"])
def test_no_text_of_a_stranger_is_in_a_page_that_is_cached(client: TestClient, app: App, text: str) -> None:
    page = client.get("/overlays/lower-third", params={"frame": "1", "name": text, "titles": text}).text
    assert text not in page
    kept = len(app.state.pages)
    for nth in range(5):
        client.get("/overlays/lower-third", params={"frame": "1", "name": f"{text} {nth}", "unit": f"x{nth}"})
    assert len(app.state.pages) <= kept + 1


@pytest.mark.parametrize("address", ["/overlays/clock", "/overlays/total?out=tv9", "/overlays/total?out=hall%00"])
def test_what_there_is_not_puts_nothing_on_air_and_is_said_in_preview(client: TestClient, address: str) -> None:
    mark = "&" if "?" in address else "?"
    for more in ("", f"{mark}frame=1", f"{mark}piece=1"):
        answer = client.get(address + more)
        assert answer.status_code == 404
        assert not re.sub(r"<head>.*</head>|<[^>]*>", "", answer.text, flags=re.DOTALL).strip()
    assert "overlay-fault" in client.get(f"{address}{mark}preview=1").text


def test_a_picture_of_its_own_goes_by_its_address_whatever_the_output_shows(client: TestClient, app: App) -> None:
    settings = {"unit": msgspec.Raw(msgspec.json.encode(LEAF)), "size": msgspec.Raw(b"50")}
    app.state.outputs.steer(HALL, Hand("account:1"), ShowAsked(overlay="bug", data=settings))
    app.state.outputs.steer(HALL, Hand("account:1"), HideAsked(overlay="bug"))
    assert "still shown" not in client.get("/overlays/bug?frame=1").text
    own = client.get("/overlays/bug?frame=1&own=1&size=80").text
    assert '<main data-stage class="frame still shown">' in own
    assert 'data-size="80"' in own
    assert f'data-topic="unit/{LEAF}"' not in own


def test_a_package_is_of_the_address_that_it_is_asked_for_at(client: TestClient) -> None:
    answer = client.get(f"/overlays/lower-third/ograf.zip?out=hall&unit={LEAF}&key=dck_a&preview=1&own=1&wait=0")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="lower-third-hall.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        text = files.read("graphic.mjs").decode()
        manifest = files.read("lower-third.ograf.json").decode()
    assert f'"http://127.0.0.1:8000/overlays/lower-third?out=hall&unit={LEAF}&key=dck_a&wait=1"' in text
    assert f'"default": "{LEAF}"' in manifest
    assert "dck_a" not in manifest


@pytest.mark.parametrize(
    ("address", "status", "code", "field"),
    [
        ("standings", 404, "no_package", "name"),
        ("total?out=tv9", 404, "unknown_output", "output"),
        ("lower-third?unit=x", 404, "unknown_unit", "unit"),
        ("total?size=900", 400, "wrong_value", "size"),
        ("total?colour=red", 400, "wrong_value", "parameter"),
    ],
)
def test_a_package_of_what_there_is_not_says_what_is_wrong(
    client: TestClient, address: str, status: int, code: str, field: str
) -> None:
    name, _, query = address.partition("?")
    answer = client.get(f"/overlays/{name}/ograf.zip?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)


def test_in_preview_a_page_names_the_parameters_that_cannot_be_used_and_on_air_it_does_not(client: TestClient) -> None:
    wrong = "/overlays/lower-third?frame=1&size=9&unit=nowhere&theme=no&colour=<b>x</b>&bg=red"
    assert "overlay-fault" not in client.get(wrong).text
    told = client.get(f"{wrong}&preview=1").text
    assert re.search(r'<p class="overlay-fault" role="alert">[^<]*: bg, size, theme, unit, …\.</p>', told)
    assert "<b>x</b>" not in told
    assert "overlay-fault" not in client.get("/overlays/total?frame=1&preview=1&bg=alpha").text


def test_a_theme_is_that_of_the_address_and_one_that_is_none_is_the_default(client: TestClient) -> None:
    def sheet(address: str) -> str:
        found = re.search(
            r'href="(/theme/\w+/overlays/\w+\.css)"', client.get(f"/overlays/total?frame=1{address}").text
        )
        assert found is not None
        return found[1]

    assert sheet("").endswith("/deep.css")
    assert sheet("&theme=light").endswith("/light.css")
    assert sheet("&theme=../x") == sheet("")
    answer = client.get(sheet("&theme=light"))
    assert "--plate:" in answer.text
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/overlays/total/ograf.zip?theme=none").json()["field"] == "theme"
    assert client.get("/overlays/total/ograf.zip?theme=light").status_code == 200


def test_its_script_reads_what_its_address_asks_in_vain_and_how_long_a_text_may_be(client: TestClient) -> None:
    text = client.get("/overlays/lower-third?frame=1&size=9&titles=1|2|3|4").text
    found = re.search(r'<script type="application/json" id="contest">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data = msgspec.json.decode(found[1])
    assert data["faults"] == ["size", "titles"]
    assert data["limits"] == {"name": {"chars": 80, "lines": 1}, "titles": {"chars": 120, "lines": 3}}
    assert 'data-faults="rows"' in client.get("/overlays/standings?piece=1&rows=99").text
    assert "data-faults" not in client.get("/overlays/standings?piece=1&rows=3").text


def test_an_overlay_that_there_is_not_is_told_to_who_directs_the_output(client: TestClient, app: App) -> None:
    client.get("/overlays/clock?out=hall")
    client.get("/overlays/clock?out=tv9")
    [fault] = app.state.outputs.renderer_faults.of(HALL)
    assert (fault.renderer, fault.code, fault.what) == ("testclient", "address", "overlay")
