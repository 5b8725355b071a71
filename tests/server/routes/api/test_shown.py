"""What an output showed, as a file and as a page, and the marks in it."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from tests.worlds.apps import NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import DEVICE, TV, app_with_roles, ask


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    seconds = count(NOW_MS, 1_000)
    return app_with_roles(tmp_path_factory.mktemp("shown"), elapsed_ms=lambda: next(seconds))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        assert ask(made, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": TV}).status_code == 201
        yield made


def lines(client: TestClient, app: App, output: str = "hall", query: str = "") -> list[dict[str, str]]:
    answer = ask(client, app, Role.VIEWER, "GET", f"/api/v1/outputs/{output}/shown.csv{query}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"].endswith(f'{output}-shown.csv"')
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_tells_changes_and_marks_in_words_with_a_timecode_from_the_last_mark(
    client: TestClient, app: App
) -> None:
    seen = ask(client, app, Role.OPERATOR, "GET", "/api/v1/outputs").json()["outputs"][0]["version"]
    marked = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/mark", json={"text": "=1+1 Máy chính"})
    assert marked.json() == {"version": seen}
    asked = {"scene": "message", "settings": {"heading": "Xin chào"}, "seen": seen}
    assert ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/take", json=asked).status_code == 200
    first, mark, message = lines(client, app)
    assert (first["Thay đổi"], first["Mã thời gian"], first["Người thực hiện"]) == ("Chuyển cảnh", "", "Hệ thống")
    assert (mark["Thay đổi"], mark["Mã thời gian"]) == ("Đánh dấu bắt đầu ghi", "00:00:00")
    assert mark["Ghi chú"] == "'=1+1 Máy chính"
    assert message["Thiết lập"].endswith("Xin chào")
    assert message["Người thực hiện"] == "operator"
    assert message["Số liệu"] == "Thật"
    assert lines(client, app, query="?run=5") == []
    english = ask(client, app, Role.VIEWER, "GET", "/api/v1/outputs/hall/shown.csv?lang=en").text
    assert "Scene" in english


def test_marks_of_one_are_paced_and_asked_again_they_are_one(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_with_roles(tmp_path, now_ms=clock, elapsed_ms=clock.elapsed)
    path, again = "/api/v1/outputs/hall/mark", {"Idempotency-Key": "the same"}
    with client_of(app) as client:
        before = len(app.state.shown_log.rows("hall"))
        answers = [ask(client, app, Role.ADMINISTRATOR, "POST", path, headers=again) for _ in range(9)]
        answers += [ask(client, app, Role.ADMINISTRATOR, "POST", path) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 11 + [429]
        assert (answers[-1].json()["code"], answers[-1].headers["retry-after"]) == ("busy", "1")
        assert ask(client, app, Role.OPERATOR, "POST", path).status_code == 200
        clock.ms += 1_000
        assert ask(client, app, Role.ADMINISTRATOR, "POST", path).status_code == 200
        assert len(app.state.shown_log.rows("hall")) == before + 5


def test_a_device_marks_its_own_output_whoever_holds_it(client: TestClient, app: App) -> None:
    assert ask(client, app, Role.DIRECTOR, "POST", f"/api/v1/outputs/{TV}/lock", json={"seen": 1}).status_code == 200
    for who in (DEVICE, Role.OPERATOR):
        assert ask(client, app, who, "POST", f"/api/v1/outputs/{TV}/mark").status_code == 200
    assert [line["Người thực hiện"] for line in lines(client, app, TV)][-2:] == ["thiết bị companion", "operator"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"text": "a" * 201}, 422), ({"text": "a\nb"}, 422), ({"text": 7}, 422), ({"note": "a"}, 422)],
)
def test_what_is_no_mark_is_refused(client: TestClient, app: App, body: dict[str, object], status: int) -> None:
    answer = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/mark", json=body)
    assert answer.status_code == status


@pytest.mark.parametrize("query", ["?run=now", "?run=-1", f"?run={'9' * 16}", "?other=1"])
def test_what_is_no_run_is_refused(client: TestClient, app: App, query: str) -> None:
    for path in (f"/api/v1/outputs/hall/shown.csv{query}",):
        assert ask(client, app, Role.VIEWER, "GET", path).status_code in {400, 422}


def test_the_page_shows_the_latest_and_the_mark_to_those_who_steer(client: TestClient, app: App) -> None:
    shown = ask(client, app, Role.OPERATOR, "GET", "/control/shown").text
    assert "Đánh dấu bắt đầu ghi" in shown
    assert "data-mark" in shown
    assert "data-mark" not in ask(client, app, Role.VIEWER, "GET", "/control/shown?lang=en").text
    own = ask(client, app, Role.DIRECTOR, "GET", "/control/shown").text
    assert f"/api/v1/outputs/{TV}/shown.csv" in own
    assert "out=hall" not in own
    assert ask(client, app, Role.VIEWER, "GET", "/control/shown?out=nowhere").status_code == 404


def test_overlays_are_told_by_their_names_with_what_they_said(client: TestClient, app: App) -> None:
    url = f"/api/v1/outputs/{TV}/overlays"
    data = {"name": "Nguyễn Văn A", "titles": ["Bí thư", "Chủ tịch"], "capitals": True}
    seen = ask(client, app, Role.DIRECTOR, "GET", url).json()["version"]
    arm = {"overlay": "lower-third", "seen": seen}
    answer = ask(client, app, Role.DIRECTOR, "POST", f"/api/v1/outputs/{TV}/arm", json=arm)
    seen = answer.json()["version"]
    for what, body in (("lower-third/show", {"data": data, "seen": seen}), ("lower-third/hide", {}), ("clear", {})):
        assert ask(client, app, Role.DIRECTOR, "POST", f"{url}/{what}", json=body).status_code == 200
    *_, shown, hidden, cleared = lines(client, app, TV)
    assert shown["Thay đổi"] == "Hiện lớp phủ: Dải chữ"
    assert "Nguyễn Văn A" in shown["Ghi chú"]
    assert "Bí thư; Chủ tịch" in shown["Ghi chú"]
    assert "Tên viết hoa" in shown["Ghi chú"]
    assert hidden["Thay đổi"] == "Ẩn lớp phủ: Dải chữ"
    assert cleared["Thay đổi"] == "Xóa hết lớp phủ"
