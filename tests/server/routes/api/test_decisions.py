"""Decisions over HTTP: what is answered, and what is said of what cannot be done."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from server.app import App
from server.auth.roles import Role
from server.control import actions
from server.routes.api.openapi import document
from server.web import forms
from server.web.problems import Problem
from streaming.decisions.decision import Decided
from tests.worlds.apps import client_of, take
from tests.worlds.people import WRITES, account, sign_in
from tests.worlds.roles import app_with_roles, ask

PLACE = "/api/v1/control/decisions"
PATH = f"{PLACE}?store=live"
EFFECT = "/api/v1/control/effect"
WAIT_S = 20.0


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_with_roles(tmp_path)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X2", "completed", "b")])
        yield made


def decide(client: TestClient, app: App, who: Role = Role.OPERATOR, **body: Any) -> Any:
    """What is answered to a decision, once the topics know of it."""
    answer = ask(client, app, who, "POST", PATH, json=body)
    if answer.status_code == 200:
        until_s = time.monotonic() + WAIT_S
        while app.state.live.pump.moved_seq < answer.json()["seq"]:
            assert time.monotonic() < until_s
            client.get("/healthz")
    return answer


def test_a_hold_and_its_release_are_answered_with_their_rows(client: TestClient, app: App) -> None:
    held = decide(client, app, do="hold", unit="P1D1", reason="đối soát")
    assert (held.status_code, held.headers["cache-control"]) == (200, "no-store")
    row = app.state.live.ledger.head
    assert held.json() == {"seq": row, "written": True}
    take(app.state.live, [("P1D1X1", "completed", "c")])
    effect = ask(client, app, Role.VIEWER, "GET", f"{EFFECT}?release=P1D1").json()
    assert effect["seen"] == row
    assert effect["total"] == {"completed": [2, 3], "participants": [2, 3]}
    assert {"code": "P1D1X1", "completed": [1, 2], "participants": [1, 2], "rank": [1, 1]} in effect["units"]
    released = decide(client, app, do="release", unit="P1D1", seen=effect["seen"])
    assert released.status_code == 200
    assert client.get("/live/board").json()["rows"]["VN"][2] == 3


def test_the_row_has_the_accounts_number_and_nothing_else_of_a_person(client: TestClient, app: App) -> None:
    lan = account(app, "lan.nguyen", Role.OPERATOR)
    assert sign_in(client, "lan.nguyen") == 303
    decided = client.post(PATH, json={"do": "final", "reason": "công bố"}, headers=WRITES).json()["seq"]
    row = next(row for row in app.state.live.ledger.read() if row.seq == decided)
    assert (row.by, row.type) == (f"account:{lan.number}", "decision")
    kept = b"".join(path.read_bytes() for path in app.settings.data.glob("ledger.db*"))
    assert "công bố".encode() in kept
    assert lan.name.encode() not in kept
    assert b"lan.nguyen" not in kept


def test_a_decision_in_another_charset_is_not_guessed(client: TestClient, app: App) -> None:
    account(app, "lan", Role.OPERATOR)
    sign_in(client, "lan")
    for charset, status in (("utf-16", 415), ("utf8", 200)):
        headers = WRITES | {"Content-Type": f"application/json; charset={charset}"}
        answer = client.post(PATH, content=b'{"do":"final"}', headers=headers)
        assert answer.status_code == status
        assert status == 200 or "expected UTF-8" in answer.json()["detail"]


def test_who_decides_too_late_is_told_who_did_what(client: TestClient, app: App) -> None:
    seen = decide(client, app, do="hold", unit="P1D1").json()["seq"]
    other = decide(client, app, Role.ADMINISTRATOR, do="hold", unit="P2").json()["seq"]
    stale = decide(client, app, do="release", unit="P1D1", seen=seen)
    assert (stale.status_code, stale.headers["content-type"]) == (409, "application/problem+json")
    body = stale.json()
    by = app.auth.accounts.number_of("administrator")
    assert body["code"] == "stale"
    assert body["last"] == {
        "seq": other, "kind": "hold", "unit": "P2", "by": f"account:{by}", "at": app.now_ms(), "final": False,
        "source": None,
    }  # fmt: skip
    assert set(body) == set(document()["components"]["schemas"]["StaleBody"]["required"])


def test_who_decides_while_their_own_decision_is_being_written_is_told_so(client: TestClient, app: App) -> None:
    held = decide(client, app, do="hold", unit="P1D1").json()["seq"]
    by = f"account:{app.auth.accounts.number_of('operator')}"
    desk = app.state.live.desk
    desk._in_flight.begin(Decided(held + 1, "delay", None, by, app.now_ms()))
    body = {"do": "release", "unit": "P1D1", "seen": held}
    codes = [
        ask(client, app, who, "POST", PATH, json=body).json()["code"] for who in (Role.OPERATOR, Role.ADMINISTRATOR)
    ]
    assert codes == ["still_writing", "stale"]
    refused = ask(client, app, Role.OPERATOR, "POST", PATH, json=body)
    assert (refused.status_code, refused.json()["last"]["kind"]) == (409, "delay")


@pytest.mark.parametrize(("show", "other"), [("live", "rehearsal"), ("rehearsal", "live")])
@pytest.mark.parametrize("body", [{"do": "final"}, {"do": "hold", "unit": "P1D1"}, {"do": "seen", "alarm": "none"}])
def test_a_room_that_stands_at_the_other_store_decides_nothing(
    tmp_path: Path, show: str, other: str, body: dict[str, Any]
) -> None:
    app = app_with_roles(tmp_path, show=show)
    with client_of(app) as client:
        heads = [store.ledger.head for store in app.state.stores]
        refused = ask(client, app, Role.OPERATOR, "POST", f"{PLACE}?store={other}", json=body)
        assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "other_store", "store")
        assert refused.json()["detail"] == f"store: found {other}, but the screens follow {show}; load the page again"
        assert [store.ledger.head for store in app.state.stores] == heads
        for both in (f"store={other}&store={show}", f"store={show}&store={other}"):
            assert ask(client, app, Role.OPERATOR, "POST", f"{PLACE}?{both}", json=body).status_code == 409
        assert [store.ledger.head for store in app.state.stores] == heads
        for path in (f"{EFFECT}?release=all", "/api/v1/control/entries?unit=P1"):
            assert ask(client, app, Role.OPERATOR, "GET", f"{path}&store={other}").status_code == 409
            assert ask(client, app, Role.OPERATOR, "GET", f"{path}&store={show}").status_code == 200
        made = ask(client, app, Role.OPERATOR, "POST", f"{PLACE}?store={show}", json={"do": "final"})
        assert made.status_code == 200
        at = ["live", "rehearsal"].index(show)
        assert [store.ledger.head for store in app.state.stores][at] == heads[at] + 1
        assert [store.ledger.head for store in app.state.stores][1 - at] == heads[1 - at]


def test_a_page_decides_under_no_other_name_than_the_one_that_it_was_opened_for(client: TestClient, app: App) -> None:
    proofs = {role: app.auth.accounts.credentials(role.value) for role in (Role.OPERATOR, Role.ADMINISTRATOR)}
    own, other = (credentials.account.by for credentials in proofs.values() if credentials is not None)
    topics = [f"/live/{topic}?seq=0" for topic in ("control", "watch", "board", "rehearsal/unit/P1")]
    places = [f"{EFFECT}?release=all", "/api/v1/control/entries?unit=P1", *topics]
    head = app.state.live.ledger.head
    for named in (f"as={other}", f"as={own}&as={other}", "as=", "as=account", f"%61s={other}", f"as=%61{other[1:]}"):
        refused = ask(client, app, Role.OPERATOR, "POST", f"{PATH}&{named}", json={"do": "final"})
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        assert {ask(client, app, Role.OPERATOR, "GET", f"{each}&{named}").status_code for each in places} == {401}
        # A page shows who is signed in.
        assert ask(client, app, Role.OPERATOR, "GET", f"/control?{named}").status_code == 200
    assert app.state.live.ledger.head == head
    for named in (f"as={own}", own.replace(":", "%3A").join(["as=", ""])):
        assert {ask(client, app, Role.OPERATOR, "GET", f"{each}&{named}").status_code for each in places} == {200}
        assert ask(client, app, Role.OPERATOR, "POST", f"{PATH}&{named}", json={"do": "final"}).status_code == 200
    assert ask(client, app, None, "POST", f"{PATH}&as={own}", json={"do": "final"}).status_code == 401
    assert {ask(client, app, None, "GET", f"{each}&as={own}").status_code for each in places} == {401}


def test_what_an_operator_cannot_have_seen_is_out_of_bounds(client: TestClient, app: App) -> None:
    seen = decide(client, app, do="hold", unit="P1D1").json()["seq"]
    decide(client, app, Role.ADMINISTRATOR, do="hold", unit="P2")
    head = app.state.live.ledger.head
    for future in (head + 1, 2**53):
        refused = ask(client, app, Role.OPERATOR, "POST", PATH, json={"do": "release", "unit": "P1D1", "seen": future})
        assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "wrong_value", "seen")
        assert refused.json()["detail"] == f"seen: found {future}, expected a row up to {head}"
    assert app.state.live.ledger.head == head
    assert decide(client, app, do="release", unit="P1D1", seen=seen).status_code == 409
    assert decide(client, app, do="release", unit="P1D1", seen=head).status_code == 200


def test_an_edge_of_a_round_that_is_left_out_stays_where_it_is(client: TestClient, app: App) -> None:
    def rounds() -> list[list[int]]:
        return [[round_.n, round_.opens_ms, round_.closes_ms] for round_ in app.state.live.pump.fold.rounds]

    ((n, opens, closes),) = rounds()
    closes -= 1_001
    seen = decide(client, app, do="round", n=n, opens_ms=opens, closes_ms=closes, seen=0).json()["seq"]
    seen = decide(client, app, do="round", n=n, opens_ms=opens - 60_000, seen=seen).json()["seq"]
    assert rounds() == [[n, opens - 60_000, closes]]
    row = next(row for row in app.state.live.ledger.read() if row.seq == seen)
    assert b'"opens_ms":%d,"closes_ms":%d' % (opens - 60_000, closes) in row.body
    seen = decide(client, app, do="round", n=n, closes_ms=closes - 7, seen=seen).json()["seq"]
    assert rounds() == [[n, opens - 60_000, closes - 7]]
    wrong: list[tuple[dict[str, Any], str | None]] = [({"n": n}, "opens_ms"), ({"n": 99, "opens_ms": opens}, None)]
    for body, field in wrong:
        refused = ask(client, app, Role.OPERATOR, "POST", PATH, json={"do": "round", "seen": seen} | body)
        assert (refused.status_code, refused.json().get("field")) == (422, field)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"do": "release", "unit": "P1D1", "seen": 1}, 409, "not_held", "unit"),
        ({"do": "seen", "alarm": "none"}, 404, "no_such_alarm", "alarm"),
        ({"do": "hold"}, 422, "wrong_value", "unit"),
        ({"do": "release", "unit": None}, 422, "wrong_value", "seen"),
        ({"do": "release", "unit": None, "seen": "9"}, 422, "wrong_value", "seen"),
        ({"do": "hold", "unit": None, "reason": "x" * 301}, 422, "wrong_value", "reason"),
        ({"do": "hold", "unit": None, "why": "x"}, 422, "wrong_value", "why"),
        ({"do": "void", "entries": [["web", "e1"]], "reason": "  ", "seen": 9}, 422, "wrong_value", "reason"),
        ({"do": "void", "entries": [], "reason": "x", "seen": 9}, 422, "wrong_value", "entries"),
        ({"do": "quarantine", "entries": [["web"]], "seen": 9}, 422, "wrong_value", "entries"),
        ({"do": "nothing"}, 422, "wrong_value", "do"),
        ({}, 422, "wrong_value", "do"),
        ([], 422, "wrong_value", None),
    ],
)
def test_what_cannot_be_decided_is_named_and_leaves_no_row(
    client: TestClient, app: App, body: Any, status: int, code: str, field: str | None
) -> None:
    head = app.state.live.ledger.head
    refused = ask(client, app, Role.OPERATOR, "POST", PATH, json=body)
    assert (refused.status_code, refused.json()["code"], refused.json().get("field")) == (status, code, field)
    assert app.state.live.ledger.head == head


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 422), (b"\xff", 422), (b"", 422), (b" " * (actions.ACTION_BYTES_MAX + 1), 413)],
)
def test_a_body_that_is_none_is_refused(client: TestClient, app: App, content: bytes, status: int) -> None:
    assert ask(client, app, Role.OPERATOR, "POST", PATH, content=content).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "field"),
    [
        ("GET", EFFECT, 400, "release"),
        ("GET", f"{EFFECT}?release=", 400, "release"),
        ("GET", f"{EFFECT}?release=nowhere", 404, "release"),
        ("GET", f"{EFFECT}?release=all&store=yes", 400, "store"),
        ("GET", f"{EFFECT}?release=all&unit=P1", 400, "parameter"),
        ("POST", PLACE, 400, "store"),
        ("POST", f"{PLACE}?store=", 400, "store"),
        ("POST", f"{PATH}&rehearsal=1", 400, "parameter"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(
    client: TestClient, app: App, method: str, path: str, status: int, field: str
) -> None:
    given = {"json": {"do": "hold", "unit": None}} if method == "POST" else {}
    refused = ask(client, app, Role.OPERATOR, method, path, **given)
    assert (refused.status_code, refused.json()["field"]) == (status, field)


def test_nothing_is_decided_without_a_place_to_write_to(client: TestClient, app: App) -> None:
    ledger = app.state.live.ledger
    held = decide(client, app, do="hold", unit="P1D1").json()["seq"]
    ledger.close()
    refused = ask(client, app, Role.OPERATOR, "POST", PATH, json={"do": "release", "unit": "P1D1", "seen": held})
    assert (refused.status_code, refused.json()["code"]) == (503, "ledger_unavailable")
    assert int(refused.headers["retry-after"]) > 0


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "BODY_TIMEOUT_S", 0.01)

    async def nothing() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def broken_off() -> Message:
        return {"type": "http.disconnect"}

    request = Request({"type": "http", "method": "POST", "headers": []}, nothing)
    with pytest.raises(Problem, match=r"body: expected within 0\.02 s"):
        await forms.body_of(request, 100, 0.02)
    for receive, status in ((nothing, 408), (broken_off, 400)):
        request = Request({"type": "http", "method": "POST", "headers": []}, receive)
        with pytest.raises(Problem) as refused:
            await forms.body_of(request, 100)
        assert refused.value.status == status
