"""kill −9 at a random moment, again and again: nothing acknowledged is lost, nothing is counted twice."""

import http.client
import json
import random
import threading
import time
from pathlib import Path
from typing import Any

from streaming.contests.contest import load_contest, shipped_contest
from tests.worlds.process import Serving, ids_in, run
from tests.worlds.whole import sized

KILLS = sized(6, whole=50)
CLIENTS = 4
ALIVE_S_MAX = 0.4
CONTEST = load_contest(shipped_contest()).contest
LEAVES = [leaf.code for leaf in CONTEST.tree.leaves]


class Client(threading.Thread):
    """Sends batches for ever, each until it is acknowledged, and keeps a journal of what was."""

    def __init__(self, serving: Serving, secret: str, number: int) -> None:
        super().__init__(name=f"client {number}")
        self.serving = serving
        self.headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
        self.number = number
        self.rng = random.Random(number)
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.ends = threading.Event()
        self.complaints: list[str] = []

    def run(self) -> None:
        count = 0
        while not self.ends.is_set():
            batch = []
            for _ in range(self.rng.randint(1, 20)):
                count += 1
                batch.append(self.item(count))
            ids = {item["id"] for item in batch}
            self.sent |= ids
            if self.deliver(json.dumps(batch), len(batch)):
                self.acknowledged |= ids

    def item(self, count: int) -> dict[str, Any]:
        at = "2022-09-09T10:00:00+07:00"
        code = self.rng.choice(LEAVES)
        return {"id": f"{self.number}-{count}", "kind": "completed", "unit": code, "at": at, "person": f"p{count}"}

    def deliver(self, body: str, items: int) -> bool:
        while not self.ends.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.serving.port, timeout=5)
            try:
                connection.request("POST", "/api/v1/participations", body, self.headers)
                response = connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException):
                self.ends.wait(0.005)
                continue
            finally:
                connection.close()
            if response.status == 503:
                continue
            if response.status != 200:
                self.complaints.append(f"{response.status} {answer!r}")
                return False
            report = json.loads(answer)
            if report["accepted"] + report["duplicates"] != items:
                self.complaints.append(f"{items} items, answered {report}")
            return True
        return False


def test_kills_lose_nothing_acknowledged_and_count_nothing_twice(tmp_path: Path) -> None:
    rng = random.Random(235)
    serving = Serving(tmp_path / "data", environment={"DIEMCAU_ROWS_PER_S": "100000"})
    secret = serving.secret()
    clients = [Client(serving, secret, number) for number in range(CLIENTS)]
    try:
        for kill in range(KILLS):
            serving.start()
            if kill == 0:
                for client in clients:
                    client.start()
            time.sleep(rng.uniform(0.02, ALIVE_S_MAX))
            serving.kill()
        serving.start()
        time.sleep(ALIVE_S_MAX)
        for client in clients:
            client.ends.set()
        for client in clients:
            client.join(10)
        total = settled_total(serving)
    finally:
        for client in clients:
            client.ends.set()
        serving.kill()
    stored = ids_in(serving.data / "ledger.db")
    acknowledged = set().union(*(client.acknowledged for client in clients))
    sent = set().union(*(client.sent for client in clients))
    assert [client.complaints for client in clients] == [[]] * CLIENTS
    assert len(acknowledged) > KILLS * CLIENTS
    assert acknowledged - set(stored) == set()
    assert set(stored) <= sent
    assert len(stored) == len(set(stored)) == total
    audited = run("audit", "--data", serving.data)
    assert audited.returncode == 0, audited.stdout + audited.stderr


def settled_total(serving: Serving) -> int:
    """The board's total once it no longer changes."""
    last = -1
    while True:
        total: int = serving.get("/live/board")["rows"][CONTEST.tree.root.code][2]
        if total == last:
            return total
        last = total
        time.sleep(0.5)
