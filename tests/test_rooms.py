"""The rooms: a file keeps to one subject, and what several tests need stands in a world, never in one of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.suite import ROOT

LINES_MAX = 350
"""Of a file in Python; a longer one gives its reason in its first line."""


def test_a_file_of_many_lines_says_why() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("streaming", "dashboard", "server", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if len(lines := path.read_text("utf-8").splitlines()) > LINES_MAX and f"past {LINES_MAX} lines" not in lines[0]
    ]
    assert found == [], "give the second subject a file of its own"


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import; expected one from the top"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def shared_by(path: Path, root: Path = ROOT) -> set[str]:
    """The test files of which a file imports something."""
    found = set()
    for name in imported(path):
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            file = root.joinpath(*parts[:length]).with_suffix(".py")
            if parts[0] == "tests" and file.name.startswith("test_") and file.exists():
                found.add(file.relative_to(root).as_posix())
    return found


def test_nothing_imports_a_test_file() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if (names := shared_by(path))
    }
    assert found == {}, "move what is shared into tests/worlds/, a conftest.py or a file beside them"


@pytest.mark.parametrize(
    "line",
    [
        "from tests.a.test_b import c",
        "from tests.a import test_b",
        "import tests.a.test_b",
        "def f():\n    from tests.a.test_b import (\n        c,\n    )",
    ],
)
def test_every_way_to_import_one_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "tests" / "a").mkdir(parents=True)
    (tmp_path / "tests" / "a" / "test_b.py").touch()
    own = tmp_path / "own.py"
    own.write_text(line)
    assert shared_by(own, tmp_path) == {"tests/a/test_b.py"}
    own.write_text("from tests.a.contest_folder import test_b")
    assert shared_by(own, tmp_path) == set()
