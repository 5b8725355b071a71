"""The doors of connection points: a link or a code opens a point, and nothing else does."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
import structlog
from starlette.testclient import TestClient

from dashboard.pages import point_door as pages
from dashboard.words.words import LANGS
from server.app import App
from server.auth.point_tries import GUESSES_OWN, GUESSES_POINT
from server.auth.points import ALPHABET, shown_code
from server.auth.roles import Role
from server.folder.admin_file import REFRESH_S
from streaming.points.point import points_of
from tests.worlds.apps import LEAF, UNIT, beside, client_of
from tests.worlds.people import WRITES
from tests.worlds.roles import app_with_roles, ask, pass_of

OTHER = "P1D2"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return app_with_roles(tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


class Point:
    """A browser at a point's door, at an address of its own."""

    def __init__(self, client: TestClient, app: App, unit: str = UNIT, host: str = "10.0.0.1") -> None:
        self.app, self.unit, self.client = app, unit, beside(client, host)

    def look(self) -> Any:
        return self.client.get(f"/points/{self.unit}/enter")

    def show(self, shown: str, **fields: str) -> Any:
        """Send the form, as a person or the page's script does."""
        form = {"code": shown, **fields}
        return self.client.post(f"/points/{self.unit}/enter", data=form, headers=WRITES, follow_redirects=False)

    @property
    def generation(self) -> int:
        return next(each.generation for each in self.app.state.point_keys.list() if each.unit == self.unit)

    @property
    def link(self) -> str:
        token = self.app.state.point_keys.token(self.unit, self.generation)
        return f"http://127.0.0.1:8000/points/{self.unit}/enter#{token}"

    @property
    def code(self) -> str:
        return shown_code(self.app.state.point_keys.code(self.unit, self.generation))

    @property
    def wrong_code(self) -> str:
        first = next(char for char in ALPHABET if char != self.code[0])
        return first + self.code[1:]


def test_both_languages_have_the_same_texts() -> None:
    assert pages.own("vi").keys() == pages.own("en").keys()
    assert {each for lang in LANGS for each in pages.own(lang) if not pages.own(lang)[each]} == set()


@pytest.mark.parametrize("way", ["link", "code"])
def test_a_link_and_a_code_give_a_pass_and_leave_no_secret_behind(client: TestClient, app: App, way: str) -> None:
    point = Point(client, app)
    with structlog.testing.capture_logs() as logs:
        opened = point.show(getattr(point, way))
    assert (opened.status_code, opened.headers["location"]) == (303, f"/points/{UNIT}?lang=vi")
    (cookie,) = opened.headers.get_list("set-cookie")
    assert cookie.startswith("=".join(pass_of(app)))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {each.strip() for each in cookie.split(";")}
    told = f"{cookie} {opened.headers['location']} {logs} {point.look().text}"
    for secret in (point.link.partition("#")[2], point.code, point.code.replace("-", "")):
        assert secret not in told
    assert {"event": "point opened", "unit": UNIT, "log_level": "info"} in logs
    assert 'class="ways opened"' in point.look().text


def test_a_phone_is_led_to_its_own_page(client: TestClient, app: App) -> None:
    point = Point(client, app)
    assert point.show(point.link, to="phone").headers["location"] == f"/points/{UNIT}/phone?lang=vi"
    assert point.show(point.link, to="//evil.example").headers["location"] == f"/points/{UNIT}?lang=vi"


def test_whoever_only_looks_takes_nothing_and_a_link_opens_any_number_of_machines(client: TestClient, app: App) -> None:
    looked = beside(client).get(f"/points/{UNIT}/enter", headers={"User-Agent": "ZaloBot"})
    assert (looked.status_code, looked.headers.get_list("set-cookie")) == (200, [])
    assert "Huyện thử 1.1" in looked.text
    machines = [Point(client, app, host=f"10.0.1.{n}") for n in range(3)]
    for machine in (*machines, machines[0]):
        assert machine.show(machine.link).status_code == 303
    for machine in machines:
        assert machine.client.get(f"/live/program/points?as=point:{UNIT}").status_code == 200


def test_a_link_that_is_opened_at_another_points_door_leads_to_its_own(client: TestClient, app: App) -> None:
    point, other = Point(client, app), Point(client, app, OTHER)
    opened = other.show(point.link)
    assert opened.headers["location"] == f"/points/{UNIT}?lang=vi"
    assert opened.headers.get_list("set-cookie")[0].startswith("=".join(pass_of(app)))


def test_one_browser_may_be_several_points(client: TestClient, app: App) -> None:
    point = Point(client, app)
    point.show(point.link)
    point.unit = OTHER
    point.show(point.link)
    for unit in (UNIT, OTHER):
        assert point.client.get(f"/live/program/points?as=point:{unit}").status_code == 200
    assert point.client.get("/live/program/points?as=point:P1").status_code == 401


@pytest.mark.parametrize(
    ("shown", "status", "said"),
    [
        ("", 422, "door_code_form"), ("ABC-DEF", 422, "door_code_form"), ("<b>x</b>", 422, "door_code_form"),
        ("x" * 5_000, 422, "door_code_form"), ("dcu_" + "a" * 32, 403, "door_link_wrong"),
        ("{wrong}", 403, "door_code_wrong"), ("{others}", 403, "door_code_wrong"),
    ],
)  # fmt: skip
def test_what_opens_nothing_is_told_in_words_that_say_what_to_do(
    client: TestClient, app: App, shown: str, status: int, said: str
) -> None:
    point, others = Point(client, app, host=f"10.1.0.{status % 100}"), Point(client, app, OTHER)
    for lang in LANGS:
        typed = shown.format(wrong=point.wrong_code, others=others.code)
        answer = point.client.post(f"/points/{UNIT}/enter?lang={lang}", data={"code": typed}, headers=WRITES)
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (status, [])
        text = pages.own(lang)[said].format(unit="Huyện thử 1.1")
        assert text in answer.text
        assert "<b>x" not in answer.text


@pytest.mark.parametrize("unit", ["nowhere", "CQ", "%3Cb%3E"])
def test_there_is_no_door_where_there_is_no_point(client: TestClient, unit: str) -> None:
    assert client.get(f"/points/{unit}/enter").status_code == 404
    answer = client.post(f"/points/{unit}/enter", data={"code": "BCF234"}, headers=WRITES)
    assert (answer.status_code, "<b>" in answer.text) == (404, False)


def test_the_shortest_address_leads_to_the_door_of_the_unit_that_is_chosen(client: TestClient, app: App) -> None:
    page = client.get("/points")
    tree = app.folder.contest.tree
    assert re.findall('<option value="([^"]+)"', page.text) == [unit.code for unit in points_of(tree)]
    assert re.findall('<optgroup label="([^"]+)"', page.text)[:2] == ["Nước Việt Nam", "Tỉnh thử 1"]
    chosen = client.get(f"/points?unit={UNIT}&lang=en", follow_redirects=False)
    assert (chosen.status_code, chosen.headers["location"]) == (303, f"/points/{UNIT}/enter?lang=en")
    for wrong in ("", "CQ", "//evil.example", "<b>"):
        answer = client.get("/points", params={"unit": wrong}, follow_redirects=False)
        assert (answer.status_code, "<b>" in answer.text) == (404, False)
        assert pages.own("vi")["choice_wrong"] in answer.text


def test_a_door_is_not_opened_by_a_page_of_another_site(client: TestClient, app: App) -> None:
    form = {"code": Point(client, app).code}
    answer = beside(client).post(f"/points/{UNIT}/enter", data=form, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.headers.get_list("set-cookie")) == (403, [])


def test_guesses_end_soon_and_keep_no_other_waiting(client: TestClient, app: App) -> None:
    guesser, neighbour = Point(client, app, host="10.2.0.1"), Point(client, app, OTHER, host="10.2.0.1")
    statuses = [guesser.show(guesser.wrong_code).status_code for _ in range(GUESSES_OWN + 2)]
    assert statuses == [403] * GUESSES_OWN + [429] * 2
    refused = guesser.show(guesser.code)
    assert (refused.status_code, refused.headers.get_list("set-cookie")) == (429, []), "a guess is not even looked at"
    assert 0 < int(refused.headers["retry-after"]) <= 300
    assert neighbour.show(neighbour.code).status_code == 303, "another point behind the address"
    assert guesser.show(guesser.link).status_code == 303, "a link is never kept waiting"
    assert guesser.show("BC").status_code == 422
    far = [Point(client, app, host=f"10.3.0.{n}") for n in range(GUESSES_POINT)]
    assert {point.show(point.wrong_code).status_code for point in far} == {403, 429}
    known = Point(client, app, OTHER, host="10.0.0.1")
    known.show(known.link)
    known.unit = UNIT
    assert known.show(known.code).status_code == 303, "where a point was opened, guessers elsewhere do not count"


def test_a_changed_key_ends_what_it_has_opened(client: TestClient, app: App) -> None:
    point, other = Point(client, app, LEAF), Point(client, app, OTHER)
    link, code = point.link, point.code
    assert point.show(link).status_code == 303
    other.show(other.link)
    app.state.point_keys.rotate(point.unit)
    app.state.point_keys._file._read_at_s -= REFRESH_S
    asked = f"/live/program/points?as=point:{point.unit}"
    assert point.client.get(asked).status_code == 401
    assert point.client.get("/live/program/points").status_code == 200, "what is public stays"
    assert 'class="ways opened"' not in point.look().text
    for shown, said in ((link, "door_link_former"), (code, "door_code_former")):
        answer = point.show(shown)
        assert answer.status_code == 403
        assert pages.own("vi")[said].partition("{")[0] in answer.text
    assert point.show(point.code).status_code == 303
    assert other.client.get(f"/live/program/points?as=point:{OTHER}").status_code == 200


def test_a_pass_counts_for_what_its_page_asks_by_its_name_alone(client: TestClient, app: App) -> None:
    point = Point(client, app)
    point.show(point.link)
    for query in ("", f"?as=point:{OTHER}", "?as=account:1", "?as=nobody", f"?as=point:{UNIT}&as=point:{OTHER}"):
        assert point.client.get(f"/live/points{query}", headers=WRITES).status_code == 401, query
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert point.client.get(f"/live/points?as=point:{UNIT}", headers=headers).status_code == 403


def test_whoever_is_signed_in_at_a_point_stays_who_they_are(client: TestClient, app: App) -> None:
    point = Point(client, app)
    point.show(point.link)
    assert ask(point.client, app, Role.VIEWER, "GET", "/api/v1/me").json()["role"] == "viewer"


def test_the_list_of_all_points_is_made_once_for_all_who_ask(
    client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.state.pages.forget()
    made = Mock(wraps=pages.choice)
    monkeypatch.setattr(pages, "choice", made)
    answers = [client.get("/points", params=asked) for asked in ({}, {}, {"unit": "x"}, {"unit": "y"})]
    assert [each.status_code for each in answers] == [200, 200, 404, 404]
    assert made.call_count == 2
