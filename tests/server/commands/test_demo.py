"""`demo`: one command, and figures move on the screens; when it ends nothing is left."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import msgspec
import pytest
from websockets.sync.client import connect

from tests.suite import ROOT

MOVES_WITHIN_S = 60.0
ENDS_WITHIN_S = 30.0


@contextmanager
def demo(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A demo on a port of its own, and what it printed; throw-away folders are made in ``folder``."""
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "server.cli", "demo", "--port", "0"],
            cwd=ROOT, env={"TMPDIR": str(folder)}, stdout=subprocess.PIPE, stderr=log, text=True,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        try:
            lines: list[str] = []
            while not (lines and "/welcome#" in lines[-1]):
                line = process.stdout.readline()
                assert line, (folder / "log").read_text()[-2000:]
                lines.append(line.strip())
            yield process, lines
        finally:
            process.kill()


def followed(url: str) -> dict[str, list[int]]:
    """The rows of the rehearsal board once an entry has come, as a screen gets them."""
    rows: dict[str, list[int]] = {}
    with connect(url.replace("http://", "ws://") + "/live/rehearsal/board", open_timeout=ENDS_WITHIN_S) as screen:
        while not rows or rows["02"][1] == 0:
            frame = msgspec.json.decode(screen.recv(MOVES_WITHIN_S))
            rows |= frame.get("rows", {})
    return rows


def opened_by_a_newcomer(url: str, link: str) -> str:
    """The control room, as whoever has chosen a password by the one-time link finds it."""
    path, _, token = link.partition("#")
    form = {"token": token, "login": "thu", "name": "Thử", "password": "Nắng tháng Tám", "again": "Nắng tháng Tám"}
    with httpx2.Client(headers={"Origin": url}, timeout=ENDS_WITHIN_S, follow_redirects=True) as browser:
        assert browser.get(f"{url}/control").url.path == "/sign-in"
        answer = browser.post(path, data=form)
    assert (answer.status_code, answer.url.path) == (200, "/control")
    return answer.text


def processes_with(text: str) -> list[int]:
    """The processes whose command line has a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # It has ended since.
        if text in command:
            found.append(int(path.parent.name))
    return found


def test_the_screens_move_every_link_answers_and_nothing_is_left(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, lines):
        url = lines[0].removeprefix("Ready: ")
        rows = followed(url)
        assert rows["02"][1] == sum(cells[1] for code, cells in rows.items() if len(code) == 3 or code[:3] == "HG-")
        links = [line.split()[-1] for line in lines if "http" in line and not line.startswith("Ready")]
        assert len(links) >= 10
        for link in links:
            response = httpx2.get(link, timeout=ENDS_WITHIN_S, follow_redirects=True)
            assert response.status_code == 200, link
        assert {f"{url}/control", f"{url}/control/presenter"} <= {*links}
        assert "SỐ LIỆU GIẢ ĐỊNH" in opened_by_a_newcomer(url, links[-1]).upper()
        assert "SỐ LIỆU GIẢ ĐỊNH" in httpx2.get(f"{url}/").text.upper()
        point, _, token = next(link for link in links if "/points/" in link and "#" in link).partition("#")
        opened = httpx2.post(point, data={"code": token}, headers={"Origin": url})
        assert (opened.status_code, "set-cookie" in opened.headers) == (303, True)
        live = httpx2.get(f"{url}/live/board").json()
        assert {cell for cells in live["rows"].values() for cell in cells[:4]} == {0}
        process.send_signal(signal.SIGINT)
        assert process.wait(ENDS_WITHIN_S) == 0
        if sys.platform == "linux":
            assert not processes_with(f"--url {url} ")
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
    said = (tmp_path / "log").read_text()
    assert "whsec_" not in said
    assert links[-1].rpartition("#")[2] not in said


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_nothing_is_left_whatever_ends_it(tmp_path: Path, number: signal.Signals) -> None:
    with demo(tmp_path) as (process, _):
        process.send_signal(number)
        assert process.wait(ENDS_WITHIN_S) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_nothing_is_left_of_one_that_is_ended_before_it_is_ready(tmp_path: Path, number: signal.Signals) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "server.cli", "demo", "--port", "0"],
            cwd=ROOT, env={"TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL, stderr=log,
        ) as process,
    ):  # fmt: skip
        try:
            # The folder is there before anything that takes time.
            deadline_s = time.monotonic() + ENDS_WITHIN_S
            while len([*tmp_path.iterdir()]) == 1 and time.monotonic() < deadline_s:
                time.sleep(0.001)
            process.send_signal(number)
            assert process.wait(ENDS_WITHIN_S) in {0, 128 + number}
        finally:
            process.kill()
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_the_traffic_ends_with_a_demo_that_is_killed(tmp_path: Path) -> None:
    with demo(tmp_path) as (process, lines):
        url = lines[0].removeprefix("Ready: ")
        followed(url)
        (traffic,) = processes_with(f"--url {url} ")
        descriptor = os.pidfd_open(traffic)
        try:
            process.kill()
            # Readable once the process has ended; nobody but init may wait for a grandchild.
            ended, _, _ = select.select([descriptor], [], [], ENDS_WITHIN_S)
        finally:
            os.close(descriptor)
    assert ended
