"""Data folders of earlier versions still open, and count to what they counted to."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from server.state import State
from server.store import Store
from streaming.fold.tally import ALL
from tests.suite import ROOT
from tests.worlds.apps import app_of, client_of
from tests.worlds.data_folder import audit
from tests.worlds.people import sign_in

FOLDERS = sorted(path for path in (ROOT / "tests" / "data_folders").iterdir() if (path / "expected.json").exists())


def copied(folder: Path, to: Path) -> tuple[Path, Any]:
    """A copy of an old data folder that may be opened, and what it must be counted to."""
    shutil.copytree(folder, to)
    expected = to / "expected.json"
    found = json.loads(expected.read_text(encoding="utf-8"))
    expected.unlink()
    return to, found


def counts(store: Store) -> dict[str, object]:
    """What a store's fold says of its rows, as it stands beside the old folder."""
    store.pump.replay()
    fold = store.pump.fold
    tallies = (("whole", fold.whole), ("public", fold.public))
    return {name: {code: list(counts) for code, counts in tally.counts[ALL].items()} for name, tally in tallies}


def opened(data: Path) -> State:
    return app_of(data).open()


def test_there_are_old_folders() -> None:
    assert [folder.name for folder in FOLDERS] == ["3170cff"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("has_checkpoint", [True, False], ids=["with checkpoint", "without"])
def test_an_old_folder_counts_to_what_it_counted_to(tmp_path: Path, folder: Path, *, has_checkpoint: bool) -> None:
    data, expected = copied(folder, tmp_path / "data")
    if not has_checkpoint:
        for path in data.glob("*.checkpoint"):
            path.unlink()
    for _ in range(2):  # what the first start adds to the files, the second must understand
        state = opened(data)
        for store in state.stores:
            then = expected[store.name]
            assert (store.ledger.id, store.ledger.restores) == (then["id"], 0)
            assert counts(store) == {name: then[name] for name in ("whole", "public")}
            assert store.ledger.head == then["rows"]
        assert sorted(state.sources.heartbeats(rehearsal=False)) == ["fanpage", "web"]
        state.close()
    said = audit(data)
    assert said.exit_code == 0, said.output


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_people_of_an_old_folder_may_still_sign_in(tmp_path: Path, folder: Path) -> None:
    data, _ = copied(folder, tmp_path / "data")
    with client_of(app_of(data)) as client:
        assert sign_in(client, "lan") == 303


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_an_old_folder_has_taken_is_a_duplicate_when_it_comes_again(tmp_path: Path, folder: Path) -> None:
    data, _ = copied(folder, tmp_path / "data")
    app = app_of(data)
    with client_of(app) as client:
        secret = app.state.sources.rotate("web")
        body = [
            {"id": f"e{n}", "kind": "completed", "unit": ("P1D1X1", "P1D1X2", "P2D1X1")[n % 3], "channel": "website",
             "at": "2024-01-01T00:30:00Z", "person": f"người {n % 7}", "score": 10 + n % 10}
            for n in range(109, 130)
        ]  # fmt: skip
        answer = client.post("/api/v1/participations", json=body, headers={"Authorization": f"Bearer {secret}"}).json()
    assert (answer["accepted"], answer["duplicates"], answer["rejected"]) == (0, len(body), [])
