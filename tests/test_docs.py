"""The docs stay true to the code: every command, option and setting has its place, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from server import protocol
from tests.suite import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
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
    codes = {value for name, value in vars(protocol).items() if name.startswith("CLOSE_")}
    assert codes
    assert {str(code) for code in codes} <= set(re.findall(r"^\| (\d{4}) \|", page, re.MULTILINE))
