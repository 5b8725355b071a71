"""The real server and a real browser: from a participation at a ward to the big screen and the unit's page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, until
from tests.browser.test_hall import AGE_WAIT_MS, number
from tests.suite import ROOT
from tests.worlds.process import Serving

NOW = datetime.now(UTC).replace(microsecond=0)
OPENS, CLOSES = NOW - timedelta(hours=1), NOW + timedelta(days=7)
AT = NOW.isoformat()
SHIPPED = ROOT / "streaming/contests/ha-giang-2022"


@contextmanager
def serving_open(tmp_path: Path) -> Iterator[Serving]:
    """A server whose contest opened an hour ago."""
    contest = tmp_path / "contest"
    contest.mkdir()
    for name in ("units.csv", "hexgrid.json"):
        (contest / name).write_bytes((SHIPPED / name).read_bytes())
    (contest / "contest.toml").write_text(
        'id = "thu"\ntitle = "Cuộc thi thử"\n[[rounds]]\nname = "Tuần 1"\n'
        f"opens = {OPENS.isoformat()}\ncloses = {CLOSES.isoformat()}\n",
        "utf-8",
    )
    serving = Serving(tmp_path / "data", contest)
    serving.start()
    try:
        yield serving
    finally:
        serving.kill()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving_open(tmp_path) as serving:
        yield serving


def post(server: Serving, secret: str, unit: str, ids: range) -> None:
    """Post a completed entry for each id, all by people of their own; what is there already is a duplicate."""
    items = [
        {"id": f"{unit}-{nth}", "kind": "completed", "unit": unit, "at": AT, "person": f"p{unit}{nth}"} for nth in ids
    ]
    answer = httpx2.post(
        f"{server.url}/api/v1/participations", json=items, headers={"Authorization": f"Bearer {secret}"}
    )
    account = answer.json()
    assert account["accepted"] + account["duplicates"] == len(items), answer.text


def test_a_participation_reaches_both_screens_and_outlives_a_kill(server: Serving, open_page: Open) -> None:
    secret = server.secret()
    hall = open_page(server.url)
    unit = open_page(f"{server.url}/units/024")
    assert number(hall, "lead") == "0"
    until(hall, "document.body.dataset.fresh === 'quiet'")
    post(server, secret, "00691", range(12))
    post(server, secret, "HG-NT", range(3))
    until(hall, "document.querySelector('.map [data-code=\"00691\"]').getAttribute('class') === 's2'")
    until(hall, "document.querySelector('[data-num=lead]').textContent.startsWith('15')")
    until(unit, "document.querySelector('[data-num=completed]').textContent.startsWith('12')")
    expect(unit.locator("[data-text=place]")).to_have_text("Xếp thứ 1/11 huyện, thành phố")
    until(hall, "document.body.dataset.fresh === 'live'")
    server.kill()
    until(hall, "document.body.dataset.fresh === 'stale'", AGE_WAIT_MS)
    assert number(hall, "lead") == "15"
    server.start()
    until(hall, "document.body.dataset.fresh === 'live'", AGE_WAIT_MS)
    post(server, secret, "00691", range(8, 20))
    until(hall, "document.querySelector('[data-num=lead]').textContent.includes('23')")
