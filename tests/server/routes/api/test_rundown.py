"""The rundown over HTTP: walked through, edited, refused where it cannot be, and kept over a restart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.scenes.scene import Scene
from dashboard.scenes.scenes import BY_NAME
from server.app import App
from server.auth.roles import Role
from server.routes.api.outputs import RUNDOWN_BYTES_MAX
from streaming.contests.contest import load_contest
from streaming.program.names import RUNDOWN
from streaming.program.rundown import ITEMS_MAX
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, client_of
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask

HALL = "/api/v1/outputs/hall"
ITEMS: list[dict[str, Any]] = [
    {"id": "doors", "title": "Đón đại biểu", "scene": "standby", "duration_s": 600},
    {"id": "speech", "title": "Phát biểu khai mạc", "say": "Kính thưa quý vị đại biểu,\ncác đồng chí!"},
    {"id": "numbers", "title": "Số liệu đầu tiên", "scene": "live", "settings": {"lead": "completed"}, "advance_s": 30},
    {"id": "end", "title": "Cảm ơn", "scene": "standby", "arm": True},
]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    return app_with_roles(tmp_path, contest=load_contest(FOUR_LEVELS), now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


class Room:
    """An operator at the hall's output."""

    def __init__(self, client: TestClient, app: App, clock: Clock) -> None:
        self.client, self.app, self.clock = client, app, clock

    def put(self, items: list[Any], *, seen: int | None = None, **fields: Any) -> Any:
        seen = self.app.state.outputs.of("hall").version if seen is None else seen
        body = {"items": items, "seen": seen} | fields
        return ask(self.client, self.app, Role.OPERATOR, "PUT", f"{HALL}/rundown", json=body)

    def do(self, what: str, **body: Any) -> Any:
        self.clock.ms += PRESS_AGAIN_MS
        body = {"seen": self.app.state.outputs.of("hall").version} | body
        return ask(self.client, self.app, Role.OPERATOR, "POST", f"{HALL}/{what}", json=body)

    @property
    def told(self) -> Any:
        return ask(self.client, self.app, Role.VIEWER, "GET", "/live/control/program/hall").json()["state"]

    @property
    def scene(self) -> Any:
        return self.client.get("/live/program/hall").json()["state"]["scene"]


@pytest.fixture
def room(client: TestClient, app: App, clock: Clock) -> Room:
    made = Room(client, app, clock)
    assert made.put(ITEMS, ends_ms=NOW_MS + 3_600_000).status_code == 200
    return made


def test_the_evening_is_walked_through(room: Room) -> None:
    assert room.told["running"]["next"] == "doors"
    assert room.do("next").status_code == 200
    assert room.scene["name"] == "standby"
    take = room.scene["take"]
    assert room.do("next").status_code == 200
    assert (room.scene["take"], room.told["running"]["on"]) == (take, "speech")
    assert room.do("next").status_code == 200
    assert (room.scene["name"], room.scene["settings"]["lead"]) == ("live", "completed")
    refused = room.do("next")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_armed")
    assert room.scene["name"] == "live"
    assert room.do("arm", item="end").status_code == 200
    assert room.do("next").status_code == 200
    assert room.do("next").json()["code"] == "no_item"
    assert room.do("prepare", by=-1).status_code == 200
    assert room.told["running"]["next"] == "end"


def test_what_is_public_tells_nothing_of_what_is_planned(room: Room) -> None:
    before = room.client.get("/live/program/hall").content
    room.do("prepare", by=1)
    room.do("prepare", scene="live", settings={"lead": "completed"})
    room.do("arm", item="end")
    room.do("host", text="Chờ thêm 1 phút")
    room.put(ITEMS[:2])
    assert room.client.get("/live/program/hall").content == before
    told = room.told
    assert (told["preview"]["name"], told["host"]["text"]) == ("live", "Chờ thêm 1 phút")


def test_choosing_by_hand_is_checked_before_it_stands_in_preview(room: Room) -> None:
    assert room.do("prepare", scene="nothing").status_code == 422
    assert room.do("prepare", scene="live", settings={"lead": "x"}).json()["field"] == "settings.lead"
    assert room.do("prepare", scene="standings").json()["code"] == "no_data"
    assert room.do("prepare").json()["field"] == "item"
    assert room.do("prepare", item="end", by=1).json()["field"] == "item"
    assert room.do("prepare", item="nobody").json()["code"] == "no_item"
    assert "preview" not in room.told


def test_the_server_goes_on_by_itself_once(room: Room, clock: Clock) -> None:
    room.do("arm", item="end")
    room.put([ITEMS[2], {"id": "end", "title": "Cảm ơn", "scene": "standby"}])
    room.do("next", item="numbers")
    clock.ms += 29_000
    room.app.state.outputs.look()
    assert room.scene["name"] == "live"
    clock.ms += 1_000
    room.app.state.outputs.look()
    assert (room.scene["name"], room.told["running"]["on"], room.told["on_air"]["by"]) == ("standby", "end", RUNDOWN)
    version = room.told["version"]
    clock.ms += 600_000
    room.app.state.outputs.look()
    assert room.told["version"] == version


def test_a_rehearsal_goes_so_many_times_as_fast_and_what_is_live_as_planned(room: Room, clock: Clock) -> None:
    refused = room.do("rehearse", speed=10)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_rehearsal")
    room.do("store", store="rehearsal")
    refused = room.do("rehearse", speed=11)
    assert (refused.status_code, refused.json()["field"]) == (422, "speed")
    assert room.do("rehearse", speed=True).status_code == 422
    room.put([ITEMS[0], ITEMS[1] | {"advance_s": 60}, ITEMS[3] | {"arm": False}], ends_ms=NOW_MS + 3_600_000)
    assert room.do("rehearse", speed=10).status_code == 200
    running = room.told["running"]
    assert running["tempo"] == {"speed": 10, "plan_ms": NOW_MS + 3_000_000, "at_ms": clock.ms}
    presenter = ask(room.client, room.app, Role.OPERATOR, "GET", "/live/presenter/hall").json()["state"]
    assert presenter["tempo"] == running["tempo"]
    room.do("next", item="speech")
    clock.ms += 6_000
    room.app.state.outputs.look()
    assert (room.told["running"]["on"], room.told["on_air"]["by"]) == ("end", RUNDOWN)
    room.do("store", store="live")
    assert room.told["running"].get("tempo") is None


def test_what_cannot_be_gone_on_to_by_itself_waits_for_a_person(room: Room, clock: Clock) -> None:
    room.do("next", item="numbers")
    clock.ms += 30_000
    room.app.state.outputs.look()
    assert (room.scene["name"], room.told["running"]["advances_at"]) == ("live", None)
    assert room.told["last"]["did"] == "stay"


def test_nothing_follows_a_scene_of_respect_by_itself(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    solemn = Scene("live", BY_NAME["live"].settings, 3_000, BY_NAME["live"].chosen, solemn=True)
    monkeypatch.setitem(room.app.state.outputs.choosing._scenes, "live", solemn)
    room.do("next", item="numbers")
    assert room.told["running"]["advances_at"] is None


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"scene": "vong_loai"}, "items[4].scene"),
        ({"scene": "live", "settings": {"lead": "x"}}, "items[4].settings.lead"),
        ({"scene": "standings", "settings": {"of": "99"}}, "items[4].settings.of"),
        ({"unit": "99999"}, "items[4].unit"),
        ({"settings": {"lead": "x"}}, "items[4].settings"),
        ({"id": "doors"}, "items[4].id"),
        ({"say": "x" * 5_000}, "items[4].say"),
        ({"at_ms": NOW_MS - 1}, "items[4].at_ms"),
        ({"title": ""}, "items[4].title"),
        ({"colour": 1}, "items"),
    ],
)
def test_an_item_that_cannot_be_is_named_and_nothing_changes(room: Room, item: dict[str, Any], field: str) -> None:
    before = room.told["rundown"]
    answer = room.put([*ITEMS, {"id": "more", "title": "Thêm"} | item])
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "wrong_value", field)
    assert room.told["rundown"] == before


def test_too_many_items_and_too_large_a_body(room: Room) -> None:
    many = room.put([{"id": str(n), "title": "x"} for n in range(10_000)])
    assert (many.status_code, many.json()["field"]) == (422, "items")
    assert f"at most {ITEMS_MAX}" in many.json()["detail"]
    assert room.put([{"id": "a", "title": "x", "say": "x" * RUNDOWN_BYTES_MAX}]).status_code == 413


def test_an_item_of_another_contest_waits_to_be_mended_and_keeps_nobody_from_editing(room: Room) -> None:
    output = room.app.state.outputs.of("hall")
    old = output.rundown.items[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(room.app.state.outputs.choosing._scenes, "gone", BY_NAME["standby"])
        assert room.put([*ITEMS, {"id": "old", "title": "Cũ", "scene": "gone"}]).status_code == 200
    assert room.put([{"id": "old", "title": "Cũ", "scene": "gone"}, *ITEMS[1:]]).status_code == 200
    assert room.do("next", item="old").json()["field"] == "scene"
    assert room.put([{"id": "old", "title": "Cũ hơn", "scene": "gone"}]).json()["field"] == "items[0].scene"
    assert old.id == "doors"


def test_a_stale_rundown_is_refused_with_who_changed_it(room: Room) -> None:
    seen = room.told["version"]
    assert room.put(ITEMS[:3], seen=seen).status_code == 200
    refused = room.put(ITEMS[:1], seen=seen)
    assert (refused.status_code, refused.json()["code"], refused.json()["last"]["did"]) == (409, "stale", "rundown")
    shown = ask(room.client, room.app, Role.VIEWER, "GET", f"{HALL}/rundown").json()
    assert [item["id"] for item in shown["items"]] == ["doors", "speech", "numbers"]
    assert shown["version"] == room.told["version"]


def test_the_unit_of_an_item_is_its_scenes(room: Room) -> None:
    parent = room.app.state.shown.contest.tree[LEAF].parent
    items = [{"id": "a", "title": "Xã", "scene": "standings", "unit": parent}]
    assert room.put(items).status_code == 200
    item = room.app.state.outputs.of("hall").rundown.items[0]
    assert room.app.state.outputs.choosing._rundowns.settings(item).keys() == {"of"}


def test_a_rundown_and_its_run_outlive_the_server(tmp_path: Path, clock: Clock) -> None:
    def start(*, is_new: bool) -> App:
        contest = load_contest(FOUR_LEVELS)
        return app_with_roles(tmp_path, is_new=is_new, contest=contest, now_ms=clock, elapsed_ms=clock.elapsed)

    app = start(is_new=True)
    with client_of(app) as client:
        room = Room(client, app, clock)
        room.put(ITEMS)
        room.do("next", item="numbers")
        before = room.told["running"]
    clock.ms += 60_000
    app = start(is_new=False)
    with client_of(app) as client:
        room = Room(client, app, clock)
        assert [item["id"] for item in room.told["rundown"]["items"]] == ["doors", "speech", "numbers", "end"]
        assert room.told["running"] == {**before, "advances_at": None}
        assert room.scene["name"] == "live"


def test_settings_that_are_emptied_are_left_to_the_take_again(room: Room) -> None:
    numbers = ITEMS[2] | {"settings": {"lead": "started"}}
    empties: tuple[dict[str, Any], ...] = ({"settings": {}}, {})
    for empty in empties:
        assert room.put([*ITEMS[:2], numbers]).status_code == 200
        emptied = {name: value for name, value in numbers.items() if name != "settings"} | empty
        assert room.put([*ITEMS[:2], emptied, ITEMS[3]]).status_code == 200
        assert room.app.state.outputs.of("hall").rundown.items[2].settings == {}
    assert room.do("next", item="numbers").status_code == 200
    assert room.scene["settings"]["lead"] == "completed"


def test_a_room_that_is_refused_again_and_again_loses_nothing_of_the_others(room: Room) -> None:
    seen = room.told["version"]
    for number in range(3):
        other = [*ITEMS, {"id": f"more-{number}", "title": "Thêm"}]
        answer = room.put(other)
        assert answer.status_code == 200
        refused = room.put(ITEMS[:1], seen=seen).json()
        assert (refused["code"], refused["last"]["version"]) == ("stale", answer.json()["version"])
        assert [item["id"] for item in room.told["rundown"]["items"]] == [item["id"] for item in other]
        if number < 2:
            # It has read what was said and goes by that, yet the other has been faster once more.
            seen = refused["last"]["version"]
    assert room.put(ITEMS[:1], seen=refused["last"]["version"]).status_code == 200


def test_two_rooms_edit_over_a_kill_that_loses_an_edit_and_neither_writes_over_the_other(
    tmp_path: Path, clock: Clock
) -> None:
    def start(*, is_new: bool) -> App:
        contest = load_contest(FOUR_LEVELS)
        return app_with_roles(tmp_path, is_new=is_new, contest=contest, now_ms=clock, elapsed_ms=clock.elapsed)

    def ids(room: Room) -> list[str]:
        return [item["id"] for item in room.told["rundown"]["items"]]

    app = start(is_new=True)
    with client_of(app) as client:
        room = Room(client, app, clock)
        written = room.put(ITEMS[:2]).json()["version"]
        assert client.portal is not None
        client.portal.call(app.state.kept_outputs.write)
        on_disk = (tmp_path / "admin.db").read_bytes()
        told = room.put(ITEMS[:3]).json()["version"]
        assert told == written + 1
    # The first room was answered; the kill came before the disk had it.
    (tmp_path / "admin.db").write_bytes(on_disk)
    clock.ms += 60_000
    app = start(is_new=False)
    with client_of(app) as client:
        room = Room(client, app, clock)
        assert ids(room) == ["doors", "speech"]
        lost = room.put(ITEMS, seen=told)
        assert (lost.status_code, lost.json()["code"]) == (409, "stale")
        assert ids(room) == ["doors", "speech"]
        # The second room has seen what is there.
        second = room.put(ITEMS[1:3], seen=written)
        assert second.status_code == 200
        for old in (written, told, told + 1):
            assert room.put(ITEMS, seen=old).json()["last"]["version"] == second.json()["version"]
        assert ids(room) == ["speech", "numbers"]
        assert room.put(ITEMS, seen=second.json()["version"]).status_code == 200
