"""Tablets on stage: a link opens them until it is revoked, for its own page and for nothing else."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.pages import stage as pages
from dashboard.words.words import LANGS
from server.app import App
from server.auth.roles import STAGE_PATHS, Role, right_of
from server.auth.tries import TRIES_PER_ADDRESS
from server.folder.admin_file import REFRESH_S
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS, WAIT_S, beside, client_of
from tests.worlds.clocks import Clock
from tests.worlds.people import WRITES
from tests.worlds.roles import app_with_roles, ask
from tests.worlds.stage import Tablet


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> App:
    return app_with_roles(tmp_path_factory.mktemp("stage"), now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


class Hall:
    """An operator at the hall's output."""

    def __init__(self, client: TestClient, app: App, clock: Clock) -> None:
        self.client, self.app, self.clock = client, app, clock

    def do(self, what: str, **body: Any) -> None:
        self.clock.ms += PRESS_AGAIN_MS
        body = {"seen": self.app.state.outputs.of("hall").version} | body
        answer = ask(self.client, self.app, Role.OPERATOR, "POST", f"/api/v1/outputs/hall/{what}", json=body)
        assert answer.status_code == 200, answer.text

    def armed(self) -> int:
        """Put the launch on air, and arm it; until when."""
        self.do("take", scene="launch")
        self.do("arm")
        armed = self.app.state.outputs.of("hall").running.armed
        assert armed is not None
        return armed.until


@pytest.fixture
def hall(client: TestClient, app: App, clock: Clock) -> Hall:
    return Hall(client, app, clock)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_both_languages_have_the_same_texts() -> None:
    assert pages.own("vi").keys() == pages.own("en").keys()
    assert {each for lang in LANGS for each in pages.own(lang) if not pages.own(lang)[each]} == set()


# The link.


@pytest.mark.parametrize("stage", STAGE_PATHS)
def test_a_link_opens_a_page_and_leaves_no_secret_behind(client: TestClient, app: App, stage: Any) -> None:
    tablet = Tablet(client, app, stage)
    opened = tablet.opened
    assert (opened.status_code, opened.headers["location"]) == (303, f"{STAGE_PATHS[stage]}?lang=vi")
    (cookie,) = opened.headers.get_list("set-cookie")
    assert cookie.startswith(f"{app.state.cookies.name('http')}-{stage}={tablet.name}.")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {each.strip() for each in cookie.split(";")}
    assert tablet.key not in cookie
    page = tablet.page()
    assert page.status_code == 200
    assert f'"me":"key:{tablet.name}"' in page.text
    assert tablet.key not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_whoever_only_looks_at_a_link_takes_nothing_and_it_opens_any_number_of_tablets(
    client: TestClient, app: App
) -> None:
    first = Tablet(client, app, "presenter")
    for path in STAGE_PATHS.values():
        looked = beside(client).get(path, headers={"User-Agent": "TelegramBot (like TwitterBot)"})
        assert (looked.status_code, looked.headers.get_list("set-cookie")) == (200, [])
        assert "data-welcome" in looked.text
    second = Tablet(client, app, "presenter", key=first.key)
    for tablet in (first, second, first):
        tablet.name = first.name
        assert tablet.page().text.count(f"key:{first.name}") == 1
        assert tablet.follow("presenter/hall").status_code == 200


def test_a_link_that_is_opened_at_the_other_door_leads_to_its_own_page(client: TestClient, app: App) -> None:
    tablet = Tablet(client, app, "presenter", key=app.keys.add("nut", "hall", stage="button"))
    assert tablet.opened.headers["location"] == "/control/button?lang=vi"
    assert "data-welcome" in tablet.page().text
    assert "stage-button" in tablet.client.get("/control/button").text


def test_a_revoked_link_opens_nothing_and_ends_what_it_has_opened(client: TestClient, app: App) -> None:
    tablet, other = Tablet(client, app, "presenter"), Tablet(client, app, "presenter")
    app.keys.revoke(tablet.name)
    until_s = time.monotonic() + WAIT_S
    while tablet.follow("presenter/hall").status_code == 200:
        assert time.monotonic() < until_s
        time.sleep(REFRESH_S / 5)
    assert (tablet.open().status_code, tablet.open().headers.get_list("set-cookie")) == (403, [])
    assert "data-welcome" in tablet.page().text
    assert code(tablet.follow("presenter/hall")) == (401, "not_signed_in")
    assert other.follow("presenter/hall").status_code == 200


def test_guesses_are_counted_by_address_and_right_ones_are_none(client: TestClient, app: App) -> None:
    right = app.keys.add("mc", "hall", stage="presenter")
    tablet = Tablet(client, app, "presenter", key="dcp_" + "x" * 43, host="10.0.0.8")
    for _ in range(5):
        assert tablet.open(right).status_code == 303
    statuses = {tablet.open().status_code for _ in range(TRIES_PER_ADDRESS - 1)}
    assert statuses == {403}
    refused = [tablet.open() for _ in range(2)][-1]
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert tablet.open(right).status_code == 303, "a guesser behind the hall's address locks no tablet out"
    elsewhere = beside(client, "10.0.0.9")
    form = {"token": right}
    assert elsewhere.post("/presenter", data=form, headers=WRITES, follow_redirects=False).status_code == 303
    assert tablet.page().status_code == 200, "what was opened stays open"


@pytest.mark.parametrize("forged", ["", "{name}", "{name}.{at}.{mac}", "{other}.{at}.{own}", "{name}.{later}.{own}"])
def test_a_forged_pass_is_nobodys(client: TestClient, app: App, forged: str) -> None:
    tablet = Tablet(client, app, "presenter")
    other = Tablet(client, app, "presenter").name
    cookie = f"{app.state.cookies.name('http')}-presenter"
    name, at, own = tablet.client.cookies[cookie].split(".")
    shown = forged.format(name=name, other=other, at=at, later=int(at) + 1, own=own, mac="0" * 32)
    tablet.client.cookies.clear()
    tablet.client.cookies.set(cookie, shown)
    assert "data-welcome" in tablet.page().text
    assert tablet.follow("presenter/hall").status_code == 401


# What it is for.


def test_a_tablet_follows_and_asks_what_its_link_is_for_and_nothing_else(client: TestClient, app: App) -> None:
    presenter, button = Tablet(client, app, "presenter"), Tablet(client, app, "button")
    own = {"presenter": presenter, "button": button}
    for topic in ("presenter/hall", "button/hall", "presenter/points", "button/points", "presenter/tv9", "button/",
                  "control", "watch", "control/program/hall", "point/P1"):  # fmt: skip
        for stage, tablet in own.items():
            allowed = topic == f"{stage}/hall"
            expected = (200, "") if allowed else (403, "no_right")
            assert code(tablet.follow(topic)) == expected, (stage, topic)
    for tablet in own.values():
        assert tablet.follow("program/hall").status_code == 200
        for what in ("take", "next", "arm", "launch", "host", "panic", "lock"):
            assert code(tablet.do(what, text="x", scene="live", seen=1)) == (403, "no_right")
        assert tablet.client.get("/control", follow_redirects=False).status_code == 303
        assert tablet.client.get(f"/api/v1/outputs?as=key:{tablet.name}").status_code == 403
    assert code(presenter.do("press", until=1)) == (403, "no_right")
    assert code(presenter.do("try")) == (403, "no_right")


OPEN_TO = {"button": {"press", "try"}, "presenter": set[str]()}
"""The routes that a tablet may ask beside those for everybody and its own door."""
REFUSED = {303, 401, 403}


@pytest.mark.parametrize("stage", OPEN_TO)
def test_a_tablet_may_ask_no_route_that_is_not_for_it(client: TestClient, app: App, stage: Any) -> None:
    tablet, opened, closed = Tablet(client, app, stage), set[str](), 0
    for route in app.routes():
        if not isinstance(route, Route) or right_of(route.endpoint) is None:
            continue
        path = re.sub(r"\{\w+\}", "99", route.path_format.replace("{output}", "hall"))
        for method in (route.methods or set()) - {"HEAD"}:
            asked = f"{path}?as=key:{tablet.name}"
            if tablet.client.request(method, asked, headers=WRITES, follow_redirects=False).status_code in REFUSED:
                closed += 1
            else:
                opened.add(route.name)
    assert opened == OPEN_TO[stage]
    assert closed > 50


def test_a_pass_counts_for_what_its_page_asks_by_its_name_alone(client: TestClient, app: App) -> None:
    tablet = Tablet(client, app, "presenter")
    for query in ("", "?as=key:khac", "?as=account:1", "?as=nobody"):
        assert tablet.client.get(f"/live/presenter/hall{query}", headers=WRITES).status_code == 401, query
    asked = f"/live/presenter/hall?as=key:{tablet.name}"
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert tablet.client.get(asked, headers=headers).status_code == 403


def test_whoever_is_signed_in_on_the_tablet_stays_who_they_are(client: TestClient, app: App) -> None:
    tablet = Tablet(client, app, "button")
    answer = ask(tablet.client, app, Role.VIEWER, "POST", "/api/v1/outputs/hall/try", json={})
    assert code(answer) == (403, "no_right")


# The button.


def test_the_first_press_of_several_launches_and_the_others_are_told(
    client: TestClient, app: App, hall: Hall, clock: Clock
) -> None:
    tablets = [Tablet(client, app, "button") for _ in range(3)]
    assert code(tablets[0].do("press", until=1)) == (409, "not_armed")
    until = hall.armed()
    assert tablets[0].follow("button/hall").json()["state"]["armed_until"] == until
    pressed_ms = clock.ms
    assert code(tablets[0].do("press", until=until)) == (200, "")
    assert code(tablets[1].do("press", until=until)) == (409, "too_soon")
    clock.ms += PRESS_AGAIN_MS
    assert code(tablets[2].do("press", until=until)) == (409, "launched")
    state = tablets[1].follow("button/hall").json()["state"]
    cue = app.state.outputs.of("hall").cue
    assert cue is not None
    assert (state["launched_at"], state.get("armed_until")) == (cue.at, None)
    assert cue.at < pressed_ms + 1_000
    hall.do("take", scene="live")
    assert tablets[1].follow("button/hall").json()["state"].get("launched_at") is None


def test_a_press_of_another_arming_launches_nothing(client: TestClient, app: App, hall: Hall, clock: Clock) -> None:
    tablet = Tablet(client, app, "button")
    first = hall.armed()
    hall.do("arm", on=False)
    hall.do("arm")
    assert code(tablet.do("press", until=first)) == (409, "not_armed")
    armed = app.state.outputs.of("hall").running.armed
    assert armed is not None
    clock.ms = armed.until
    assert code(tablet.do("press", until=armed.until)) == (409, "not_armed")
    assert app.state.outputs.of("hall").cue is None
    assert code(tablet.do("press")) == (422, "wrong_value")


def test_a_button_is_armed_over_the_launch_alone(client: TestClient, app: App, hall: Hall) -> None:
    tablet = Tablet(client, app, "button")
    hall.armed()
    hall.do("take", scene="standby")
    assert tablet.follow("button/hall").json()["state"].get("armed_until") is None


def test_the_room_hears_that_a_button_was_tried_and_nothing_goes_on_air(
    client: TestClient, app: App, hall: Hall, clock: Clock
) -> None:
    tablet = Tablet(client, app, "button")
    hall.do("take", scene="standby")
    clock.ms += PRESS_AGAIN_MS
    before = app.state.outputs.of("hall")
    assert code(tablet.do("try")) == (200, "")
    after = app.state.outputs.of("hall")
    assert after.tried is not None
    assert (after.tried.by, after.scene, after.cue) == (f"key:{tablet.name}", before.scene, None)
    told = ask(client, app, Role.VIEWER, "GET", "/live/control/program/hall").json()["state"]
    assert told["tried"] == {"by": f"key:{tablet.name}", "at": after.tried.at}
    # An operator's next press has not been forestalled by it.
    answer = ask(
        client, app, Role.OPERATOR, "POST", "/api/v1/outputs/hall/take", json={"scene": "live", "seen": before.version}
    )
    assert code(answer) == (200, "")


def test_a_presenter_is_told_what_the_room_says(client: TestClient, app: App, hall: Hall) -> None:
    tablet = Tablet(client, app, "presenter")
    hall.do("host", text="Chờ thêm 1 phút")
    state = tablet.follow("presenter/hall").json()["state"]
    assert state["host"] == {"at": app.state.outputs.of("hall").host.at, "text": "Chờ thêm 1 phút"}  # type: ignore[union-attr]
    assert "Chờ thêm 1 phút" in tablet.page().text
    hall.do("host", text="")
    assert tablet.follow("presenter/hall").json()["state"].get("host") is None
