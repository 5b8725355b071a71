"""The control room's pages and the list of entries, on a real app in memory."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.auth import passwords
from server.auth.roles import Role
from server.routes.api.entries import LISTED_MAX, latest, waiting
from server.routes.pages.control import LIVE_PAGES
from streaming.ledger.rows import Draft
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.data_blocks import block
from tests.worlds.people import PASSWORD, account, sign_in

LEAF, OTHER, UNIT = "P1D1X1", "P1D2X1", "P1D1"
PATHS = ["/control", "/control/gate", "/control/sources", "/control/corrections"]


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = app_of(tmp_path)
    account(made, "lan", Role.OPERATOR)
    account(made, "xem", Role.VIEWER)
    return made


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def decide(app: App, **decision: Any) -> None:
    app.state.live.ledger.append_now([Draft("decision", "account:1", None, None, msgspec.json.encode(decision))])
    app.state.live.pump.replay()


def test_every_live_page_is_asked_here() -> None:
    assert len(LIVE_PAGES) == len(PATHS)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_carries_what_it_follows_as_it_stands(app: App, client: TestClient, path: str, lang: str) -> None:
    sign_in(client, "lan")
    take(app.state.live, [(LEAF, "completed", "u1")])
    decide(app, kind="hold", unit=UNIT)
    take(app.state.live, [(LEAF, "completed", "u2"), (OTHER, "completed", None)])
    answer = client.get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    frames = block(answer.text, "first-frames")
    root = app.folder.contest.tree.root.code
    completed = {name: frames[name]["rows"][root][2] for name in ("board", "control")}
    assert completed == {"board": 2, "control": 3}
    assert [hold["unit"] for hold in frames["control"]["state"]["gate"]["held"]] == [UNIT]
    assert {"sources", "alarms", "names"} <= frames["watch"]["state"].keys()
    contest = block(answer.text, "contest")
    assert (contest["me"], contest["may_decide"], contest["prefix"], contest["lang"]) == ("account:1", True, "", lang)
    assert [unit[0] for unit in contest["units"]] == [unit.code for unit in app.folder.contest.tree]


@pytest.mark.parametrize("path", PATHS)
def test_who_may_only_see_is_offered_no_decision(client: TestClient, path: str) -> None:
    sign_in(client, "xem")
    text = client.get(path).text
    assert block(text, "contest")["may_decide"] is False
    assert "data-act" not in text
    assert [form for form in re.findall(r"<form[^>]*>", text) if "sign-out" not in form and "entries" not in form] == []
    assert "/control/accounts" not in text


def test_a_page_of_the_rehearsal_follows_its_topics_and_says_so(tmp_path: Path) -> None:
    app = app_of(tmp_path, show="rehearsal")
    account(app, "lan", Role.OPERATOR)
    with client_of(app) as client:
        sign_in(client, "lan")
        text = client.get("/control").text
        assert "TỔNG DUYỆT" in text
        assert block(text, "contest")["prefix"] == "rehearsal/"
        assert {frame["topic"] for frame in block(text, "first-frames").values()} == {
            "rehearsal/board", "rehearsal/control", "rehearsal/watch",
        }  # fmt: skip


def test_a_name_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    accounts = app.auth.accounts
    accounts.make()
    link = accounts.add("xx", '</script><b>"&', Role.OPERATOR, None, app.folder.contest.tree)
    accounts.use_link(link, passwords.hash_now(PASSWORD))
    with client_of(app) as client:
        sign_in(client, "xx")
        text = client.get("/control").text
        assert "<b>" not in text
        assert len(re.findall("</script>", text)) == len(re.findall("<script", text))


# The list of entries.


def states(client: TestClient, unit: str) -> dict[str, str]:
    answer = client.get(f"/api/v1/control/entries?unit={unit}")
    assert answer.status_code == 200, answer.text
    return {entry["id"]: entry["state"] for entry in answer.json()["entries"]}


def test_each_entry_is_told_with_what_has_become_of_it(app: App, client: TestClient) -> None:
    sign_in(client, "lan")
    take(app.state.live, [(LEAF, "completed", "u1"), (LEAF, "completed", "u1"), (OTHER, "completed", None)])
    decide(app, kind="void", entries=[["web", "e1"]], reason="trùng")
    decide(app, kind="quarantine", entries=[["web", "e2"]])
    decide(app, kind="hold", unit=UNIT)
    take(app.state.live, [(LEAF, "started", None)])
    head = app.state.live.ledger.head
    assert states(client, LEAF) == {f"e{head - 1}": "held", "e2": "quarantined", "e1": "voided"}
    assert states(client, OTHER) == {"e3": "shown"}
    root = app.folder.contest.tree.root.code
    entries = client.get(f"/api/v1/control/entries?unit={root}").json()
    assert (len(entries["entries"]), entries["is_whole"]) == (4, True)
    first = next(entry for entry in entries["entries"] if entry["id"] == "e1")
    assert (first["source"], first["unit"], first["kind"], len(first["person"])) == ("web", LEAF, "completed", 2)


def test_the_latest_are_listed_and_the_rest_is_said_to_be_there(app: App, client: TestClient) -> None:
    take(app.state.live, [(LEAF, "completed", None)] * (LISTED_MAX + 1))
    found = latest(app.state.live.pump.fold, UNIT)
    assert (len(found.entries), found.is_whole) == (LISTED_MAX, False)
    assert found.entries[0].id == f"e{app.state.live.ledger.head - 1}"
    far = latest(app.state.live.pump.fold, OTHER, looked_at_max=10)
    assert (far.entries, far.is_whole) == ([], False)


def test_what_waits_to_be_verified_is_listed_of_every_unit_or_of_one(app: App, client: TestClient) -> None:
    sign_in(client, "lan")
    take(app.state.live, [(LEAF, "completed", "a"), (OTHER, "completed", "b"), (LEAF, "completed", "c")])
    names = [f"e{number}" for number in (1, 2, 3, 99)]
    decide(app, kind="quarantine", entries=[["web", name] for name in names])
    decide(app, kind="void", entries=[["web", "e1"]], reason="trùng")

    def asked(query: str) -> tuple[str, list[tuple[str, str]], bool]:
        answer = client.get(f"/api/v1/control/entries?{query}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return body["unit"], [(entry["id"], entry["state"]) for entry in body["entries"]], body["is_whole"]

    root = app.folder.contest.tree.root.code
    assert asked("state=quarantined") == (root, [("e3", "quarantined"), ("e2", "quarantined")], True)
    assert asked(f"state=quarantined&unit={LEAF}") == (LEAF, [("e3", "quarantined")], True)
    assert asked("state=quarantined&store=live") == asked("state=quarantined")


def test_the_latest_of_what_waits_to_be_verified_are_listed(app: App, client: TestClient) -> None:
    take(app.state.live, [(LEAF, "completed", None)] * (LISTED_MAX + 1))
    decide(app, kind="quarantine", entries=[["web", f"e{number}"] for number in range(1, LISTED_MAX + 2)])
    fold = app.state.live.pump.fold
    found = waiting(fold, UNIT)
    latest_seq = max(entry.seq for entry in fold.entries.values())
    assert (len(found.entries), found.is_whole, found.entries[0].id) == (LISTED_MAX, False, f"e{latest_seq - 1}")


@pytest.mark.parametrize(
    "query",
    [
        "", "unit=", "unit=nowhere", "unit=P1&x=1", "unit=P1&rehearsal=2", "state=", "state=held",
        "unit=P1&state=shown", "state=quarantined&unit=nowhere",
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_named(client: TestClient, query: str) -> None:
    sign_in(client, "lan")
    answer = client.get(f"/api/v1/control/entries?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_value")
