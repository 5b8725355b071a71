"""GET /api/v1/standings and /api/v1/units: order, places, and one line for what does not exist."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.control.asked import PanicAsked
from streaming.contests.contest import load_contest
from streaming.program.output import Hand
from tests.worlds.apps import FOUR_LEVELS, app_of, client_of, take


def standings(client: TestClient, **query: str) -> dict[str, Any]:
    response = client.get("/api/v1/standings", params=query)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def places(body: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(each["code"], each["place"]) for each in body["standings"]]


def test_equal_numbers_share_a_place_and_the_next_one_is_skipped(app: App, client: TestClient) -> None:
    entries = [("P2D3X5", 3), ("P2D3X2", 2), ("P2D3X3", 2), ("P2D3X1", 1)]
    take(app.state.live, [(unit, "completed", None) for unit, count in entries for _ in range(count)])
    body = standings(client, parent="P2D3")
    assert places(body) == [("P2D3X5", 1), ("P2D3X2", 2), ("P2D3X3", 2), ("P2D3X1", 4), ("P2D3X4", 5)]
    assert body["seq"] == 9
    assert body["rehearsal"] is False


def test_each_rule_has_its_own_order(app: App, client: TestClient) -> None:
    # X1: 2 entries of one person, target 100. X2: 1 entry of another, target 200.
    take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X1", "completed", "a"), ("P1D1X2", "completed", "b")])
    by = {rule: places(standings(client, parent="P1D1", by=rule)) for rule in ("completed", "participants", "rate")}
    assert by["completed"] == [("P1D1X1", 1), ("P1D1X2", 2), ("P1D1X3", 3)]
    assert by["participants"] == [("P1D1X1", 1), ("P1D1X2", 1), ("P1D1X3", 3)]
    assert by["rate"] == [("P1D1X1", 1), ("P1D1X2", 2), ("P1D1X3", 3)]


def test_by_rate_the_order_is_that_of_the_counts_not_of_the_rounded_rates(tmp_path: Path) -> None:
    # Of 200,000 and of 300,000: 1 is more than 1, and both rates are shown as 0.
    folder = load_contest(FOUR_LEVELS)
    targets = {"P1D1X1": 300_000, "P1D1X2": 200_000, "P1D1X3": 400_000, "P1D1X4": 600_000}
    units = tuple(
        msgspec.structs.replace(unit, target=targets.get(unit.code, unit.target)) for unit in folder.contest.units
    )
    app = app_of(
        tmp_path / "rates", contest=replace(folder, contest=msgspec.structs.replace(folder.contest, units=units))
    )
    with client_of(app) as client:
        take(app.state.live, [(code, "completed", None) for code in ("P1D1X1", "P1D1X2", "P1D1X3")])
        body = standings(client, parent="P1D1", by="rate")
    assert {each["rate"] for each in body["standings"]} == {0.0}
    assert places(body)[:3] == [("P1D1X2", 1), ("P1D1X1", 2), ("P1D1X3", 3)]


def test_a_unit_without_a_target_has_no_place_by_rate(client: TestClient) -> None:
    found = dict(places(standings(client, by="rate")))
    assert found["P1"] == 1
    assert None in found.values()


def test_units_that_are_no_place_follow_and_are_ranked_among_themselves(app: App, client: TestClient) -> None:
    tree = app.state.live.contest.tree
    apart = [unit.code for unit in tree.children(tree.root.code) if not unit.place]
    below = next(leaf.code for leaf in tree.leaves if apart[0] in tree.path(leaf.code))
    take(app.state.live, [(below, "completed", None)] * 3)
    body = places(standings(client))
    assert [code for code, _ in body][-len(apart) :] == apart
    assert dict(body)[apart[0]] == 1
    assert body[0][1] == 1


def test_a_round_and_the_rehearsal_store_are_asked_for_by_name(app: App, client: TestClient) -> None:
    take(app.state.rehearsal, [("P1D1X1", "completed", None)])
    assert standings(client, parent="P1D1", round="1")["standings"][0]["completed"] == 0
    body = standings(client, parent="P1D1", round="1", rehearsal="1")
    assert (body["round"], body["rehearsal"], body["standings"][0]["completed"]) == (1, True, 1)


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        ({"by": "score"}, "by", "completed, participants, rate"),
        ({"round": "2"}, "round", "all, 1"),
        ({"round": "01"}, "round", "all, 1"),
        ({"rehearsal": "yes"}, "rehearsal", "0 or 1"),
        ({"parrent": "P1"}, "parameter", "parent, by, round, rehearsal, out"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    client: TestClient, query: dict[str, str], field: str, expected: str
) -> None:
    response = client.get("/api/v1/standings", params=query)
    body = response.json()
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert (body["field"], body["expected"], body["code"]) == (field, expected, "wrong_value")


def test_an_unknown_parent_is_not_found(client: TestClient) -> None:
    response = client.get("/api/v1/standings", params={"parent": "688"})
    assert (response.status_code, response.json()["code"]) == (404, "unknown_unit")


def test_the_units_come_in_official_order(app: App, client: TestClient) -> None:
    units = client.get("/api/v1/units").json()["units"]
    assert [unit["code"] for unit in units] == [unit.code for unit in app.folder.contest.units]
    assert units[0].keys() >= {"code", "parent", "kind", "name", "full_name", "target", "place"}


def test_an_output_has_standings_of_its_own_cut(app: App, client: TestClient) -> None:
    take(app.state.live, [("P2D3X5", "completed", "a")])
    before = standings(client, parent="P2D3", out="hall")
    assert before == standings(client, parent="P2D3")
    outputs = app.state.outputs
    outputs.steer("hall", Hand("account:1"), PanicAsked())
    take(app.state.live, [("P2D3X1", "completed", "b"), ("P2D3X1", "completed", "c")])
    assert standings(client, parent="P2D3", out="hall") == before
    assert places(standings(client, parent="P2D3", out="points"))[0] == ("P2D3X1", 1)
    both = client.get("/api/v1/standings", params={"out": "hall", "rehearsal": "1"})
    assert (both.status_code, both.json()["field"]) == (400, "rehearsal")
    unknown = client.get("/api/v1/standings", params={"out": "tv9"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_output")
