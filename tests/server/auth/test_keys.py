"""Keys of screens and of devices."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.auth.keys import CONTROL_KEYS_MAX, KeyNameError, Keys
from server.auth.roles import ControlKey, StageKey
from server.commands.key import key as command
from server.folder.admin_file import REFRESH_S
from server.net.websocket import CLOSE_KEY_REVOKED
from tests.worlds.apps import app_of, client_of
from tests.worlds.clocks import Stopwatch
from tests.worlds.process import run, served
from tests.worlds.serving import WAIT_S


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def keys(tmp_path: Path, clock: Stopwatch) -> Keys:
    return Keys(tmp_path / "admin.db", monotonic_s=clock)


def test_a_key_has_a_name_until_it_is_revoked(keys: Keys, clock: Stopwatch, tmp_path: Path) -> None:
    beside = Keys(tmp_path / "admin.db")
    tv1, tv2 = beside.add("tv1"), beside.add("tv2")
    assert tv1.startswith("dck_")
    assert (keys.find(tv1), keys.find(tv2)) == ("tv1", "tv2")
    assert keys.in_force("tv1")
    beside.revoke("tv1")
    clock.s += REFRESH_S
    assert (keys.find(tv1), keys.find(tv2)) == (None, "tv2")
    assert not keys.in_force("tv1")
    assert keys.in_force("tv2")


def test_a_change_that_leaves_the_time_stamp_as_it_was_is_seen(keys: Keys, clock: Stopwatch, tmp_path: Path) -> None:
    path = tmp_path / "admin.db"
    beside = Keys(path)
    made = beside.add("tv1")
    assert keys.find(made) == "tv1"
    before = path.stat()
    beside.revoke("tv1")
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    clock.s += REFRESH_S
    assert keys.find(made) is None


def test_a_file_that_is_quiet_is_read_once(tmp_path: Path, clock: Stopwatch) -> None:
    path = tmp_path / "admin.db"
    made = Keys(path).add("tv1")
    later_ms = path.stat().st_mtime_ns // 1_000_000 + 60_000
    keys = Keys(path, now_ms=lambda: later_ms, monotonic_s=clock)
    assert keys.find(made) == "tv1"
    stamp = path.stat()
    path.write_bytes(b"\0" * stamp.st_size)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    clock.s += REFRESH_S
    assert keys.find(made) == "tv1"


def test_a_key_that_steers_reads_no_topic_and_one_that_reads_steers_nothing(
    keys: Keys, clock: Stopwatch, tmp_path: Path
) -> None:
    beside = Keys(tmp_path / "admin.db")
    screen, device = beside.add("tv1"), beside.add("companion", "tv1")
    assert device.startswith("dcc_")
    assert (keys.find_control(device), keys.find_control(screen)) == (ControlKey("companion", "tv1"), None)
    assert (keys.find(device), keys.in_force("companion")) == (None, False)
    beside.revoke("companion")
    clock.s += REFRESH_S
    assert keys.find_control(device) is None
    assert [(key.name, key.output) for key in beside.list()] == [("companion", "tv1"), ("tv1", None)]


def test_a_tablets_key_is_for_one_thing_on_stage_and_for_nothing_else(
    keys: Keys, clock: Stopwatch, tmp_path: Path
) -> None:
    beside = Keys(tmp_path / "admin.db", now_ms=lambda: 7)
    presenter, button = beside.add("mc", "hall", stage="presenter"), beside.add("nut", "tv1", stage="button")
    assert (presenter[:4], button[:4]) == ("dcp_", "dcb_")
    assert keys.find_stage(presenter) == keys.named("mc") == StageKey("mc", "hall", "presenter", 7)
    assert keys.find_stage(button) == StageKey("nut", "tv1", "button", 7)
    assert keys.in_force("mc")
    for key in (presenter, button):
        assert (keys.find(key), keys.find_control(key)) == (None, None)
    beside.revoke("mc")
    clock.s += REFRESH_S
    assert (keys.find_stage(presenter), keys.named("mc"), keys.in_force("mc")) == (None, None, False)
    assert [(key.name, key.stage, key.output) for key in beside.list()] == [
        ("mc", "presenter", "hall"), ("nut", "button", "tv1"),
    ]  # fmt: skip


def test_there_are_so_many_keys_of_tablets_and_no_more(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.auth.keys.STAGE_KEYS_MAX", 1)
    keys.add("a", "hall", stage="presenter")
    with pytest.raises(KeyNameError, match="expected 1 links of the stage in force at most"):
        keys.add("b", "hall", stage="button")
    keys.add("companion", "tv1")
    with pytest.raises(KeyNameError, match="expected hall, points"):
        keys.add("c", stage="button")


@pytest.mark.parametrize("output", ["", "tv0", "tv17", "TV1", "wall"])
def test_a_key_steers_what_may_be_an_output(keys: Keys, output: str) -> None:
    with pytest.raises(KeyNameError, match="expected hall, points, tv1 to tv16"):
        keys.add("companion", output)


def test_there_are_so_many_control_keys_and_no_more(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.auth.keys.CONTROL_KEYS_MAX", 2)
    assert CONTROL_KEYS_MAX > 2
    keys.add("a", "tv1")
    keys.add("b", "hall")
    with pytest.raises(KeyNameError, match="expected 2 control keys in force at most"):
        keys.add("c", "tv1")
    keys.add("screen")
    keys.revoke("a")
    keys.add("c", "tv1")


@pytest.mark.parametrize("key", ["", "dck_", "\ud800", "x" * 10_000])
def test_a_wrong_key_is_nobodys(keys: Keys, key: str) -> None:
    keys.add("tv1")
    assert keys.find(key) is None
    assert keys.find("tv1") is None


def test_a_folder_without_admin_db_and_one_of_an_older_version_have_no_keys(keys: Keys, tmp_path: Path) -> None:
    assert keys.find("dck_x") is None
    (tmp_path / "older.db").touch()
    assert Keys(tmp_path / "older.db").find("dck_x") is None
    assert not (tmp_path / "admin.db").exists()


def test_the_key_itself_is_in_no_file(keys: Keys, tmp_path: Path) -> None:
    made, device = keys.add("tv1"), keys.add("companion", "tv1")
    for file in tmp_path.iterdir():
        assert made.encode() not in file.read_bytes()
        assert device.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", "TV", "-a", "a" * 41, "a b", "a/../b", "ă"])
def test_a_name_is_short_and_plain(keys: Keys, name: str) -> None:
    with pytest.raises(KeyNameError, match="expected 1 to 40 lower-case letters"):
        keys.add(name)


def test_a_name_is_used_once(keys: Keys) -> None:
    keys.add("tv1")
    with pytest.raises(KeyNameError, match='key "tv1" exists already: choose another name'):
        keys.add("tv1")
    keys.revoke("tv1")
    with pytest.raises(KeyNameError, match='key "tv1" was revoked already: choose another name'):
        keys.add("tv1")
    with pytest.raises(KeyNameError, match='there is no key "tv2"'):
        keys.revoke("tv2")


def test_a_second_revocation_leaves_the_time_of_the_first(tmp_path: Path) -> None:
    now_ms = iter([1, 2, 3])
    keys = Keys(tmp_path / "admin.db", now_ms=lambda: next(now_ms))
    keys.add("tv1")
    keys.revoke("tv1")
    keys.revoke("tv1")
    assert [key.revoked_ms for key in keys.list()] == [2]


def test_the_command_prints_a_key_once_alone_and_never_lists_it(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "new")]
    made = CliRunner().invoke(command, ["add", "tv1", *data])
    assert made.exit_code == 0
    assert Keys(tmp_path / "new" / "admin.db").find(made.stdout.removesuffix("\n")) == "tv1"
    name, purpose, made_at, state = CliRunner().invoke(command, ["list", *data]).stdout.rstrip("\n").split("\t")
    assert (name, purpose, state) == ("tv1", "reads", "in force")
    assert made_at.startswith("made 2")
    assert CliRunner().invoke(command, ["revoke", "tv1", *data]).exit_code == 0
    listed = CliRunner().invoke(command, ["list", *data]).stdout
    assert "\trevoked 2" in listed
    assert "dck_" not in listed


def test_an_empty_list_says_how_to_make_one(tmp_path: Path) -> None:
    listed = CliRunner().invoke(command, ["list", "--data", str(tmp_path)])
    assert (listed.stdout, listed.exit_code) == ("", 0)
    assert "key add NAME" in listed.stderr


def test_the_command_makes_a_devices_key_for_the_output_that_it_names(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path)]
    made = CliRunner().invoke(command, ["add", "companion", "--control", "--output", "tv1", *data])
    assert made.exit_code == 0, made.output
    assert Keys(tmp_path / "admin.db").find_control(made.stdout.removesuffix("\n")) == ControlKey("companion", "tv1")
    assert CliRunner().invoke(command, ["list", *data]).stdout.startswith("companion\tsteers tv1\tmade 2")
    for stage, path in (("presenter", "/presenter"), ("button", "/control/button")):
        link = CliRunner().invoke(command, ["add", stage, f"--{stage}", "--output", "hall", *data]).stdout.strip()
        where, _, key = link.partition("#")
        found = Keys(tmp_path / "admin.db").find_stage(key)
        assert found is not None
        assert (where, found.stage, found.output) == (path, stage, "hall")
    listed = CliRunner().invoke(command, ["list", *data]).stdout
    assert "button\tbutton hall\t" in listed
    assert "presenter\tpresenter hall\t" in listed
    for wrong in (["--control"], ["--presenter"], ["--output", "tv1"], ["--button", "--control", "--output", "tv1"]):
        assert CliRunner().invoke(command, ["add", "other", *wrong, *data]).exit_code == 2


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_s = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < give_up_s, "waited in vain"
        time.sleep(0.05)


def heard_all(screen: ClientConnection) -> None:
    while True:
        screen.recv(timeout=2 * WAIT_S)


def test_a_running_server_honours_keys_made_and_revoked_beside_it_and_never_writes_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as server, httpx2.Client(headers={"Origin": "http://overlay.example"}, trust_env=False) as poll:
        made = run("key", "add", "tv1", "--data", data)
        assert made.returncode == 0, made.stderr
        key = made.stdout.strip()
        url = f"{server.url}/live/board?key={key}"
        wait_until(lambda: poll.get(url).status_code == 200)
        overlay = {"Origin": "http://overlay.example"}
        with connect(url.replace("http", "ws", 1), additional_headers=overlay, proxy=None) as screen:
            assert run("key", "revoke", "tv1", "--data", data).returncode == 0
            with pytest.raises(ConnectionClosed) as closed:
                heard_all(screen)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CLOSE_KEY_REVOKED
        refused = poll.get(url)
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_key")
        device = run("key", "add", "companion", "--control", "--output", "hall", "--data", data).stdout.strip()
        bearer, outputs = {"Authorization": f"Bearer {device}"}, f"{server.url}/api/v1/outputs"
        wait_until(lambda: httpx2.get(outputs, headers=bearer, trust_env=False).status_code == 200)
        assert run("key", "revoke", "companion", "--data", data).returncode == 0
        wait_until(lambda: httpx2.get(outputs, headers=bearer, trust_env=False).status_code == 401)
        assert poll.get(f"{server.url}/live/board?key={device}").status_code == 403
        said = server.log_path.read_text()
    assert "key_not_in_force" in said
    assert key not in said
    assert device not in said


def test_a_program_without_origin_reads_topics_and_writes_nothing_without_a_secret(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    key = app.keys.add("tv1")
    with client_of(app) as client:
        assert client.get("/live/board").status_code == 200
        for query in ("", f"?key={key}"):
            assert client.get(f"/live/board{query}").status_code == 200
            assert client.post(f"/api/v1/participations{query}", json=[]).status_code == 401
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                assert client.request(method, f"/live/board{query}").status_code == 403
        bearer = {"Authorization": f"Bearer {key}"}
        assert client.post("/api/v1/participations", json=[], headers=bearer).status_code == 401
        assert client.get("/metrics", headers=bearer).status_code == 403
