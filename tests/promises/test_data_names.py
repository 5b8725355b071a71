"""A data folder is the very folder that ``--data`` names, for every command and for the back-up of the how-to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from streaming.ledger.reader import Reader
from tests.suite import ROOT
from tests.worlds.data_folder import audit, run_in
from tests.worlds.process import served
from tests.worlds.whole import sized


@pytest.mark.parametrize(
    "name", sized(small=["số #1?mode=memory&x=a%20b%23"], whole=["số #1", "a?mode=memory", "a%20b%23"])
)
def test_every_command_works_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    for arguments in (
        ["source", "add", "web"],
        ["key", "add", "tv"],
        ["account", "add", "lan", "--name", "Lan", "--role", "operator"],
    ):
        done = run_in(data, *arguments)
        assert done.exit_code == 0, done.stderr
    with served(data) as serving:
        assert serving.get("/live/board")["seq"] == 1
    assert {"ledger.db", "rehearsal.db", "admin.db", "person.key"} <= {each.name for each in data.iterdir()}
    assert {each.name for each in tmp_path.iterdir()} == {name, f"{name}.log"}
    audited = audit(data)
    assert audited.exit_code == 0, audited.stderr
    assert "rows 1 to 1" in audited.stdout

    page = (ROOT / "docs" / "how-to" / "back-up.md").read_text(encoding="utf-8")
    program = re.search(r"python -c '(import pathlib.*?)' data/", page, re.DOTALL)
    assert program is not None
    copy = tmp_path / "copy.db"
    subprocess.run([sys.executable, "-c", program[1], data / "ledger.db", copy], check=True)
    assert [row.seq for row in Reader(copy).read()] == [1]
