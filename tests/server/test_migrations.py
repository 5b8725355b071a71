"""The data files' schemas: which steps there are, and that a file which is at the last of them waits for nothing."""

import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from server.migrations import PLACE, Schema, known_revisions
from tests.suite import ROOT
from tests.worlds.data_folder import fill

LIST = """
import sys
from server.cli import cli
cli(["source", "list", "--data", sys.argv[1]], standalone_mode=False)
print("alembic" in sys.modules)
"""


@pytest.mark.parametrize("schema", get_args(Schema))
def test_the_steps_are_those_of_alembic_and_the_last_has_the_largest_number(schema: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(PLACE / schema))
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config)
    assert known_revisions(schema) == {step.revision for step in steps.walk_revisions()}
    assert max(known_revisions(schema)) == steps.get_current_head()


def test_a_command_on_a_file_of_the_newest_schema_does_not_load_what_makes_steps(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIST, str(fill(tmp_path / "data"))]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["web\tlive\theartbeat 60 s", "False"]
