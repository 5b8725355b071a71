"""A server whose clock is slow, over HTTP: good entries are asked to come again, and operators are told."""

import time
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from tests.server.apps import app_of, client_of
from tests.server.test_leak import LEAF
from tests.server.watch_room import HOUR_MS, Clock

TEN_MIN_MS = 600_000


def post(client: TestClient, secret: str, *at_ms: int) -> "tuple[int, dict[str, str], dict[str, object]]":
    items = [
        {"id": f"e{ms}", "kind": "completed", "unit": LEAF, "at": datetime.fromtimestamp(ms / 1000, UTC).isoformat()}
        for ms in at_ms
    ]
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/participations", json=items, headers=headers)
    return answer.status_code, dict(answer.headers), answer.json()


def test_entries_that_a_slow_clock_would_refuse_come_again_and_are_kept(tmp_path: Path) -> None:
    clock = Clock()
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        secret = app.state.sources.add("web")
        now_ms = clock.ms + TEN_MIN_MS
        for _ in range(2):
            status, headers, problem = post(client, secret, now_ms, now_ms - 1_000)
            assert (status, headers["retry-after"], problem["code"]) == (503, "30", "clock")
            assert headers["content-type"] == "application/problem+json"
            assert "nothing was stored, send the same again" in str(problem["detail"])
        assert app.state.live.ledger.head == 1
        assert client.get("/readyz").json()["warnings"] == [
            "clock: it is 599 s behind what sources of the live store tell"
        ]
        app.state.live.watch.look()
        (alarm,) = app.state.live.watch.topic.state["alarms"]
        assert (alarm["id"], alarm["detail"]["by_ms"]) == ("clock:~sources", TEN_MIN_MS - 1_000)
        clock.set(TEN_MIN_MS)
        app.state.live.watch.look()
        status, _, report = post(client, secret, now_ms, now_ms - 1_000)
        assert (status, report["accepted"], report["rejected"]) == (200, 2, [])
        assert [each for each in client.get("/readyz").json()["warnings"] if "behind" in each] == []


def test_a_source_that_is_wrong_among_others_is_told(tmp_path: Path) -> None:
    clock = Clock()
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        right, wrong = app.state.sources.add("web"), app.state.sources.add("bao")
        assert post(client, right, clock.ms)[0] == 200
        status, _, report = post(client, wrong, clock.ms + HOUR_MS)
        assert (status, report["accepted"]) == (200, 0)
        assert client.get("/readyz").json()["warnings"] == []


def test_a_clock_that_was_set_back_is_allowed_for_at_the_very_next_request(tmp_path: Path) -> None:
    clock = Clock()
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        secret = app.state.sources.add("web")
        assert post(client, secret, clock.ms, clock.ms - 1, clock.ms - 2)[0] == 200
        true_ms = clock.ms + 1_000
        clock.set(-HOUR_MS)
        status, _, problem = post(client, secret, true_ms)
        assert (status, problem["code"]) == (503, "clock")


def test_a_signature_that_is_on_time_by_the_sources_clocks_is_asked_to_come_again(tmp_path: Path) -> None:
    # Signatures are told by the real clock, so this server's stands ten minutes behind it.
    behind_s = TEN_MIN_MS / 1000
    clock = Clock()
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        secret = app.state.sources.add("web")

        def signed(ahead_s: float) -> tuple[int, object]:
            at = f"{time.time() + ahead_s:.0f}"
            signature = f"v1,{b64encode(b'x' * 32).decode()}"
            headers = {"webhook-id": "m", "webhook-timestamp": at, "webhook-signature": signature}
            answer = client.post("/api/v1/participations", json=[], headers=headers)
            return answer.status_code, answer.json()["code"]

        assert signed(behind_s) == (401, "wrong_signature"), "nobody else says that the clock is slow"
        assert post(client, secret, clock.ms + TEN_MIN_MS)[0] == 503
        assert signed(behind_s) == (503, "clock")
        assert signed(0) == (401, "wrong_signature"), "on time, and by nobody"
        for ahead_s in (-behind_s, 2 * behind_s):
            assert signed(ahead_s) == (401, "wrong_signature")
