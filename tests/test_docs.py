"""The docs stay true to the code: every command, option and setting has its place, and every link leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from starlette.routing import Route, WebSocketRoute

from server.app import App
from server.auth.sources import Sources
from server.cli import cli
from server.net import websocket
from server.settings import Settings, load_settings
from streaming.contests.contest import load_contest, shipped_contest
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from streaming.topics.frames import COLUMNS, Frame
from tests.suite import ROOT

PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(page: Path) -> list[str]:
    text = CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [line.lstrip("#").strip().replace("`", "") for line in text.splitlines() if line.startswith("#")]


def anchors(page: Path) -> set[str]:
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings(page)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_docs_leads_somewhere(page: Path) -> None:
    text = CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{target} leads to no file"
        assert not anchor or anchor in anchors(linked), f"{target} leads to no heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_page_has_one_title(page: Path) -> None:
    titles = re.findall(r"^# ", CODE_BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    assert len(titles) == 1


def test_every_close_code_is_described() -> None:
    page = (ROOT / "docs" / "reference" / "close-codes.md").read_text(encoding="utf-8")
    codes = {value for name, value in vars(websocket).items() if name.startswith("CLOSE_")}
    assert codes
    assert {str(code) for code in codes} <= set(re.findall(r"^\| (\d{4}) \|", page, re.MULTILINE))


def section(page: Path, heading: str) -> str:
    """The text below a heading up to the next one; empty if there is no such heading."""
    found = re.search(
        rf"^#+ `?{re.escape(heading)}`?\n(.*?)(?=^#|\Z)", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return found.group(1) if found else ""


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_described_with_its_default_and_its_bounds(name: str) -> None:
    text = section(ROOT / "docs" / "reference" / "settings.md", name)
    field = Settings.model_fields[name]
    assert "Default" in text, f"no heading {name}, or no default below it"
    if isinstance(field.default, str | int | Path) and str(field.default):
        assert f"`{field.default}`" in text
    for bound in field.metadata:
        for limit in ("ge", "le"):
            number = getattr(bound, limit, None)
            assert not number or str(number) in text, f"{name}: {limit} {number} is not named"


def test_no_setting_is_described_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (.+)$", page, re.MULTILINE)) == set(Settings.model_fields)


def shell_blocks(page: Path) -> list[str]:
    """The commands of a page, with this Python in the place of .venv's."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block.replace(".venv/bin/python", sys.executable) for block in blocks]


def shell(commands: str, folder: Path) -> None:
    subprocess.run(["bash", "-euc", commands], cwd=folder, check=True, timeout=60)


def test_the_commands_that_back_up_and_restore_do_what_the_page_says(tmp_path: Path) -> None:
    copy, count_restore = shell_blocks(ROOT / "docs" / "how-to" / "back-up.md")[-2:]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "person.key").write_text("0" * 64)
    Sources(tmp_path / "elsewhere.db").add("site")
    (tmp_path / "elsewhere.db").rename(tmp_path / "data" / "admin.db")
    rehearsal = Ledger(tmp_path / "data" / "rehearsal.db", now_ms=lambda: 1)
    rehearsal.open()
    rehearsal.close()
    live = Ledger(tmp_path / "data" / "ledger.db", now_ms=lambda: 1)
    live.open()
    live.append_now([Draft("participation", "site", str(number), b"", b"{}") for number in range(1000)])
    shell(copy, tmp_path)  # while the server has the file open
    live.close()

    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        "ledger.db",
        "rehearsal.db",
        "admin.db",
        "person.key",
    }
    (tmp_path / "data").rename(tmp_path / "old")
    (tmp_path / "backup").rename(tmp_path / "data")
    shell(count_restore, tmp_path)
    restored = Ledger(tmp_path / "data" / "ledger.db", now_ms=lambda: 1)
    restored.open()
    assert (restored.id, restored.restores, restored.head) == (live.id, 1, 1000)
    restored.close()
    restored = Ledger(tmp_path / "data" / "rehearsal.db", now_ms=lambda: 1)
    restored.open()
    assert (restored.id, restored.restores) == (rehearsal.id, 1)
    restored.close()
    assert [source.name for source in Sources(tmp_path / "data" / "admin.db").list()] == ["site"]


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, click.Command]]:
    """Every command with its words, "source add", in the order of the list."""
    context = click.Context(group)
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        found.append((" ".join((*path, name)), command))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


def test_every_command_is_described_with_its_options() -> None:
    page = ROOT / "docs" / "reference" / "cli.md"
    described = [heading for heading in headings(page) if heading != "Commands"]
    assert described == [name for name, _ in commands(cli)]
    for name, command in commands(cli):
        text = section(page, name)
        for option in command.params:
            if isinstance(option, click.Option):
                assert any(word in text for word in option.opts), f"{name}: {option.opts} is not named"


def test_every_field_and_column_of_a_frame_is_described() -> None:
    page = (ROOT / "docs" / "reference" / "frames.md").read_text(encoding="utf-8")
    described = {name for row in re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE) for name in re.findall(r"\w+", row)}
    assert {*Frame.__struct_fields__, *COLUMNS} - described == set()


def test_every_route_is_described() -> None:
    page = (ROOT / "docs" / "reference" / "http-api.md").read_text(encoding="utf-8")
    routes = App(load_settings(), load_contest(shipped_contest()), lambda: 0, print).routes()
    for route in routes:
        path = route.path if isinstance(route, Route | WebSocketRoute) else ""
        assert path.replace(":path", "") in page or path.startswith("/static/"), f"{path} is not described"
