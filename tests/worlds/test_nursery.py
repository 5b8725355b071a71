"""Processes that are forked end, speak and are killed as those that begin with an interpreter of their own."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.worlds.nursery import LOST, Forked, nursery
from tests.worlds.power import build
from tests.worlds.process import Serving, begin, run

NOWHERE = os.open(os.devnull, os.O_WRONLY)


def test_a_command_says_and_ends_as_it_would_by_itself(tmp_path: Path) -> None:
    for arguments in (["audit", "--data", str(tmp_path)], ["serve", "--port", "nine"]):
        forked = run(*arguments)
        alone = run(*arguments, LANG="C.UTF-8", COLUMNS="80")
        assert (forked.returncode, forked.stdout, forked.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_only_what_needs_an_interpreter_of_its_own_gets_one(tmp_path: Path) -> None:
    library = build(tmp_path)

    def is_forked(*, prefix: tuple[str, ...] = (), **more: str) -> bool:
        process = begin(["--help"], os.environ | more, NOWHERE, NOWHERE, prefix)
        assert process.wait(30) == 0
        return isinstance(process, Forked)

    assert is_forked()
    assert is_forked(DIEMCAU_PORT="9")
    assert is_forked(LD_PRELOAD=str(library))
    assert not is_forked(PYTHONIOENCODING="ascii")
    assert not is_forked(prefix=("nice",))


def test_a_server_is_a_process_of_its_own_until_it_is_ended(tmp_path: Path) -> None:
    serving = Serving(tmp_path / "data", environment={"DIEMCAU_LANG": "en"})
    codes = []
    for number in (signal.SIGTERM, signal.SIGKILL):
        serving.start()
        process = serving.process
        assert isinstance(process, Forked)
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        assert os.getpgid(process.pid) == os.getpgrp()
        codes.append(serving.end(number))
        assert process.poll() == process.returncode == codes[-1]
        process.kill()  # To one that has ended, none.
    assert codes == [0, -signal.SIGKILL]


def test_who_waits_for_a_process_of_a_nursery_that_died_is_told() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.send(b"1234567")
    process = Forked(ours)
    theirs.close()
    assert (process.pid, process.wait(), process.poll()) == (1234567, LOST, LOST)


def test_whoever_measures_a_server_gets_one_that_begins_as_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")
    assert nursery.__wrapped__(None) is None
