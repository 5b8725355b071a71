"""The guides for playout hosts: every address of ours in them is answered, and what CasparCG is told is understood."""

import re
from collections.abc import Iterator
from html import unescape
from typing import cast
from urllib.parse import urlsplit

import click
import msgspec
import pytest
from starlette.testclient import TestClient

from dashboard.overlays.lower_third import LowerThirdSettings
from server.cli import cli
from streaming.program.output import Hand
from tests.suite import ROOT
from tests.worlds.apps import client_of
from tests.worlds.roles import app_with_roles

PAGES = {
    name: (ROOT / "docs" / "how-to" / f"{name}.md").read_text("utf-8")
    for name in ("overlays-in-obs", "overlays-in-vmix", "overlays-in-casparcg", "overlays-in-spx")
}
ADDRESS = re.compile(r"http://SERVER:8000([^`\"\s]+)")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = app_with_roles(tmp_path_factory.mktemp("guides"))
    with client_of(app) as made:
        app.state.outputs.add("tv1", Hand("account:1"))
        yield made


def addresses(name: str) -> list[str]:
    return sorted(set(ADDRESS.findall(PAGES[name])))


@pytest.mark.parametrize("name", PAGES)
def test_every_address_is_answered_and_nothing_in_it_is_unknown(client: TestClient, name: str) -> None:
    assert len(addresses(name)) >= 3
    for address in addresses(name):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address.startswith("/overlays/") and not urlsplit(address).path.endswith(".html"):
            page = client.get(f"{address}&frame=1&preview=1").text
            assert "overlay-fault" not in page, address


@pytest.mark.parametrize("name", ["overlays-in-casparcg", "overlays-in-spx"])
def test_what_a_host_plays_waits_to_be_played(name: str) -> None:
    played = [each for each in addresses(name) if "/overlays/" in each]
    assert [each for each in played if "wait=1" not in each] == (
        ["/overlays/bug?out=tv1"] if name == "overlays-in-casparcg" else []
    )


def test_what_casparcg_is_told_of_a_person_is_what_is_meant() -> None:
    told = re.search(r'^CG 1-20 UPDATE 0 "(.*)"$', PAGES["overlays-in-casparcg"], re.MULTILINE)
    assert told is not None
    text = re.sub(r"\\(.)", r"\1", told[1])  # As its tokenizer takes quotes and backslashes off.
    assert text.isascii()
    data = msgspec.json.decode(text)
    data["titles"] = data["titles"].split("\n")
    assert msgspec.convert(data, LowerThirdSettings) == LowerThirdSettings(
        honorific="dong-chi", name="Nguyễn Văn A", titles=("Bí thư Tỉnh ủy",)
    )


@pytest.mark.parametrize("page", ["overlays-with-companion", "dress-overlays"])
def test_every_command_has_the_words_and_options_that_the_page_gives_it(page: str) -> None:
    text = (ROOT / "docs" / "how-to" / f"{page}.md").read_text("utf-8")
    found = re.findall(r"python3 run\.py ([^`\n]+)", text)
    assert found
    for line in found:
        command, words = cast("click.Command", cli), line.split()
        while isinstance(command, click.Group):
            inner = command.get_command(click.Context(command), words.pop(0))
            assert inner is not None, line
            command = inner
        command.make_parser(click.Context(command)).parse_args(words)


def test_the_page_for_spx_says_its_fields_and_layers_as_the_guide_does(client: TestClient) -> None:
    lanes = {"total": "1", "standings": "2", "bug": "3", "launch": "4"}
    for overlay, layer in lanes.items():
        page = client.get(f"/overlays/{overlay}/shim.html?out=tv1&wait=1").text
        found = re.search(r'id="spx">(.*?)</script>', page)
        assert found is not None
        definition = msgspec.json.decode(unescape(found[1]))
        assert {key: definition[key] for key in ("webplayout", "playserver", "out", "dataformat")} == {
            "webplayout": layer, "playserver": "OVERLAY", "out": "manual", "dataformat": "json",
        }  # fmt: skip
