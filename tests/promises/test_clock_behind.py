"""A server whose clock is slow, over HTTP: good entries are asked to come again, and operators are told."""

import time
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook
from starlette.testclient import TestClient

from tests.worlds.apps import LEAF, NOW_MS, app_of, client_of
from tests.worlds.clocks import Clock
from tests.worlds.watch_room import HOUR_MS

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
    clock = Clock(NOW_MS)
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
        assert (alarm.id, alarm.detail["by_ms"]) == ("clock:~sources", TEN_MIN_MS - 1_000)
        clock.set(TEN_MIN_MS)
        app.state.live.watch.look()
        status, _, report = post(client, secret, now_ms, now_ms - 1_000)
        assert (status, report["accepted"], report["rejected"]) == (200, 2, [])
        assert [each for each in client.get("/readyz").json()["warnings"] if "behind" in each] == []


def test_a_source_that_is_wrong_among_others_is_told(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        right, wrong = app.state.sources.add("web"), app.state.sources.add("bao")
        assert post(client, right, clock.ms)[0] == 200
        status, _, report = post(client, wrong, clock.ms + HOUR_MS)
        assert (status, report["accepted"]) == (200, 0)
        assert client.get("/readyz").json()["warnings"] == []


def test_the_only_source_is_believed_until_another_comes_who_is_refused_nothing(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        wrong, right = app.state.sources.add("bao"), app.state.sources.add("web")
        assert post(client, wrong, clock.ms + TEN_MIN_MS)[0] == 503
        app.state.live.watch.look()
        assert [each.past for each in app.state.live.watch.topic.state["alarms"]] == [False]
        # With an entry of its own that lies in the future too: that alone is refused.
        status, _, report = post(client, right, clock.ms, clock.ms - 1, clock.ms + TEN_MIN_MS)
        assert (status, report["accepted"]) == (200, 2)
        assert warnings(client) == []
        clock.ms += 120_000
        app.state.live.watch.look()
        alarms = app.state.live.watch.topic.state["alarms"]
        assert [each.past for each in alarms if each.id == "clock:~sources"] == [True]


def test_the_only_source_is_believed_no_more_once_it_is_set_right(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        wrong = app.state.sources.add("bao")
        assert post(client, wrong, clock.ms + TEN_MIN_MS)[0] == 503
        # Set right, it sends what is new; what it told before comes again when its time has come.
        assert post(client, wrong, clock.ms, clock.ms - 1)[0] == 200
        assert warnings(client) == []
        kept_ms = clock.ms + TEN_MIN_MS
        clock.ms = kept_ms
        status, _, report = post(client, wrong, kept_ms)
        assert (status, report["accepted"]) == (200, 1)


def test_a_source_that_is_slow_loses_nothing_and_blames_nobody(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        status, _, report = post(client, app.state.sources.add("bao"), clock.ms - TEN_MIN_MS)
        assert (status, report["accepted"], warnings(client)) == (200, 1, [])


def test_a_clock_that_was_set_back_is_allowed_for_at_the_very_next_request(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        secret = app.state.sources.add("web")
        assert post(client, secret, clock.ms, clock.ms - 1, clock.ms - 2)[0] == 200
        true_ms = clock.ms + 1_000
        clock.set(-HOUR_MS)
        status, _, problem = post(client, secret, true_ms)
        assert (status, problem["code"]) == (503, "clock")


@pytest.mark.parametrize("test", [False, True], ids=["live", "rehearsal"])
@pytest.mark.parametrize("ahead_s", [-7 * 3_600, -600, 600, 3_600, 7 * 3_600])
def test_a_source_that_only_signs_is_asked_to_come_again_when_the_clock_is_wrong(
    tmp_path: Path, ahead_s: int, *, test: bool
) -> None:
    # Signatures are told by the real clock, so this server's is wrong by ``ahead_s`` the other way.
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        right, wrong = app.state.sources.add("web", test=test), app.state.sources.add("bao", test=not test)

        def signed(secret: str, off_s: int) -> tuple[int, str]:
            at = datetime.fromtimestamp(int(time.time()) + off_s, UTC)
            headers = {
                "webhook-id": "m",
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": Webhook(secret).sign("m", at, "[]"),
                "content-type": "application/json",
            }
            answer = client.post("/api/v1/participations", content=b"[]", headers=headers)
            assert answer.headers.get("retry-after") == ("30" if answer.status_code == 503 else None)
            return answer.status_code, answer.json().get("code", "")

        made_up = "whsec_" + b64encode(b"x" * 35).decode()
        assert signed(made_up, ahead_s) == (401, "wrong_signature")
        assert warnings(client) == [], "nobody's clock"
        assert signed(right, ahead_s) == (503, "clock")
        assert len(warnings(client)) == 1
        store = app.state.rehearsal if test else app.state.live
        store.watch.look()
        (alarm,) = store.watch.topic.state["alarms"]
        assert alarm.id == "clock:~sources"
        assert abs(alarm.detail["by_ms"] - ahead_s * 1_000) < 2_000
        assert signed(made_up, ahead_s) == (401, "wrong_signature"), "by nobody, whatever the clock"
        assert signed(wrong, 2 * ahead_s)[0] == 503, "of the other store, whose only voice it is"


def test_of_several_sources_that_sign_the_one_whose_clock_is_wrong_is_told(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        right, wrong = app.state.sources.add("web"), app.state.sources.add("bao")
        for secret, ahead_s, expected in ((right, 0, 200), (wrong, -600, 401), (wrong, 600, 401), (right, 0, 200)):
            at = datetime.fromtimestamp(int(time.time()) + ahead_s, UTC)
            headers = {
                "webhook-id": "m",
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": Webhook(secret).sign("m", at, "[]"),
                "content-type": "application/json",
            }
            assert client.post("/api/v1/participations", content=b"[]", headers=headers).status_code == expected
        assert warnings(client) == []


def warnings(client: TestClient) -> list[str]:
    """What /readyz says of sources' clocks."""
    return [each for each in client.get("/readyz").json()["warnings"] if "sources" in each]


def test_a_flat_battery_loses_nothing_and_is_told(tmp_path: Path) -> None:
    clock = Clock(10_000)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        secret = app.state.sources.add("web")
        assert client.get("/readyz").json()["warnings"] == [
            "clock: it tells 1970-01-01 00:00:10 UTC: set the machine's date"
        ]
        late_ms = NOW_MS + 1_000 * 24 * HOUR_MS  # After the last round, as another year's rehearsal.
        for at_ms in (NOW_MS - 2 * 24 * HOUR_MS, NOW_MS, late_ms):
            status, headers, problem = post(client, secret, at_ms)
            assert (status, headers["retry-after"], problem["code"]) == (503, "30", "clock")
        clock.set(late_ms - clock.ms)
        status, _, report = post(client, secret, NOW_MS, late_ms)
        assert (status, report["accepted"], report["rejected"]) == (200, 2, [])
        assert "set the machine's date" not in str(client.get("/readyz").json()["warnings"])
