"""The evidence as a page and a file: every decision, with who, when, why, at which row, and the numbers then on air."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dashboard.pages.evidence import HEADINGS
from server.app import App
from server.auth.roles import Role
from server.routes.pages import evidence
from streaming.ledger import reader
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.people import WRITES, account, sign_in

FILE = "/control/evidence.csv"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_of(tmp_path)


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    """The browser of an operator."""
    account(app, "lan", Role.OPERATOR)
    with client_of(app) as made:
        take(app.state.live, [("P1D1X1", "completed", "a"), ("P1D1X2", "completed", None)])
        assert sign_in(made, "lan") == 303
        yield made


def decide(client: TestClient, **body: Any) -> int:
    """The row of a decision."""
    answer = client.post("/api/v1/control/decisions?store=live", json=body, headers=WRITES)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["seq"])


def file_of(client: TestClient) -> list[dict[str, str]]:
    answer = client.get(FILE)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="bon-cap-live-evidence.csv"'
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heads[:3] == ["Dòng nhật ký", "Thời điểm", "Mã tài khoản"]
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows]


def test_a_decision_stands_on_the_page_and_in_the_file(client: TestClient) -> None:
    held = decide(client, do="hold", unit="P1D1", reason="<b>đối soát</b>")
    row = next(row for row in file_of(client) if row["seq"] == str(held))
    assert {name: row[name] for name in row if name != "what"} == {
        "seq": str(held), "time": "2024-01-01T08:00:00.000+07:00", "account": "account:1", "by": "Người lan",
        "kind": "hold", "reason": "<b>đối soát</b>", "shown_seq": "3", "shown_completed": "2",
        "shown_participants": "1", "shown_rows": "3", "entries": "",
    }  # fmt: skip
    page = client.get("/control/evidence").text
    for told in ("&lt;b&gt;đối soát&lt;/b&gt;", "Người lan", row["what"], "08:00:00 01/01/2024"):
        assert told in page
    assert "<b>đối" not in page


def test_the_file_has_every_decision_and_a_page_leads_to_those_before(
    client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "DECISIONS_READ_MAX", 2)
    monkeypatch.setattr(evidence, "PAGE_ROWS", 1)
    made = [decide(client, do="hold", unit=unit) for unit in ("P1", "P2", "P1D1", "P1D2")]
    assert [int(row["seq"]) for row in file_of(client)] == [*reversed(made), 1]
    assert f'"?before={made[3]}&amp;lang=vi"' in client.get("/control/evidence").text
    before = client.get(f"/control/evidence?before={made[3]}").text
    assert f'<td class="num">{made[2]}</td>' in before
    assert f'<td class="num">{made[3]}</td>' not in before


@pytest.mark.parametrize("before", ["x", "-1", "", "1" * 19, "٣"])
def test_a_row_that_is_none_is_no_page(client: TestClient, before: str) -> None:
    assert client.get("/control/evidence", params={"before": before}).status_code == 400
