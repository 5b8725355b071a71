"""Feeds: all rows and columns at any time, the same in every form, and of an output what that shows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from starlette.testclient import TestClient

from dashboard.exports.feeds import FIELDS
from server.app import App
from server.auth.roles import Role
from streaming.ledger.rows import Draft
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import LEAF, NOW_MS, UNIT, client_of, take
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles, ask

FEEDS = "/api/v1/feeds"
Row = dict[str, Any]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW_MS)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    return app_with_roles(tmp_path, now_ms=clock, elapsed_ms=clock.elapsed)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as made:
        yield made


def feed(client: TestClient, name: str, **query: str) -> list[Row]:
    answer = client.get(f"{FEEDS}/{name}.json", params=query)
    assert answer.status_code == 200, answer.text
    rows: list[Row] = answer.json()
    assert all(list(row) == list(FIELDS) for row in rows)
    return rows


def total(client: TestClient, **query: str) -> int | None:
    count: int | None = feed(client, "total", **query)[0]["completed"]
    return count


def read(client: TestClient, form: str, address: str) -> list[dict[str, str]]:
    answer = client.get(f"{FEEDS}/{address}")
    if form == "xml":
        rows = ElementTree.fromstring(answer.content).findall("rows/row")  # noqa: S314 - our own bytes
        return [{each.tag: each.text or "" for each in row} for row in rows]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def make(client: TestClient, app: App, name: str) -> None:
    answer = ask(client, app, Role.OPERATOR, "POST", "/api/v1/outputs", json={"name": name})
    assert answer.status_code == 201, answer.text


def press(client: TestClient, app: App, clock: Clock, path: str, **body: Any) -> None:
    """Do something to an output; ``path`` is "tv1/delay"."""
    clock.ms += PRESS_AGAIN_MS
    seen = {"seen": app.state.outputs.of(path.partition("/")[0]).version}
    answer = ask(client, app, Role.OPERATOR, "POST", f"/api/v1/outputs/{path}", json=body | seen)
    assert answer.status_code == 200, answer.text


def test_before_the_first_entry_every_row_and_column_is_there(client: TestClient) -> None:
    only = feed(client, "total")
    assert [(row["completed"], row["completed_text"], row["heard_text"]) for row in only] == [
        (0, "0", "Chưa có số liệu")
    ]
    rows = feed(client, "standings", parent=UNIT, rows="6")
    places = [row for row in rows if row["code"]]
    assert (len(rows), len(places)) == (6, 3)
    assert {(row["place"], row["place_text"], row["completed_text"]) for row in places} == {(None, "–", "0")}
    assert all(not value for row in rows[3:] for value in row.values())
    # As many as there are places, those that are none left out.
    assert [row["code"] for row in feed(client, "standings")] == ["P1", "P2", "P3"]
    assert feed(client, "unit", unit=LEAF)[0]["above_name"] == feed(client, "unit", unit=UNIT)[0]["full_name"]


def test_every_form_says_the_same(app: App, client: TestClient) -> None:
    take(app.state.live, [(LEAF, "completed", "a"), ("P1D1X2", "started", None)])
    address = f"standings.{{}}?parent={UNIT}&rows=5"
    expected = [
        {field: "" if value is None else str(value) for field, value in row.items()}
        for row in feed(client, "standings", parent=UNIT, rows="5")
    ]
    assert [row["place"] for row in expected] == ["1", "", "", "", ""]
    for form in ("xml", "csv"):
        assert read(client, form, address.format(form)) == expected


def test_numbers_stand_as_the_screens_write_them(app: App, client: TestClient) -> None:
    correction = {
        "kind": "correction", "unit": LEAF, "round": 1, "column": "completed", "delta": 1_234_560, "labelled": True,
        "reason": "nhập bù",
    }  # fmt: skip
    take(app.state.live, [(LEAF, "completed", None)] * 7)
    app.state.live.ledger.append_now([Draft("decision", "account:1", None, None, msgspec.json.encode(correction))])
    app.state.live.pump.replay()
    row = feed(client, "unit", unit=LEAF)[0]
    assert (row["completed"], row["completed_text"], row["rate_text"]) == (1_234_567, "1.234.567", "1.234.567,0%")
    assert (row["pace"], row["pace_text"], row["place"], row["heard_text"]) == (7, "+7", 1, "Số liệu lúc 08:00:00")
    assert row["corrected_text"] == "Đã điều chỉnh số liệu 1 đơn vị"
    english = feed(client, "unit", unit=LEAF, lang="en", round="1")[0]
    assert (english["completed_text"], english["taking_part"]) == ("1,234,567", None)
    assert english["round_text"] == app.folder.contest.rounds[0].name
    above = feed(client, "unit", unit=UNIT)[0]
    assert (above["taking_part"], above["taking_part_text"]) == (1, "1/3")


def test_units_that_are_ranked_apart_stand_last_and_have_no_place(app: App, client: TestClient) -> None:
    tree = app.folder.contest.tree
    apart = [unit.code for unit in tree.children(tree.root.code) if not unit.place]
    below = next(leaf.code for leaf in tree.leaves if apart[0] in tree.path(leaf.code))
    take(app.state.live, [(below, "completed", None)] * 3)
    take(app.state.live, [(LEAF, "completed", None)])
    rows = feed(client, "standings", rows="9")
    found = [(row["code"], row["place"], row["completed"]) for row in rows if row["completed"]]
    assert found == [("P1", 1, 1), (apart[0], None, 3)]
    assert feed(client, "unit", unit=apart[0])[0]["place"] is None


WRONG = [
    ("total.txt", 404, "form"),
    ("total.json?rows=3", 400, "parameter"),
    ("total.json?out=tv9", 404, "output"),
    ("total.json?out=hall&rehearsal=1", 400, "rehearsal"),
    ("total.json?round=9", 400, "round"),
    ("total.json?lang=fr", 400, "lang"),
    ("unit.json", 400, "unit"),
    ("unit.xml?unit=688", 404, "unit"),
    ("standings.csv?parent=688", 404, "parent"),
    (f"standings.csv?parent={LEAF}", 400, "parent"),
    ("standings.json?by=score", 400, "by"),
    *((f"standings.json?rows={rows}", 400, "rows") for rows in ("0", "501", "-1", "1.5", "", "²")),
]
"""Addresses, the status of the answer, and the field that it names."""


def test_a_wrong_address_is_told_what_is_wrong_with_it(client: TestClient) -> None:
    for address, status, field in WRONG:
        answer = client.get(f"{FEEDS}/{address}")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), address
        assert (answer.json()["field"], bool(answer.json()["detail"])) == (field, True), address


def test_who_has_it_is_told_so_until_something_changes(app: App, client: TestClient) -> None:
    address = f"{FEEDS}/total.xml"
    etag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    take(app.state.live, [(LEAF, "completed", "a")])
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_an_output_has_its_store_its_stillness_and_its_delay(app: App, client: TestClient, clock: Clock) -> None:
    for name in ("tv1", "tv2"):
        make(client, app, name)
    press(client, app, clock, "tv1/store", store="rehearsal")
    app.state.live.pump._monotonic_s = lambda: clock.elapsed() / 1000
    press(client, app, clock, "tv2/delay", delay_ms=10_000)
    take(app.state.rehearsal, [(LEAF, "completed", None)] * 5)
    press(client, app, clock, "hall/panic")
    take(app.state.live, [(LEAF, "completed", None)] * 3)
    mark = "TỔNG DUYỆT · SỐ LIỆU GIẢ ĐỊNH"
    tv1 = feed(client, "total", out="tv1")[0]
    assert (tv1["completed"], tv1["rehearsal"], tv1["rehearsal_text"]) == (5, 1, mark)
    assert [total(client, **asked) for asked in ({}, {"out": "hall"}, {"out": "tv2"}, {"rehearsal": "1"})] == [
        3, 0, 0, 5,
    ]  # fmt: skip
    clock.ms += 10_000
    app.state.outputs.numbers.turn()
    assert (total(client, out="tv2"), total(client, out="hall")) == (3, 0)


def test_while_wrong_numbers_are_off_the_air_units_are_named_and_nothing_is_counted(
    app: App, client: TestClient, clock: Clock
) -> None:
    take(app.state.live, [(LEAF, "completed", None)] * 3)
    right_ms = clock.ms
    clock.ms += 5_000
    take(app.state.live, [(LEAF, "completed", None)] * 4)
    make(client, app, "tv1")
    everywhere: list[dict[str, str]] = [{"out": "hall"}, {"out": "points"}, {}]
    press(client, app, clock, "hall/withdraw")
    for asked in everywhere:
        row = feed(client, "standings", parent=UNIT, **asked)[0]
        assert (row["withdrawn"], row["code"], row["place"], row["completed"]) == (1, LEAF, None, None)
        assert not any(row[field] for field in FIELDS if field.endswith("_text")), asked
    # A director's picture is his own, and so are its numbers; he is told, and strangers are not.
    row = feed(client, "total", out="tv1")[0]
    assert (row["withdrawn"], row["completed"]) == (0, 7)
    assert feed(client, "total", rehearsal="1")[0]["withdrawn"] == 0
    press(client, app, clock, "hall/withdraw", to_ms=right_ms)
    app.state.live.pump.replay()
    assert [total(client, **asked) for asked in everywhere] == [3, 3, 3]
    press(client, app, clock, "hall/restore")
    app.state.live.pump.replay()
    assert [(total(client, **asked), feed(client, "total", **asked)[0]["withdrawn"]) for asked in everywhere] == [
        (7, 0)
    ] * 3
