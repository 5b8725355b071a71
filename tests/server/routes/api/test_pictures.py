"""Pictures over HTTP: taken in, named, shown, used and taken away, and what is said of a file that holds none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.ops.backup import back_up
from server.ops.restore import restore
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.data_blocks import block
from tests.worlds.people import WRITES
from tests.worlds.pictures import DRAWING, SCRIPTED, bomb, plain
from tests.worlds.roles import app_with_roles, ask

PICTURES = "/api/v1/pictures"
FILE_BYTES = 20_000


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    (data := tmp_path / "data").mkdir(mode=0o700)
    return app_with_roles(data, now_ms=clock, elapsed_ms=clock.elapsed, picture_bytes_max=FILE_BYTES, pictures_max=2)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def upload(client: TestClient, app: App, body: bytes, name: str = "logo.png", who: Role = Role.OPERATOR) -> Any:
    return ask(client, app, who, "POST", f"{PICTURES}?name={name}", content=body)


def listed(client: TestClient, app: App) -> Any:
    return ask(client, app, Role.VIEWER, "GET", PICTURES).json()["pictures"]


def take(client: TestClient, app: App, **body: Any) -> Any:
    return ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/take", json=body)


def test_a_picture_is_taken_in_and_served_for_ever_as_nothing_but_a_picture(client: TestClient, app: App) -> None:
    answer = upload(client, app, plain(), "Phông khai mạc.png")
    picture = answer.json()
    assert (answer.status_code, picture["name"], picture["used_by"]) == (200, "Phông khai mạc.png", None)
    assert (picture["width"], picture["height"], picture["by"]) == (40, 20, "account:2")
    client.cookies.clear()
    shown = client.get(picture["address"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert len(shown.content) == picture["bytes"]
    for wrong in (f"/pictures/{picture['digest']}.svg", "/pictures/00.png"):
        assert (client.get(wrong).status_code, client.get(wrong).json()["code"]) == (404, "unknown_picture")
    drawing = client.get(upload(client, app, DRAWING, "a.svg").json()["address"])
    assert drawing.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("body", "name", "status", "code"),
    [
        (bytes(FILE_BYTES + 1), "large.png", 413, "too_large"),
        (bytes(40 * 1024 * 1024), "large.png", 413, "too_large"),
        (b"MZ\0\0", "logo.png", 422, "other_kind"),
        (plain("JPEG"), "logo.png", 422, "not_as_named"),
        (bomb(), "bomb.png", 422, "too_many_pixels"),
        (plain()[:40], "half.png", 422, "broken_picture"),
        (SCRIPTED, "logo.svg", 422, "svg"),
        (plain(), "", 422, "wrong_value"),
        (plain(), "a" * 121, 422, "wrong_value"),
    ],
    ids=["large", "40 MB", "EXE", "not as named", "bomb", "half", "script", "no name", "long name"],
)
def test_what_is_wrong_with_a_file_is_told(
    client: TestClient, app: App, body: bytes, name: str, status: int, code: str
) -> None:
    answer = upload(client, app, body, name)
    said = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said["code"] == code
    assert "expected" in said["detail"]
    assert listed(client, app) == []


def test_no_page_of_another_site_uploads(client: TestClient, app: App) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    answer = ask(client, app, Role.OPERATOR, "POST", f"{PICTURES}?name=a.png", content=plain(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert listed(client, app) == []


def test_there_is_room_for_so_many_and_the_same_one_takes_none(client: TestClient, app: App) -> None:
    first, second = (upload(client, app, plain(colour=colour)).json() for colour in ("#ff0000", "#00ff00"))
    full = upload(client, app, plain(colour="#0000ff"))
    assert (full.status_code, full.json()["code"]) == (409, "pictures_full")
    again = upload(client, app, plain(colour="#ff0000"), "another name.png").json()
    assert (again["digest"], again["name"]) == (first["digest"], "another name.png")
    named = ask(client, app, Role.OPERATOR, "POST", f"{PICTURES}/{second['digest']}", json={"name": " Lá  cờ "}).json()
    assert named["name"] == "Lá cờ"
    assert {each["name"] for each in listed(client, app)} == {"another name.png", "Lá cờ"}
    gone = ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{first['digest']}")
    assert gone.status_code == 204
    assert client.get(first["address"], headers=WRITES).status_code == 404
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{first['digest']}").status_code == 404
    assert [each["name"] for each in listed(client, app)] == ["Lá cờ"]


def test_a_picture_is_put_on_air_and_stays_while_it_is_there(client: TestClient, app: App, clock: Clock) -> None:
    none = take(client, app, scene="picture", seen=1)
    assert (none.status_code, none.json()["code"], none.json()["value"]) == (409, "no_data", "picture")
    older, newer = (upload(client, app, plain(colour=colour)).json() for colour in ("#ff0000", "#00ff00"))
    missing = take(client, app, scene="picture", settings={"picture": "0" * 32}, seen=1)
    assert (missing.status_code, missing.json()["field"]) == (422, "settings.picture")
    long = take(client, app, scene="picture", settings={"caption": "a" * 121}, seen=1)
    assert (long.status_code, long.json()["field"]) == (422, "settings.caption")
    shows = {"picture": older["digest"], "fit": "cover", "caption": "Chào cờ"}
    assert take(client, app, scene="picture", settings=shows, seen=1).status_code == 200
    page = client.get("/?frame=1").text
    assert f'<img data-needed src="{older["address"]}" width="40" height="20" alt="Chào cờ">' in page
    assert [each["used_by"] for each in listed(client, app) if each["digest"] == older["digest"]] == ["hall"]
    used = ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{older['digest']}")
    assert (used.status_code, used.json()["code"], used.json()["value"]) == (409, "picture_used", "hall")
    clock.ms += PRESS_AGAIN_MS
    assert take(client, app, scene="standby", seen=2).status_code == 200
    clock.ms += PRESS_AGAIN_MS
    # The points follow at once here, so nothing shows it any more.
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{older['digest']}").status_code == 204
    assert [each["digest"] for each in listed(client, app)] == [newer["digest"]]


def test_a_picture_of_a_rundown_stays_until_no_item_shows_it(client: TestClient, app: App) -> None:
    picture = upload(client, app, plain()).json()
    version = app.state.outputs.of("hall").version
    item = {"id": "co", "title": "Chào cờ", "scene": "picture", "settings": {"picture": picture["digest"]}}
    path = "/api/v1/outputs/hall/rundown"
    gone = item | {"settings": {"picture": "0" * 32}}
    refused = ask(client, app, Role.OPERATOR, "PUT", path, json={"items": [gone], "seen": version})
    assert (refused.status_code, refused.json()["field"]) == (422, "items[0].settings.picture")
    planned = ask(client, app, Role.OPERATOR, "PUT", path, json={"items": [item], "seen": version})
    assert planned.status_code == 200
    used = ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{picture['digest']}")
    assert (used.status_code, used.json()["code"]) == (409, "picture_used")
    ask(client, app, Role.OPERATOR, "PUT", path, json={"items": [], "seen": planned.json()["version"]})
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{PICTURES}/{picture['digest']}").status_code == 204


def test_a_backup_has_the_pictures_and_what_shows_one_comes_back_with_it(
    client: TestClient, app: App, tmp_path: Path
) -> None:
    picture = upload(client, app, plain()).json()
    assert take(client, app, scene="picture", seen=1).status_code == 200
    assert client.portal is not None
    client.portal.call(app.state.kept_outputs.write)
    back_up(app.settings.data, tmp_path / "backup.tar", NOW_MS)
    restore(tmp_path / "backup.tar", tmp_path / "again", now_ms=NOW_MS, ends_sessions=False)
    with client_of(app_with_roles(tmp_path / "again", is_new=False)) as restored:
        assert restored.get(picture["address"]).status_code == 200
        assert picture["address"] in restored.get("/?frame=1").text


def test_the_printed_sheet_has_the_addresses_by_which_it_was_reached(client: TestClient, app: App) -> None:
    for lang, title in (("vi", "Tờ hướng dẫn buổi lễ"), ("en", "Sheet of the ceremony")):
        page = ask(client, app, Role.VIEWER, "GET", f"/control/sheet?out=points&lang={lang}").text
        assert title in page
        assert "http://127.0.0.1:8000/?out=points" in page
    assert ask(client, app, Role.VIEWER, "GET", "/control/sheet?out=tv9").status_code == 404


def test_the_page_has_a_form_for_those_who_may_upload(client: TestClient, app: App) -> None:
    upload(client, app, plain())
    page = ask(client, app, Role.OPERATOR, "GET", "/control/pictures").text
    assert "data-upload" in page
    assert [each["name"] for each in block(page, "pictures")["pictures"]] == ["logo.png"]
    assert "data-upload" not in ask(client, app, Role.VIEWER, "GET", "/control/pictures").text
    # The page of an output offers them by their names.
    upload(client, app, plain(colour="#00ff00"), "Cờ.png")
    offered = ask(client, app, Role.OPERATOR, "GET", "/control/program").text
    assert 'data-setting="picture"' in offered
    assert "<span>Cờ.png</span>" in offered
