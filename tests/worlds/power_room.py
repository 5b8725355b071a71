"""A server on a disk that may fail."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from streaming.contests.contest import load_contest, shipped_contest
from tests.worlds.power import Disk
from tests.worlds.process import STOP_S, Process, Serving, ids_in

ITEMS = 1_000
BATCHES_MAX = 60
LEAVES = [leaf.code for leaf in load_contest(shipped_contest()).contest.tree.leaves]


class Room:
    """A server on a disk that may fail, and what it has acknowledged."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.serving = Serving(folder)
        self.secret = self.serving.secret()
        self.disk = Disk(folder, library)
        self.serving.environment = {**self.disk.environment, "DIEMCAU_ROWS_PER_S": "1000000"}
        self.acknowledged: set[str] = set()
        self.rng = random.Random(9)

    @property
    def process(self) -> Process:
        assert self.serving.process is not None
        return self.serving.process

    def send(self, items: int = ITEMS) -> int:
        """Send new entries; returns the status, 0 if there was no answer."""
        ids = {f"{self.rng.getrandbits(64):x}" for _ in range(items)}
        at = "2022-09-09T10:00:00+07:00"
        batch = [{"id": id_, "kind": "completed", "unit": self.rng.choice(LEAVES), "at": at} for id_ in ids]
        try:
            answer = httpx2.post(
                f"{self.serving.url}/api/v1/participations",
                content=json.dumps(batch),
                headers={"authorization": f"Bearer {self.secret}", "content-type": "application/json"},
                timeout=STOP_S,
            )
        except httpx2.HTTPError:
            return 0
        if answer.status_code == 200:
            assert answer.json()["accepted"] == items
            self.acknowledged |= ids
        return answer.status_code

    def writes(self) -> int:
        """How often the file itself, and not its log, was written to."""
        return sum(call.what == "W" and call.name == "ledger.db" for call in self.disk.calls())

    def send_until_file_is_written(self) -> None:
        """Send until the log is carried over."""
        before = self.writes()
        for _ in range(BATCHES_MAX):
            assert self.send() == 200
            if self.writes() > before:
                return
        raise AssertionError("the log was never carried over")

    def ends(self) -> int | None:
        """Send until the server ends by itself; returns its exit code, None if it does not end."""
        for _ in range(BATCHES_MAX):
            if self.send() != 200:
                return self.process.wait(STOP_S)
        return None

    @property
    def last_line(self) -> str:
        return self.serving.log_path.read_text().splitlines()[-1]

    def cut(self, rng: random.Random | None = None) -> None:
        """Kill the server, and let the power go."""
        self.serving.kill()
        self.disk.cut(rng)
        self.is_all_there()

    def is_all_there(self) -> None:
        """Assert that every acknowledged row is in the ledger, which is sound."""
        stored = ids_in(self.serving.data / "ledger.db")
        assert self.acknowledged
        assert self.acknowledged - set(stored) == set()
        assert len(stored) == len(set(stored))


@contextmanager
def starting(folder: Path, library: Path) -> Iterator[Room]:
    """A room whose server runs on a new folder."""
    room = Room(folder, library)
    room.serving.start()
    # What a new folder is made of has reached the disk by the first acknowledgement, or never.
    assert room.send(1) == 200
    try:
        yield room
    finally:
        room.serving.kill()
