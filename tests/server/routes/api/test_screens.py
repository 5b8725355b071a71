"""The registry of screens over HTTP: what screens say by poll, what operators see and order, and who may."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import Role
from server.control.screens import GONE_MAX
from server.errors import AdminUnavailable
from tests.worlds.apps import NOW_MS, app_of, client_of
from tests.worlds.clocks import Clock
from tests.worlds.data_blocks import block
from tests.worlds.people import WRITES
from tests.worlds.roles import TV, app_with_roles, ask

SCREENS = "/api/v1/screens"
A, B = "a" * 24, "b" * 24


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    (data := tmp_path / "data").mkdir(mode=0o700)
    return app_with_roles(data, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        ask(made, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": TV})
        yield made


def said(id_: str = A, **more: Any) -> dict[str, Any]:
    return {"type": "screen", "id": id_, "window": "w" * 24, "path": "/", "out": "hall", **more}


def polls(client: TestClient, report: dict[str, Any] | None = None, query: str = "", **headers: str) -> Any:
    client.cookies.clear()
    given = {**WRITES, "Content-Type": "text/plain", **headers}
    return client.post(f"/live/screen{query}", content=json.dumps(report or said()), headers=given)


def listed(client: TestClient, app: App, who: Role = Role.OPERATOR) -> Any:
    return ask(client, app, who, "GET", SCREENS).json()["screens"]


def post(client: TestClient, app: App, path: str, who: Role = Role.OPERATOR, **body: Any) -> Any:
    return ask(client, app, who, "POST", f"{SCREENS}/{path}", json=body)


def test_what_a_screen_says_is_what_the_room_sees(client: TestClient, app: App) -> None:
    board = app.state.outputs.numbers.board("hall")
    answer = polls(
        client,
        said(
            query="lang=en", scene="live", topic="board", epoch=board.epoch, seq=board.seq, agent="Chrome 86 · Windows",
            width=1920, height=1080, ratio=1.5, offset=-40, bound=12, made=app.made, show="live",
        ),
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"orders": []})
    shown = listed(client, app)[A]
    assert shown.items() >= {
        "role": "hall", "address": "/?lang=en", "scene": "live", "agent": "Chrome 86 · Windows", "link": "poll",
        "size": [1920, 1080, 1.5], "since": NOW_MS, "label": "AAAA",
    }.items()  # fmt: skip
    assert "is_old" not in shown
    frame = ask(client, app, Role.VIEWER, "GET", "/live/screens").json()
    assert frame["columns"] == ["heard", "seq", "behind", "offset", "bound"]
    assert frame["rows"][A] == [NOW_MS, board.seq, 0, -40, 12]
    polls(client, said(made="another-release", topic="board", epoch="another", seq=3))
    assert listed(client, app)[A]["is_old"] is True
    assert ask(client, app, Role.VIEWER, "GET", "/live/screens").json()["rows"][A][:3] == [NOW_MS, 3, None]


def test_a_screen_with_a_key_is_known_and_one_without_is_listed_as_nobodys(client: TestClient, app: App) -> None:
    key = app.keys.add("sanh-a")
    assert polls(client, query=f"?key={key}", Origin="https://tv.example.vn").status_code == 200
    polls(client, said(B))
    assert listed(client, app)[A]["by"] == "screen:sanh-a"
    assert "by" not in listed(client, app)[B]
    for refused in (polls(client, query="?key=wrong"), polls(client, Origin="https://evil.example")):
        assert refused.status_code == 403


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[1]", b'{"type":"screen","id":"<script>"}', b"x" * 4_097])
def test_what_is_no_report_is_refused_and_lists_nothing(client: TestClient, app: App, body: bytes) -> None:
    answer = client.post("/live/screen", content=body, headers=WRITES)
    assert answer.status_code == (413 if len(body) > 4_096 else 422)
    assert listed(client, app) == {}


def test_a_name_and_an_address_are_kept_over_a_restart_and_told_when_it_returns(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir(mode=0o700)
    app = app_with_roles(data)
    with client_of(app) as client:
        polls(client)
        assert post(client, app, A, name=" Sảnh  A ", show="/units/P1D1?lang=en&key=S3cret").status_code == 200
        assert polls(client).json()["orders"] == [{"do": "show", "address": "/units/P1D1?lang=en"}]
        assert polls(client).json()["orders"] == []
    app = app_of(data)
    with client_of(app) as client:
        kept = app.state.registry.shown(NOW_MS)[A]
        assert (kept.name, kept.show, kept.link) == ("Sảnh A", "/units/P1D1?lang=en", None)
        assert polls(client).json()["orders"] == [{"do": "show", "address": "/units/P1D1?lang=en"}]


@pytest.mark.parametrize(
    "show",
    [
        "https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "units/P1D1", "/control",
        "/sign-out", "/units/", "/units/XX", "/units/P1D1/x", "/overlays/nothing", "/overlays/total", "/?out=tv9",
        "/?lang=fr", "/?who=me", "/%2e%2e/control", "/" + "x" * 500, "/\u202eunits/P1D1", "/live/board",
    ],
)  # fmt: skip
def test_an_address_that_no_screen_has_is_refused_and_says_so(client: TestClient, app: App, show: str) -> None:
    polls(client)
    answer = post(client, app, A, show=show)
    assert (answer.status_code, answer.json()["field"]) == (422, "show")
    assert answer.json()["expected"]
    assert polls(client).json()["orders"] == []


def test_an_overlays_window_shows_overlays(client: TestClient, app: App) -> None:
    polls(client, said(path="/overlays/total", query="out=tv1", out="tv1"))
    assert post(client, app, A, show="/").status_code == 422
    assert post(client, app, A, show="/overlays/total?out=tv1&size=huge&nothing=1").status_code == 422
    assert post(client, app, A, show="/overlays/ticker?out=tv1&out=hall").status_code == 422
    assert post(client, app, A, show="/overlays/ticker?out=tv1").status_code == 200


def test_a_director_has_the_screens_of_his_output_alone(client: TestClient, app: App) -> None:
    polls(client)
    polls(client, said(B, query=f"out={TV}", out=TV))
    assert set(listed(client, app, Role.DIRECTOR)) == {B}
    assert set(ask(client, app, Role.DIRECTOR, "GET", f"/live/screens/{TV}").json()["rows"]) == {B}
    assert post(client, app, f"{B}/reload", Role.DIRECTOR).json() == {"count": 1}
    assert post(client, app, "reload", Role.DIRECTOR).json() == {"count": 1}
    assert post(client, app, "reload", Role.DIRECTOR, out="hall").status_code == 403
    bodies: dict[str, dict[str, Any]] = {f"{A}/reload": {}, f"{A}/identify": {}, A: {"name": "x"}}
    for path, body in bodies.items():
        assert post(client, app, path, Role.DIRECTOR, **body).status_code == 404
    for show in ("/", "/points/P1D1"):
        assert post(client, app, B, Role.DIRECTOR, show=show).status_code == 403
    assert post(client, app, B, Role.DIRECTOR, show=f"/?out={TV}&lang=en").status_code == 200


def test_what_somebody_else_holds_is_left_alone(client: TestClient, app: App) -> None:
    polls(client, said(query=f"out={TV}", out=TV))
    polls(client, said(B))
    ask(client, app, Role.DIRECTOR, "POST", f"/api/v1/outputs/{TV}/lock", json={"seen": 1})
    bodies: dict[str, dict[str, Any]] = {A: {"show": "/"}, B: {"show": f"/?out={TV}"}, f"{A}/identify": {}}
    for path, body in bodies.items():
        answer = post(client, app, path, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "locked")
    assert post(client, app, A, name="TV 1").status_code == 200


def test_a_name_is_shown_but_not_on_air(client: TestClient, app: App) -> None:
    polls(client)
    assert post(client, app, f"{A}/identify").json() == {"count": 1}
    assert polls(client).json()["orders"] == [{"do": "identify", "ms": 8000, "text": "AAAA"}]
    version = app.state.outputs.of("hall").version
    ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/tally", json={"on": True, "seen": version})
    app.state.outputs._tallies.tell("hall", on=True)
    answer = post(client, app, f"{A}/identify")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "on_air", "tally")
    assert polls(client).json()["orders"] == []


def test_all_are_told_to_load_themselves_anew(client: TestClient, app: App) -> None:
    for id_ in (A, B):
        polls(client, said(id_))
    assert post(client, app, "reload").json() == {"count": 2}
    assert sorted(polls(client, said(id_)).json()["orders"][0].get("ms", 0) for id_ in (A, B)) == [0, 100]


def test_one_that_is_gone_is_shown_as_gone_until_somebody_forgets_it(
    client: TestClient, app: App, clock: Clock
) -> None:
    polls(client)
    post(client, app, A, name="Sảnh A")
    for _ in range(2):
        clock.ms += 3_600_000
        app.state.registry.look()
    gone = listed(client, app)[A]
    assert (gone["name"], gone["gone"]) == ("Sảnh A", NOW_MS)
    assert post(client, app, f"{A}/reload").json()["code"] == "unknown_screen"
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{SCREENS}/{A}").status_code == 204
    assert listed(client, app) == {}
    assert ask(client, app, Role.OPERATOR, "DELETE", f"{SCREENS}/{A}").status_code == 404


def test_what_cannot_be_written_changes_nothing(client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    polls(client)

    def fail(_kept: object) -> None:
        raise AdminUnavailable("admin.db is read by somebody else")

    monkeypatch.setattr(app.state.kept_screens, "put", fail)
    assert post(client, app, A, name="Sảnh A", show="/units/P1D1").status_code == 503
    assert "name" not in listed(client, app)[A]
    assert polls(client).json()["orders"] == []


def test_positions_begin_anew_once_many_have_come_and_gone(client: TestClient, app: App) -> None:
    registry = app.state.registry
    polls(client)
    topic = registry.find("screens")
    assert topic is not None
    before, position = topic.epoch, topic.seq
    registry._gone = GONE_MAX
    [screen] = registry.screens
    registry.screens.left(screen.line, NOW_MS)
    registry.screens.dismiss(A)
    polls(client, said(B))
    assert registry.find("screens") is topic
    assert topic.epoch != before
    assert topic.after(before, position) == topic.snapshot()
    assert set(topic.rows) == {B}


def test_the_page_has_the_screens_that_whoever_looks_may_see(client: TestClient, app: App) -> None:
    polls(client, said(agent="</script><script>alert(1)</script>"))
    polls(client, said(B, query=f"out={TV}", out=TV))
    seen = {}
    for who in (Role.OPERATOR, Role.VIEWER, Role.DIRECTOR):
        answer = ask(client, app, who, "GET", "/control/screens")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        found = block(answer.text, "screens")
        seen[who] = found["topic"], set(found["first"]["rows"]), found["may_steer"]
    assert seen == {
        Role.OPERATOR: ("screens", {A, B}, True),
        Role.VIEWER: ("screens", {A, B}, False),
        Role.DIRECTOR: (f"screens/{TV}", {B}, True),
    }


@pytest.mark.parametrize("topic", ["screens", "points/P1D1", "control/program/hall", "rehearsal/point/P1D1"])
def test_what_strangers_say_that_they_follow_makes_no_topic_that_is_not_public(
    client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch, topic: str
) -> None:
    looked_up: list[str] = []
    monkeypatch.setattr(app, "find_topic", looked_up.append)
    monkeypatch.setattr(app, "find_numbers", lambda _output, name: looked_up.append(name))
    for out in ("", "hall"):
        assert polls(client, said(topic=topic, out=out, seq=1)).status_code == 200
    assert looked_up == []
    assert polls(client, said(topic="board", out="", seq=1)).status_code == 200
    assert looked_up == ["board"]
