"""Who may do what, past 350 lines, one for each route: each role, a device, a point and nobody × each route, each topic
and each decision.

They are found from the code's own tables. A route, topic or decision that has no row here fails, and so does a row that
has nothing.
"""

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_origin

import msgspec
import pytest
import websockets
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from server.app import App, starlette_of
from server.auth.roles import KEY_RIGHTS, POINT_KEY_RIGHTS, POINT_PAGES, RIGHTS, Role, right_of
from server.auth.topic_rights import topic_right
from server.middleware.guard import ASKED_AS
from streaming.decisions.kinds import ACTIONS
from tests.worlds.apps import client_of
from tests.worlds.people import shows
from tests.worlds.roles import (
    DEVICE,
    PLACE,
    TV,
    Who,
    a_token,
    app_with_roles,
    ask,
    asked_by_point,
    shown_by_device,
    shown_by_point,
)
from tests.worlds.serving import frame_of, serving

NOBODY = None
EVERYBODY: tuple[Who, ...] = (NOBODY, *Role, DEVICE, PLACE)
LETTERS: dict[str, Who] = {
    "-": NOBODY, "A": Role.ADMINISTRATOR, "O": Role.OPERATOR, "D": Role.DIRECTOR, "P": Role.POINT, "V": Role.VIEWER,
    "K": DEVICE, "C": PLACE,
}  # fmt: skip

ROUTES = """
-AODPVKC POST   /api/v1/participations
-AODPVKC GET    /api/v1/units
-AODPVKC GET    /api/v1/standings
-AODPVKC GET    /api/v1/feeds/total.{form}
-AODPVKC GET    /api/v1/feeds/standings.{form}
-AODPVKC GET    /api/v1/feeds/unit.{form}
-AODPVKC GET    /api/v1/openapi.json
-AODPVKC GET    /live/{topic}
-AODPVKC POST   /live/screen
-AODPVKC OPTIONS /live/{topic}
-AODPVKC SOCKET /live/{topic}
-AODPVKC GET    /healthz
-AODPVKC GET    /readyz
-AODPVKC GET    /metrics
-AODPVKC GET    /static/{digest}/{path}
-AODPVKC GET    /
-AODPVKC GET    /scenes/{name}
-AODPVKC GET    /overlays/{name}
-AODPVKC GET    /overlays/{name}/shim.html
-AODPVKC GET    /overlays/{name}/ograf.zip
.AOD.V.. GET    /preview
-AODPVKC GET    /theme/{digest}/{name}
-AODPVKC GET    /theme/{digest}/overlays/{name}
-AODPVKC GET    /logos/{digest}/{name}
-AODPVKC GET    /pictures/{digest}.{ext}
-AODPVKC GET    /units/{code}
-AODPVKC GET    /points/{code}
-AODPVKC GET    /points/{code}/phone
-AODPVKC GET    /points/{code}/test
-AODPVKC GET    /test
-AODPVKC GET    /words/{digest}/{name}
-AODPVKC GET    /points
-AODPVKC GET    /points/{code}/enter
-AODPVKC POST   /points/{code}/enter
-AODPVKC GET    /sign-in
-AODPVKC POST   /sign-in
-AODPVKC POST   /sign-out
-AODPVKC GET    /welcome
-AODPVKC POST   /welcome
-AODPVKC GET    /welcome/{token}
-AODPVKC GET    /presenter
-AODPVKC POST   /presenter
-AODPVKC GET    /control/button
-AODPVKC POST   /control/button
.AODPV.. GET    /account
.AODPV.. POST   /account/password
.AODPV.. GET    /account/phone
.AODPV.. POST   /account/phone
.AODPV.. POST   /account/phone/off
.AODPV.. POST   /account/sign-out
.AODPV.. GET    /api/v1/me
.AO..V.. GET    /api/v1/control/effect
.AO..V.. GET    /api/v1/control/effect/correction
.AO..... POST   /api/v1/control/decisions
.AO..V.. GET    /api/v1/control/entries
.AOD.VK. GET    /api/v1/outputs
.AO..... POST   /api/v1/outputs
.AO..... DELETE /api/v1/outputs/{output}
.AOD..K. POST   /api/v1/outputs/{output}/take
.AOD..K. POST   /api/v1/outputs/{output}/next
.AOD..K. POST   /api/v1/outputs/{output}/prepare
.AOD..K. POST   /api/v1/outputs/{output}/arm
.AOD..K. POST   /api/v1/outputs/{output}/countdown
.AOD..K. POST   /api/v1/outputs/{output}/host
.AOD..K. POST   /api/v1/outputs/{output}/rehearse
.AOD..K. POST   /api/v1/outputs/{output}/rundown/skip
.AOD..K. POST   /api/v1/outputs/{output}/rundown/hold
.AODV.K. GET    /api/v1/outputs/{output}/rundown
.AOD..K. PUT    /api/v1/outputs/{output}/rundown
.AOD..K. POST   /api/v1/outputs/{output}/standby
.AOD..K. POST   /api/v1/outputs/{output}/back
.AOD..K. POST   /api/v1/outputs/{output}/step
.AOD..K. POST   /api/v1/outputs/{output}/panic
.AOD..K. POST   /api/v1/outputs/{output}/resume
.AOD..K. POST   /api/v1/outputs/{output}/launch
.AOD..K. POST   /api/v1/outputs/{output}/lock
.AOD..K. POST   /api/v1/outputs/{output}/unlock
.AOD..K. POST   /api/v1/outputs/{output}/store
.AOD..K. POST   /api/v1/outputs/{output}/delay
.AOD..K. POST   /api/v1/outputs/{output}/follow
.AOD..K. POST   /api/v1/outputs/{output}/withdraw
.AOD..K. POST   /api/v1/outputs/{output}/restore
.AOD..K. POST   /api/v1/outputs/{output}/tally
.AOD..K. POST   /api/v1/outputs/{output}/overlays/faults/seen
.AO..... POST   /api/v1/outputs/{output}/press
.AO..... POST   /api/v1/outputs/{output}/try
.AOD..K. POST   /api/v1/outputs/{output}/checks
.AOD.VK. GET    /api/v1/outputs/{output}/checks
.AOD..K. POST   /api/v1/outputs/{output}/mark
.AOD.VK. GET    /api/v1/outputs/{output}/overlays
.AOD..K. POST   /api/v1/outputs/{output}/overlays/clear
.AOD..K. POST   /api/v1/outputs/{output}/overlays/frame
.AOD..K. POST   /api/v1/outputs/{output}/overlays/{overlay}/show
.AOD..K. POST   /api/v1/outputs/{output}/overlays/{overlay}/hide
.AOD..K. POST   /api/v1/outputs/{output}/overlays/{overlay}/next
.AOD..K. POST   /api/v1/outputs/{output}/overlays/{overlay}/update
.AOD.VK. GET    /api/v1/outputs/{output}/shown.csv
.AO..V.. GET    /api/v1/outputs/{output}/effect
.AOD.VK. GET    /api/v1/outputs/{output}/rundown.xlsx
.AOD..K. POST   /api/v1/outputs/{output}/rundown.xlsx
.AOD.VK. GET    /api/v1/outputs/{output}/script.docx
.AOD.V.. GET    /api/v1/straps
.AO..... POST   /api/v1/straps
.AO..... POST   /api/v1/straps/{strap}
.AO..... DELETE /api/v1/straps/{strap}
.AO..... POST   /api/v1/straps/{strap}/approve
.AOD.V.. GET    /api/v1/straps.xlsx
.AO..... POST   /api/v1/straps.xlsx
.AO.P... POST   /api/v1/points/bridge
.AO.P... POST   /api/v1/points/bridge/list
.AO.P... POST   /api/v1/points/afresh
.AO.P..C POST   /api/v1/points/{code}
.AO.P... POST   /api/v1/points/{code}/call
.AO..... POST   /api/v1/points/{code}/line
.AO.P... PUT    /api/v1/points/{code}/people
.AOD.V.. GET    /api/v1/screens
.AOD.... POST   /api/v1/screens/reload
.AOD.... POST   /api/v1/screens/{screen}
.AOD.... DELETE /api/v1/screens/{screen}
.AOD.... POST   /api/v1/screens/{screen}/reload
.AOD.... POST   /api/v1/screens/{screen}/identify
.AO..V.. GET    /api/v1/pictures
.AO..... POST   /api/v1/pictures
.AO..... POST   /api/v1/pictures/{digest}
.AO..... DELETE /api/v1/pictures/{digest}
.AO..V.. GET    /control
.AOD.V.. GET    /control/program
.AOD.V.. GET    /control/overlays
.AO..V.. GET    /control/pictures
.AO.PV.. GET    /control/points
.AOD.V.. GET    /control/straps
.AO..V.. GET    /control/sheet
.AO..V.. GET    /control/gate
.AO..V.. GET    /control/sources
.AO..V.. GET    /control/corrections
.AO..V.. GET    /control/evidence
.AO..V.. GET    /control/evidence.csv
.AOD.V.. GET    /control/checks
.AOD.V.. GET    /control/shown
.AOD.V.. GET    /control/screens
.AOD.V.. GET    /control/presenter
.AO..... GET    /control/links
.AO..... POST   /control/links
.AO..... POST   /control/links/{name}/revoke
.AO..... GET    /control/points/sheet
.AO..... GET    /control/points/sheet.pdf
.AO..... GET    /control/points/sheet.xlsx
.AO..... GET    /control/points/sheet/{code}
.AO..... POST   /control/points/sheet/{code}/rotate
.AO..... POST   /control/points/sheet/{code}/revoke
.A...... GET    /control/accounts
.A...... POST   /control/accounts
.A...... POST   /control/accounts/{number}/reset
.A...... POST   /control/accounts/{number}/revoke
.A...... POST   /control/accounts/{number}/sign-out
"""
"""A letter for each who is not refused. What an endpoint then says of the request is its own tests' matter; for the
topics behind /live see TOPICS."""

TOPICS = """
-AODPVKC board
-AODPVKC round/1
-AODPVKC breakdown
-AODPVKC unit/P1D1
-AODPVKC program/hall
.AO..V.. control
.AO..V.. watch
.AO..V.. screens
.AO..V.. screens/hall
.AOD.V.. screens/tv1
.AO..V.. screens/
.AO..V.. control/program/hall
.AOD.V.. control/program/tv1
.AO..V.. control/program/tv9
.AO..V.. control/program/
.AO..V.. presenter/hall
.AOD.V.. presenter/tv1
.AO..V.. presenter/
.AO..... button/hall
.AO..... button/tv1
.AO..... button/
.AO.PV.. point/P1D1
.AO.PV.. point/P1D1X3
.AO..V.. point/P1
.AO..V.. point/P1D2
.AO..V.. point/P1D
.AO..V.. point/
.AO.PVC. points
.AO.PVC. points/P1D1
.AO.PVC. points/P1D1X3
.AO..V.. points/P1
.AO..V.. points/P1D2
.AO..V.. points/P1D
.AO..V.. points/
"""
"""The account of role POINT and the connection point's key are of P1D1: its own point and those below it are for them,
and no others."""

ONE_NAME = "program/"
"""A program has one name, whatever numbers it shows."""

DECIDE = ".AO....."
"""Every action, and "seen": the route of decisions has one right for all."""

PATHS = {
    "/api/v1/points/{code}": "/api/v1/points/P1D1",
    "{topic}": "board",
    "{code}": "P1",
    "{digest}": "none",
    "{path}": "none.js",
    "{number}": "99",
    "{token}": "none",
    "{output}": TV,
    "{overlay}": "total",
}


def table(text: str) -> dict[str, frozenset[Who]]:
    """What each row names, and who is allowed it."""
    rows = [line.split(maxsplit=1) for line in text.strip().splitlines()]
    return {" ".join(name.split()): frozenset(LETTERS[letter] for letter in who if letter != ".") for who, name in rows}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return app_with_roles(tmp_path_factory.mktemp("roles"))


@pytest.fixture(scope="module")
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def is_refused(answer: Any) -> bool:
    """Whether the answer says that whoever asks may not, and not something of what was asked."""
    if answer.status_code == 303:
        # Signing out leads there too, and takes the cookie away.
        return answer.headers["location"].startswith("/sign-in") and "set-cookie" not in answer.headers
    if answer.headers.get("content-type") == "application/problem+json":
        return answer.json()["code"] in {"not_signed_in", "no_right"}
    return answer.status_code == 403 and "không có quyền" in answer.text


def methods_of(route: Route | WebSocketRoute) -> list[str]:
    if isinstance(route, WebSocketRoute):
        return ["SOCKET"]
    # The one endpoint that is plain ASGI takes whatever comes, and answers 405 to what is no POST.
    return sorted(route.methods - {"HEAD"}) if route.methods else ["POST"]


def named(app: App) -> dict[str, Route | WebSocketRoute]:
    """Every route of the app by its row's name, "GET /units/{code}"."""
    found: dict[str, Route | WebSocketRoute] = {}
    for route in app.routes():
        assert isinstance(route, Route | WebSocketRoute), f"{route}: a kind of route that this test does not know"
        for method in methods_of(route):
            name = f"{method} {route.path_format}"
            assert name not in found, f"{name}: two routes, of which the second is never asked"
            found[name] = route
    return found


def test_every_route_has_its_row(app: App) -> None:
    assert sorted(named(app)) == sorted(table(ROUTES))


@pytest.mark.parametrize("name", table(ROUTES))
def test_a_route_lets_in_whom_its_row_names(client: TestClient, app: App, name: str) -> None:
    method, path = name.split()
    for gap, value in PATHS.items():
        path = path.replace(gap, value)
    if method != "SOCKET":
        allowed = {who for who in EVERYBODY if not is_refused(ask(client, app, who, method, path))}
        assert allowed == table(ROUTES)[name]


@pytest.mark.parametrize("name", table(ROUTES))
def test_a_route_is_marked_with_the_right_that_its_row_means(app: App, name: str) -> None:
    right = right_of(named(app)[name].endpoint)
    if right is None:
        marked = frozenset(EVERYBODY)
    else:
        # Keys are looked for where outputs are steered, and nowhere else.
        has_key = right in KEY_RIGHTS and "/api/v1/outputs" in name
        marked = frozenset(who for who in Role if right in RIGHTS[who]) | ({DEVICE} if has_key else set())
        # A point's pass is looked for on its pages, and where these ask.
        path = name.split()[1]
        marked |= {PLACE} if right in POINT_KEY_RIGHTS and path.startswith((*ASKED_AS, POINT_PAGES)) else set()
    assert marked == table(ROUTES)[name]


OF_ONE = [name for name in table(ROUTES) if "{output}" in name]


@pytest.mark.parametrize("other", ["hall", "points", "tv2", "nowhere"])
@pytest.mark.parametrize("name", OF_ONE)
def test_whoever_is_bound_to_an_output_can_do_nothing_to_another_nor_hear_whether_it_is_there(
    client: TestClient, app: App, name: str, other: str
) -> None:
    method, path = name.split()
    before = app.state.outputs.all
    for who in (Role.DIRECTOR, DEVICE):
        for given in ({}, {"json": {"scene": "standby", "seen": 1, "by": 1, "on": True, "delay_ms": 0}}):
            answer = ask(client, app, who, method, path.replace("{output}", other), **given)
            assert (answer.status_code, answer.json()["code"]) == (403, "no_right")
            assert other not in answer.text
    assert app.state.outputs.all == before


WRITING = ("POST", "DELETE")
WITH_COOKIE = [name for name in table(ROUTES) if name.startswith(WRITING) and name != "POST /api/v1/participations"]


@pytest.mark.parametrize("name", WITH_COOKIE)
def test_what_writes_is_refused_to_a_page_of_another_site_whoever_asks(client: TestClient, app: App, name: str) -> None:
    method, path = name.split()
    path = functools.reduce(lambda path, gap: path.replace(gap, PATHS[gap]), PATHS, path)
    for who in EVERYBODY:
        ask(client, app, who, "GET", "/healthz")
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}, {}):
            answer = client.request(method, path, headers=headers, follow_redirects=False)
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


# Topics.


def test_every_kind_of_topic_has_its_row(app: App, client: TestClient) -> None:
    assert client.get("/live/unit/P1D1").status_code == 200
    topics = [topic for program in app.state.outputs.programs for topic in (program.topic, *program.topics)]
    topics += [topic for store in app.state.stores for topic in (store.watch.topic, *store.pump.topics.all)]
    there = {topic.name.removeprefix("rehearsal/").partition("/")[0] for topic in topics}
    assert {"program", "control", "presenter", "button", "board", "watch"} <= there
    assert there <= {name.partition("/")[0] for name in table(TOPICS)}
    for name, who in table(TOPICS).items():
        assert (topic_right(name) is None) == (NOBODY in who)


@pytest.mark.parametrize("prefix", ["", "rehearsal/"])
@pytest.mark.parametrize("name", table(TOPICS))
def test_a_topic_is_read_by_whom_its_row_names(client: TestClient, app: App, name: str, prefix: str) -> None:
    answers = {who: ask(client, app, who, "GET", f"/live/{prefix}{name}") for who in EVERYBODY}
    assert {who for who, answer in answers.items() if not is_refused(answer)} == table(TOPICS)[name]
    assert all(answer.status_code in {200, 404} for answer in answers.values() if not is_refused(answer))
    assert answers[NOBODY].status_code in ({404} if prefix and name.startswith(ONE_NAME) else {200, 401})


async def test_a_topic_is_followed_by_whom_its_row_names(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        shown: dict[Who, dict[str, str]] = {role: shows(app, await a_token(app, role)) for role in Role}
        shown |= {DEVICE: shown_by_device(app), PLACE: shown_by_point(app), NOBODY: {}}
        for name, prefix in itertools.product(table(TOPICS), ("", "rehearsal/")):
            allowed = set()
            for who in EVERYBODY:
                headers, path = {"Origin": f"http://{host}"} | shown[who], f"/live/{prefix}{name}"
                path = asked_by_point(path) if who == PLACE else path
                try:
                    async with websockets.connect(
                        f"ws://{host}{path}", additional_headers=headers, proxy=None
                    ) as socket:
                        # The roll call has one name, whosesoever subtree it is.
                        said = "points" if name.startswith("points") else prefix + name
                        assert (await frame_of(socket))["topic"] == said
                        allowed.add(who)
                except websockets.InvalidStatus as refusal:
                    status = refusal.response.status_code
                    assert status in {401, 403, 404}
                    if status == 404:
                        allowed.add(who)
            assert allowed == table(TOPICS)[name], prefix + name


async def test_a_socket_that_tells_no_origin_is_nobodys_whatever_cookie_it_shows(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host:
        cookie = shows(app, await a_token(app, Role.ADMINISTRATOR))
        for name, prefix in itertools.product(table(TOPICS), ("", "rehearsal/")):
            if prefix and name.startswith(ONE_NAME):
                continue
            url = f"ws://{host}/live/{prefix}{name}"
            for headers in (cookie, cookie | {"Sec-Fetch-Site": "same-origin"}):
                asked = websockets.connect(url, additional_headers=headers, proxy=None)
                if NOBODY in table(TOPICS)[name]:
                    async with asked as socket:
                        assert (await frame_of(socket))["topic"] == prefix + name
                else:
                    with pytest.raises(websockets.InvalidStatus) as refusal:
                        await asked
                    assert refusal.value.response.status_code == 401


# Decisions.


def sample(field: msgspec.structs.FieldInfo) -> Any:
    """A value that a field of an action takes."""
    values = {"unit": "P1D1X1", "entries": [["web", "1"]], "column": "completed", "reason": "báo cáo giấy"}
    kind = field.type.__origin__ if get_origin(field.type) is Annotated else field.type
    return values.get(field.name, "x" if kind is str else kind is bool or 1)


PLAIN: dict[str, dict[str, Any]] = {"seen": {"alarm": "none"}, "plan": {"n": 1}}
"""What leaves no row."""
BODIES = PLAIN | {
    str(action.__struct_config__.tag): {
        field.name: sample(field) for field in msgspec.structs.fields(action) if field.required
    }
    for action in ACTIONS
}
"""The least of what each action asks for."""


@pytest.mark.parametrize("do", BODIES)
def test_a_decision_is_made_by_administrators_and_operators(tmp_path: Path, do: str) -> None:
    app = app_with_roles(tmp_path)
    body, (deciders,) = {"do": do} | BODIES[do], table(f"{DECIDE} decide").values()
    with client_of(app) as client:
        ledger = app.state.live.ledger
        for who in EVERYBODY:
            head = ledger.head
            answer = ask(client, app, who, "POST", "/api/v1/control/decisions?store=live", json=body)
            if who in deciders:
                # Understood; whether it makes sense now, or was forestalled, is the desk's own tests' matter.
                assert answer.status_code in {200, 404, 409, 422}, answer.text
                assert not is_refused(answer)
            else:
                assert answer.status_code == (401 if who in {NOBODY, DEVICE} else 403)
                assert is_refused(answer)
                assert ledger.head == head


# What the tables cannot say.
