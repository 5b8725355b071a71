"""The guides for devices: every line of them does what it says, and every field that lights a button is answered."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import msgspec
import pytest

from server.auth.accounts import Accounts
from server.auth.roles import Role
from server.folder.files import ADMIN_FILE
from server.routes.api.outputs import OutputShown
from streaming.contests.contest import load_contest, shipped_contest
from tests.suite import ROOT
from tests.worlds.hashes import quick_hash
from tests.worlds.people import PASSWORD
from tests.worlds.process import run, served
from tests.worlds.serving import WAIT_S

GUIDE = (ROOT / "docs" / "how-to" / "steer-with-a-device.md").read_text(encoding="utf-8")
OF_OVERLAYS = (ROOT / "docs" / "how-to" / "overlays-with-companion.md").read_text(encoding="utf-8")
LINE = re.compile(r"curl -sS .*?(?=` \||$)", re.MULTILINE)
FIELD = re.compile(r"`([a-z_]+)[`.]")


class Desk(NamedTuple):
    """A director's desk: where the server is, and the key of the device."""

    url: str
    key: str

    def shell(self, line: str) -> dict[str, Any]:
        """What a line of the guide is answered."""
        found = subprocess.run(
            ["bash", "-euc", line], env={"PATH": "/usr/bin:/bin", "URL": self.url, "KEY": self.key, "no_proxy": "*"},
            capture_output=True, text=True, check=True, timeout=WAIT_S,
        )  # fmt: skip
        answer: dict[str, Any] = msgspec.json.decode(found.stdout)
        return answer

    def press(self, line: str) -> dict[str, Any]:
        """The same, once it is no second press."""
        give_up_s = time.monotonic() + WAIT_S
        while (answer := self.shell(line)).get("code") == "too_soon":
            assert time.monotonic() < give_up_s
            time.sleep(0.2)
        return answer

    @property
    def lights(self) -> dict[str, Any]:
        """What the buttons are lit by."""
        own: dict[str, Any] = self.shell(LIGHTS)["outputs"][0]
        return own


LINES = LINE.findall(GUIDE)
LIGHTS = next(line for line in LINES if line.endswith('outputs" -H "Authorization: Bearer $KEY"'))
LIT: dict[str, tuple[str, Any]] = {
    "take": ("scene", "live"), "standby": ("scene", "backdrop"), "panic": ("frozen", True), "resume": ("frozen", False),
    "withdraw": ("withdrawn", True), "restore": ("withdrawn", False), "lock": ("locked_by", "key:companion"),
    "unlock": ("locked_by", None), "delay": ("delay_ms", 8_000),
}  # fmt: skip
"""What is lit after a press; the last line of an address counts where there are several."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data: Path = tmp_path_factory.mktemp("desk") / "data"
    with served(data) as server:
        accounts = Accounts(data / ADMIN_FILE)
        tree = load_contest(shipped_contest()).contest.tree
        accounts.use_link(accounts.add("lan", "Lan", Role.OPERATOR, None, tree), quick_hash(PASSWORD))
        with httpx2.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False) as lan:
            assert lan.post("/sign-in", data={"login": "lan", "password": PASSWORD}).status_code == 303
            assert lan.post("/api/v1/outputs", json={"name": "tv1"}).status_code == 201
        made = run(*["key", "add", "companion", "--control", "--output", "tv1", "--data"], data)
        found = Desk(server.url, made.stdout.strip())
        give_up_s = time.monotonic() + WAIT_S
        while "outputs" not in found.shell(LIGHTS):
            assert time.monotonic() < give_up_s, "the key is not known"
            time.sleep(0.1)
        yield found


def test_every_line_does_what_it_says(desk: Desk) -> None:
    assert len(LINES) == 19
    for line in LINES:
        if line == LIGHTS:
            continue
        answer = desk.press(line)
        assert list(answer) == ["version"], f"{line}: {answer}"
        does = line.partition("tv1/")[2].partition('"')[0]
        if does in LIT:
            field, value = LIT[does]
            assert desk.lights[field] == value, line
        if does in {"tally", "follow", "store"}:
            # These tell what they set; the answer has it.
            body = msgspec.json.decode(line.partition("-d '")[2].rstrip("'"))
            field, value = next(iter(body.items()))
            assert desk.lights[{"on": "tally", "output": "follows"}.get(field, field)] == value, line
        if does == "launch":
            assert desk.lights["cue"]["name"] == "launch"


def test_every_field_that_lights_a_button_is_answered(desk: Desk) -> None:
    table = GUIDE.partition("## What lights the buttons")[2].partition("## Tally")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in FIELD.findall(row)} - {"null", "true", "rehearsal"}
    assert named >= {"scene", "frozen", "withdrawn", "locked_by", "tally", "cue", "store", "delay_ms", "follows"}
    assert named <= set(OutputShown.__struct_fields__) & set(desk.lights)


def test_every_line_for_overlays_does_what_it_says(desk: Desk) -> None:
    lines = LINE.findall(OF_OVERLAYS)
    assert len(lines) == 12
    (tells,) = (line for line in lines if " -d " not in line)
    for line in lines:
        if line == tells:
            continue
        answer = desk.press(line)
        assert list(answer) == ["version"], f"{line}: {answer}"
        now = desk.shell(tells)
        name, _, does = line.partition("/overlays/")[2].partition('"')[0].partition("/")
        body = msgspec.json.decode(line.partition("-d '")[2].rstrip("'"))
        if does in {"show", "hide"}:
            assert now["overlays"][name]["shown"] is (does == "show"), line
        assert now["overlays"].get(name, {}).get("data", {}).items() >= body.get("data", {}).items(), line
        assert {key: value for key, value in body.items() if key in {"boxes", "theme"}}.items() <= now.items(), line
        if name == "clear":
            assert not any(each["shown"] for each in now["overlays"].values())


def test_another_output_is_not_the_keys(desk: Desk) -> None:
    for line in LINES:
        if "tv1" in line:
            assert desk.shell(line.replace("tv1", "hall"))["code"] in {"no_right", "too_many_requests"}
