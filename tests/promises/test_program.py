"""What is on air comes back: after a stop, after kill −9 at a random moment, and out of a backup."""

import random
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
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.data_folder import run_in
from tests.worlds.hashes import quick_hash
from tests.worlds.people import PASSWORD
from tests.worlds.process import Serving, served
from tests.worlds.serving import WAIT_S
from tests.worlds.whole import sized

KILLS = sized(4, whole=30)
ALIVE_S_MAX = 0.15
SCENES = ("standby", "live")
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
        hall = httpx2.get(f"{self.serving.url}/api/v1/outputs", headers=self.headers).json()["outputs"][0]
        version: int = hall["version"]
        return version

    def take(self, scene: str) -> int:
        answer = httpx2.post(
            f"{self.serving.url}/api/v1/outputs/hall/take",
            json={"scene": scene, "seen": self.seen},
            headers=self.headers,
        )
        assert answer.status_code == 200, answer.text
        version: int = answer.json()["version"]
        return version


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


def test_a_scene_stays_on_air_over_a_stop_a_kill_and_a_backup(tmp_path: Path) -> None:
    data = tmp_path / "data"
    serving = Serving(data)
    data.mkdir()
    operator = Operator(serving)
    serving.start()
    try:
        operator.sign_in()
        operator.take("standby")
        before = shown(serving)
        assert before["state"]["scene"]["name"] == "standby"
        assert serving.stop() == 0
        serving.start()
        after = shown(serving)
        assert after["state"] == before["state"]
        assert after["epoch"] != before["epoch"]
        version = operator.take("live")
        until_written(data, version)
        before = shown(serving)
        assert run_in(data, "backup", str(tmp_path / "backup.tar")).exit_code == 0
        serving.kill()
        serving.start()
        assert shown(serving)["state"] == before["state"]
    finally:
        serving.kill()
    assert run_in(tmp_path / "again", "restore", str(tmp_path / "backup.tar")).exit_code == 0
    with served(tmp_path / "again") as again:
        assert shown(again)["state"] == before["state"]


def test_whenever_it_is_killed_what_was_on_air_last_or_before_comes_back_and_no_take_is_named_twice(
    tmp_path: Path,
) -> None:
    data, rng = tmp_path / "data", random.Random(11)
    serving = Serving(data)
    data.mkdir()
    operator = Operator(serving)
    serving.start()
    operator.sign_in()
    named: dict[int, dict[str, Any]] = {}
    try:
        for number in range(KILLS):
            frame = shown(serving)
            taken = [frame["state"]["scene"]]
            operator.take(SCENES[number % 2])
            taken.append(shown(serving)["state"]["scene"])
            for scene in taken:
                assert named.setdefault(scene["take"], scene) == scene
            time.sleep(rng.random() * ALIVE_S_MAX)
            serving.kill()
            serving.start()
            assert shown(serving)["state"]["scene"] in taken
            time.sleep(PRESS_AGAIN_MS / 1000)
    finally:
        serving.kill()
