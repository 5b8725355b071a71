"""What is on air comes back: after a stop, after kill −9 at a random moment, and out of a backup."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from server.folder.files import ADMIN_FILE
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.data_folder import run_in
from tests.worlds.process import Serving, served
from tests.worlds.steering import Operator, shown, until_written
from tests.worlds.whole import sized

KILLS = sized(4, whole=30)
ALIVE_S_MAX = 0.15
SCENES = ("standby", "live")


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


def test_a_take_that_a_kill_has_kept_off_the_disk_keeps_no_later_one_from_the_screens(tmp_path: Path) -> None:
    data = tmp_path / "data"
    serving = Serving(data)
    data.mkdir()
    operator = Operator(serving)
    serving.start()
    try:
        operator.sign_in()
        until_written(data, operator.take("standby"))
        kept = shown(serving)
        time.sleep(PRESS_AGAIN_MS / 1000)
        with closing(sqlite3.connect(data / ADMIN_FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            lost_version = operator.take("live")
            lost = shown(serving)
            serving.kill()
        serving.start()
        back = shown(serving)
        assert back["state"] == kept["state"]
        assert back["epoch"] not in {kept["epoch"], lost["epoch"]}, "screens take it, at an older position too"
        assert operator.take("live") > lost_version, "no version comes again"
        again = shown(serving)
        assert again["state"]["scene"]["take"] > lost["state"]["scene"]["take"], "nor does a take"
    finally:
        serving.kill()
