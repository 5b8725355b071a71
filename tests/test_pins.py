"""The pinned requirements are the closure of what pyproject.toml names, and what the code imports is named."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.suite import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN: list[str] = PROJECT["dependencies"]
TEST: list[str] = RUN + PROJECT["optional-dependencies"]["test"]
OWN = {"dashboard", "run", "server", "streaming", "tests"}


def pins(file: str) -> dict[str, str]:
    """Name → version of each pin; every one must carry a hash."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(r"^(\S+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    stated = re.findall(r"^[^\s#].*$", text, re.MULTILINE)
    assert len(found) == len(stated), f"{file}: a line that is no hashed pin; expected name==version and --hash"
    return {canonicalize_name(name): version for name, version in found}


def closure(requirements: Iterable[str]) -> set[str]:
    """The names of these requirements and of all they need on this Python, as installed."""
    names: set[str] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        fresh = name not in names
        names.add(name)
        if fresh or requirement.extras:
            needs = [Requirement(text) for text in metadata.requires(name) or []]
            waiting += [(need, extra) for need in needs for extra in (requirement.extras or {""})]
    return names


@pytest.mark.parametrize(("file", "requirements"), [("requirements.txt", RUN), ("requirements-test.txt", TEST)])
def test_the_pins_are_the_closure_of_what_the_project_names(file: str, requirements: list[str]) -> None:
    if sys.version_info[:2] == (3, 11):  # the pins are resolved for 3.11; a later Python may need fewer
        assert set(pins(file)) == closure(requirements)
    assert closure(requirements) <= set(pins(file))


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt"])
def test_what_is_installed_is_what_is_pinned(file: str) -> None:
    assert {name: metadata.version(name) for name in pins(file)} == pins(file)


def test_the_pins_obey_the_bounds_that_the_project_names() -> None:
    pinned = pins("requirements-test.txt")
    for text in TEST:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text


def test_the_test_pins_hold_the_run_pins() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-test.txt").items()


def imported(*folders: str) -> set[str]:
    """The distributions that the Python files under these folders import, the standard library and our own apart."""
    modules: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.split(".")[0])
    owners = metadata.packages_distributions()
    others = modules - OWN - set(sys.stdlib_module_names)
    return {canonicalize_name(owners[module][0]) for module in others}


def named(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def test_what_the_packages_import_is_named() -> None:
    assert imported("streaming", "dashboard", "server") <= named(RUN)


def test_what_the_tests_import_is_named() -> None:
    assert imported("tests") <= named(TEST)


OTHERWISE_USED = {
    "brotli": "fpdf2 reads woff2 with it",
    "plotly": "its script is served",
    "tzdata": "zoneinfo reads it",
    "uvloop": "uvicorn runs on it",
}


def test_nothing_is_named_that_is_not_used() -> None:
    assert named(RUN) - imported("streaming", "dashboard", "server") == set(OTHERWISE_USED)
