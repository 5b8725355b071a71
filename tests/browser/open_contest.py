"""The real server with a contest that is open while the tests run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from tests.suite import ROOT
from tests.worlds.ports import kept_port
from tests.worlds.process import Serving, running

NOW = datetime.now(UTC).replace(microsecond=0)
OPENS, CLOSES = NOW - timedelta(hours=1), NOW + timedelta(days=7)
AT = NOW.isoformat()
SHIPPED = ROOT / "streaming/contests/ha-giang-2022"


def open_contest(tmp_path: Path, more: str = "") -> Path:
    """A contest folder with the shipped units whose only round opened an hour ago; ``more`` is TOML of its own."""
    contest = tmp_path / "contest"
    contest.mkdir()
    for name in ("units.csv", "hexgrid.json"):
        (contest / name).write_bytes((SHIPPED / name).read_bytes())
    (contest / "contest.toml").write_text(
        'id = "thu"\ntitle = "Cuộc thi thử"\n'
        f'[[rounds]]\nname = "Tuần 1"\nopens = {OPENS.isoformat()}\ncloses = {CLOSES.isoformat()}\n{more}',
        "utf-8",
    )
    return contest


@contextmanager
def serving_open(tmp_path: Path) -> Iterator[Serving]:
    """A server whose contest opened an hour ago."""
    with kept_port() as port, running(Serving(tmp_path / "data", open_contest(tmp_path), port)) as serving:
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
