"""Somebody who steers a server's outputs, and what its files have of them."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from server.auth.accounts import Accounts
from server.auth.roles import Role
from server.folder.files import ADMIN_FILE
from streaming.contests.contest import load_contest, shipped_contest
from streaming.program.output import Output
from tests.worlds.hashes import quick_hash
from tests.worlds.people import PASSWORD
from tests.worlds.process import Serving
from tests.worlds.serving import WAIT_S

CONTEST = load_contest(shipped_contest()).contest


class Operator:
    """Somebody who steers, in a session that outlives the server."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        accounts = Accounts(serving.data / ADMIN_FILE)
        accounts.make()
        accounts.use_link(accounts.add("lan", "Lan", Role.OPERATOR, None, CONTEST.tree), quick_hash(PASSWORD))
        self.headers = {"Origin": serving.url}

    def sign_in(self) -> None:
        answer = httpx2.post(
            f"{self.serving.url}/sign-in", data={"login": "lan", "password": PASSWORD}, headers=self.headers
        )
        assert answer.status_code == 303, answer.text
        self.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]

    @property
    def seen(self) -> int:
        """The version of the hall's output."""
        return self.seen_of("hall")

    def seen_of(self, output: str) -> int:
        found = httpx2.get(f"{self.serving.url}/api/v1/outputs", headers=self.headers).json()["outputs"]
        version: int = next(each["version"] for each in found if each["name"] == output)
        return version

    def make(self, output: str) -> None:
        """Make an output of a director's."""
        answer = httpx2.post(f"{self.serving.url}/api/v1/outputs", json={"name": output}, headers=self.headers)
        assert answer.status_code == 201, answer.text

    def act(self, output: str, what: str, /, **asked: Any) -> int:
        """Do something to an output; returns its version then. What the system did meanwhile, as at the opening, is
        looked at, and the same is asked again."""
        while True:
            answer = httpx2.post(
                f"{self.serving.url}/api/v1/outputs/{output}/{what}",
                json={"seen": self.seen_of(output), **asked},
                headers=self.headers,
            )
            if answer.status_code != 409 or answer.json().get("last", {}).get("by") != "system":
                break
        assert answer.status_code == 200, answer.text
        version: int = answer.json()["version"]
        return version

    def take(self, scene: str) -> int:
        """Put a scene on air in the hall."""
        return self.act("hall", "take", scene=scene)


def shown(serving: Serving) -> dict[str, Any]:
    """The frame of what is on air."""
    frame: dict[str, Any] = serving.get("/live/program/hall")
    return frame


def written(data: Path) -> Output:
    """The hall's output as the file has it."""
    with closing(sqlite3.connect(data / ADMIN_FILE)) as db:
        (text,) = db.execute("SELECT body FROM outputs WHERE name = 'hall'").fetchone()
    return msgspec.json.decode(text, type=Output)


def until_written(data: Path, version: int) -> None:
    until_s = time.monotonic() + WAIT_S
    while written(data).version < version:
        assert time.monotonic() < until_s, f"version {version} has not been written"
        time.sleep(0.01)
