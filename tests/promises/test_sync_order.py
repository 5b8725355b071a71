"""A trace of system calls: between the write of a participation and its answer stands a sync."""

import re
import shutil
import time
from pathlib import Path

import httpx2
import pytest

from tests.worlds.process import Serving

CALLS = "pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_write_ahead_log_is_synced_between_the_write_and_the_answer(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-y", "-s", "4200", "-e", f"trace={CALLS}", "-o", str(trace))
    serving = Serving(tmp_path / "data", prefix=strace)
    secret = serving.secret()
    serving.start()
    try:
        response = httpx2.post(
            f"{serving.url}/api/v1/participations",
            json={"id": "traced-1", "kind": "completed", "unit": "00688", "at": "2022-09-09T10:00:00+07:00"},
            headers={"authorization": f"Bearer {secret}"},
            timeout=20,
        )
        assert response.json()["accepted"] == 1
        time.sleep(0.2)
    finally:
        serving.stop()
    lines = trace.read_text(errors="replace").splitlines()
    written = next(i for i, line in enumerate(lines) if "ledger.db-wal" in line and "traced-1" in line)
    answered = next(i for i, line in enumerate(lines) if "HTTP/1.1 200" in line and i > written)
    synced = [i for i, line in enumerate(lines) if re.search(r"f(data)?sync\(\d+<[^>]*ledger\.db-wal>", line)]
    writes = [i for i, line in enumerate(lines) if "pwrite64" in line and "ledger.db-wal" in line and i < answered]
    assert [i for i in synced if max(writes) < i < answered], "\n".join(lines[written : answered + 1])
