"""POST /api/v1/participations: every answer of the contract, on a real ledger behind the smallest app."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from server.auth.sources import Sources
from server.routes.api import participations as module
from server.web.rates import Rates
from streaming.intake import bodies
from streaming.intake import intake as intake_module
from tests.worlds.door import PATH, Door, item, opened, problem
from tests.worlds.whole import sized


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(tmp_path) as door:
        yield door


@pytest.mark.parametrize(
    "said",
    ["application/json", "application/json; charset=utf8", "application/json;", "application/json; odata=verbose", "",
     'APPLICATION/JSON;Charset="UTF-8"',
     "application/json ; charset=us-ascii;v=1", "application/json; charset='utf-8'",
     'application/json; profile="a;charset=utf-16,b"', "application/json;;charset=utf-8;", "application/json; charset=",
     'application/json; a="\\"; charset=utf-16"', "application/json, application/json", ";charset=utf-8"],
)  # fmt: skip
async def test_parameters_of_a_content_type_are_parsed_and_unknown_ones_ignored(door: Door, said: str) -> None:
    assert (await door.post([item()], content_type=said)).status_code == 200


@pytest.mark.parametrize(
    "media", ["application/json", "application/x-ndjson", "application/cloudevents+json", "application/json; v=1"]
)
@pytest.mark.parametrize("charset", ["utf-16", '"ISO-8859-1"', "windows-1258", "utf-8; charset=latin1"])
async def test_another_charset_is_refused_and_named(door: Door, media: str, charset: str) -> None:
    answer = await door.post([item()], content_type=f"{media}; charset={charset}")
    assert problem(answer) == (415, "charset")
    assert "expected UTF-8" in answer.json()["detail"]


async def test_two_content_types_are_one_if_they_say_the_same(door: Door) -> None:
    def lines(*said: str) -> list[tuple[str, str]]:
        return [("authorization", f"Bearer {door.secret}"), *(("content-type", each) for each in said)]

    body = msgspec.json.encode([item()])
    same = await door.client.post(
        PATH, content=body, headers=lines("application/json", "Application/JSON;charset=UTF8")
    )
    assert same.status_code == 200
    # The ledger has one such row already, but this is no batch of lines and no text.
    for other in ("text/plain", "application/x-ndjson", "application/json; charset=utf-16"):
        for said in (("application/json", other), (other, "application/json")):
            answer = await door.client.post(PATH, content=body, headers=lines(*said))
            assert problem(answer) == (415, "media_type")


@pytest.mark.parametrize(("coding", "status"), [("identity", 200), ("", 200), ("identity, gzip", 415), ("br", 415)])
async def test_a_body_that_is_not_compressed_may_say_so(door: Door, coding: str, status: int) -> None:
    body, headers = msgspec.json.encode([item()]), {"authorization": f"Bearer {door.secret}"}
    answer = await door.client.post(PATH, content=body, headers=headers | {"content-encoding": coding})
    assert answer.status_code == status


async def test_a_large_body_is_split_beside_the_loop(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    split = bodies.split

    def told(*given: Any) -> Any:
        threads.append(threading.get_ident())
        return split(*given)

    monkeypatch.setattr(intake_module, "split", told)
    for size in (10, intake_module.WHOLE_BYTES_MAX):
        answer = await door.post([item("a", x="x" * size), item("b", unit=7)])
        assert (answer.json()["accepted"] + answer.json()["duplicates"], len(answer.json()["rejected"])) == (1, 1)
    assert threads[0] == threading.get_ident() != threads[1]


async def test_a_batch_is_answered_after_its_good_items_are_stored(door: Door) -> None:
    response = await door.post([item("a"), item("b"), item("a"), item("x", unit="Z")])
    assert response.status_code == 200
    assert response.json() == {
        "accepted": 2,
        "duplicates": 1,
        "rejected": [
            {
                "index": 3,
                "id": "x",
                "field": "unit",
                "code": "unknown_unit",
                "message": "no unit has code “Z”, expected one of GET /api/v1/units",
            }
        ],
        "outside_rounds": 0,
        "seq": 2,
        "rehearsal": False,
    }
    assert [row.id for row in door.live.read()] == ["a", "b"]


async def test_a_test_secret_writes_to_the_rehearsal_store_alone(door: Door) -> None:
    response = await door.post(item(), door.test_secret)
    assert response.json()["rehearsal"] is True
    assert (door.live.head, door.rehearsal.head) == (0, 1)


@pytest.mark.parametrize("store", ["live", "rehearsal"])
async def test_a_secret_of_the_other_store_than_the_sender_believes_is_refused(door: Door, store: str) -> None:
    secret = door.test_secret if store == "live" else door.secret
    response = await door.post(item(), secret, Diem_Cau_Store=store)
    assert problem(response) == (403, "wrong_store")
    assert (door.live.head, door.rehearsal.head) == (0, 0)


async def test_a_heartbeat_is_heard(door: Door) -> None:
    assert (await door.post([])).json()["accepted"] == 0
    assert door.heard == ["web"]


async def test_a_single_objects_conflict_is_409_and_in_a_batch_it_is_named(door: Door) -> None:
    await door.post(item())
    assert (await door.post(item())).json()["duplicates"] == 1
    assert problem(await door.post(item(score=1))) == (409, "id_conflict")
    assert (await door.post([item(score=1)])).json()["rejected"][0]["code"] == "id_conflict"


@pytest.mark.parametrize(
    ("content", "headers", "expected"),
    [
        (b"{", {}, (400, "unreadable")),
        (b'{"id": NaN}', {}, (400, "unreadable")),
        (b'{"id":"\xff"}', {}, (400, "unreadable")),
        (b"[" * 40_000, {}, (400, "unreadable")),
        (b"[" * 40_000 + b"]" * 40_000, {}, (400, "unreadable")),
        (b"[" + b"0," * 1_000 + b"0]", {}, (413, "too_many_items")),
        (b" " * 100_001, {}, (413, "body_too_large")),
        (b"<a/>", {"content_type": "text/xml"}, (415, "media_type")),
        (b"[]", {"content_encoding": "gzip"}, (415, "content_encoding")),
        (b"[]", {"authorization": ""}, (401, "missing_secret")),
        (b"[]", {"authorization": "Bearer whsec_wrong"}, (401, "wrong_secret")),
        (b"[]", {"authorization": "Basic d2ViOndlYg=="}, (401, "wrong_secret")),
        (b"[]", {"authorization": "", "webhook_signature": "v1,x"}, (401, "wrong_signature")),
    ],
)
async def test_what_cannot_be_taken_is_a_problem_with_a_code(
    door: Door, content: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert problem(await door.post(content, **headers)) == expected
    assert door.live.head == 0


async def test_a_body_in_pieces_is_refused_as_soon_as_it_is_too_large(door: Door) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10_000_000:
            sent += 10_000
            yield b" " * 10_000

    headers = {"authorization": f"Bearer {door.secret}"}
    response = await door.client.post(PATH, content=pieces(), headers=headers)
    assert problem(response) == (413, "body_too_large")
    assert sent < 200_000


async def test_a_slow_body_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_TIMEOUT_S", 0.01)
    never = asyncio.Event()

    async def nothing() -> AsyncIterator[bytes]:
        yield b"["
        await never.wait()

    headers = {"authorization": f"Bearer {door.secret}"}
    assert problem(await door.client.post(PATH, content=nothing(), headers=headers)) == (408, "too_slow")


async def test_a_revoked_secret_is_refused_within_two_seconds(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr(door.sources._file, "_monotonic_s", lambda: now_s)
    assert (await door.post([])).status_code == 200
    Sources(door.sources.path).revoke("web")
    now_s += 2.0
    assert problem(await door.post([])) == (401, "wrong_secret")


async def test_a_signature_lets_in_and_a_changed_body_does_not(door: Door) -> None:
    body = msgspec.json.encode(item())
    now = datetime.now(UTC)
    signature = Webhook(door.secret).sign("msg_1", now, body.decode())
    headers = {
        "authorization": "",
        "webhook_id": "msg_1",
        "webhook_timestamp": str(int(now.timestamp())),
        "webhook_signature": signature,
    }
    assert (await door.post(body, **headers)).json()["accepted"] == 1
    assert problem(await door.post(body + b" ", **headers)) == (401, "wrong_signature")


async def test_other_methods_are_told_which_one(door: Door) -> None:
    response = await door.client.get(PATH)
    assert problem(response) == (405, "method")
    assert response.headers["allow"] == "POST"


async def test_a_source_over_its_rate_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with opened(tmp_path, rows_per_s=10) as door:
        assert (await door.post([item(str(n)) for n in range(60)])).json()["accepted"] == 60
        refused = await door.post(item("next"))
        assert problem(refused) == (429, "too_many_rows")
        assert 4 <= int(refused.headers["retry-after"]) <= 5
        assert door.live.head == 60


def test_a_rate_lets_a_burst_in_and_recovers_with_time() -> None:
    now_s = 0.0
    rates = Rates(100, monotonic_s=lambda: now_s)
    rates.pay("web", 300)
    assert rates.wait_s("web") == 1.0
    assert rates.wait_s("bao") == 0.0
    now_s = 1.0
    assert rates.wait_s("web") == 0.0


async def test_where_nothing_can_be_stored_nothing_is_acknowledged(door: Door) -> None:
    door.live.close()
    response = await door.post(item())
    assert problem(response) == (503, "not_stored")
    assert int(response.headers["retry-after"]) >= 1
    assert (await door.post(item(), door.test_secret)).status_code == 200


async def test_a_full_queue_tells_the_source_to_come_back(door: Door) -> None:
    door.live.rows_queued_max = 1
    response = await door.post([item("a"), item("b")])
    assert problem(response) == (429, "busy")
    assert int(response.headers["retry-after"]) >= 1
    assert (await door.post(item("a"))).json()["accepted"] == 1


async def test_no_secret_and_no_person_reaches_a_log_or_an_answer(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [
        await door.post(item(person="canary-person", unit="Z")),
        await door.post(item(person="canary-person"), "whsec_canary"),
        await door.post(b'{"person": "canary-person", "id": \xff', door.secret),
        await door.post(item(person={"canary-person": 1})),
    ]
    door.live.close()
    answers.append(await door.post(item(person="canary-person")))
    said = caplog.text + "".join(answer.text for answer in answers)
    for canary in ("canary-person", "whsec_canary", door.secret):
        assert canary not in said


BODIES: Callable[[], st.SearchStrategy[Any]] = lambda: st.recursive(  # noqa: E731 - a strategy with a name
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6) | st.just("A1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "kind", "unit", "at", "person", "voids", "score"]), inner)
    ),
    max_leaves=10,
)


@settings(
    max_examples=sized(50, whole=1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=50) | BODIES())
def test_no_body_makes_a_server_error(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    async def post() -> int:
        async with opened(tmp_path_factory.mktemp("door")) as door:
            return (await door.post(content)).status_code

    assert asyncio.run(post()) in (200, 400, 409)


@pytest.mark.parametrize("zeros", [308, 400, 4_200, 5_000])
async def test_an_integer_too_large_for_a_float_is_rejected_alone(door: Door, zeros: int) -> None:
    good = msgspec.json.encode(item("good"))
    bad = msgspec.json.encode(item("bad"))[:-1] + b',"score":1' + b"0" * zeros + b"}"
    response = await door.post(b"[" + bad + b"," + good + b"]")
    assert response.status_code == 200
    report = response.json()
    assert report["accepted"] == 1
    assert [(reject["index"], reject["code"]) for reject in report["rejected"]] == [(0, "bad_number")]


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
async def test_a_body_of_which_the_head_says_nothing_is_no_empty_batch(tmp_path: Path, kind: str) -> None:
    async with opened(tmp_path) as door:
        request = door.client.build_request(
            "POST", PATH, content=b"", headers={"authorization": f"Bearer {door.secret}", "content-type": kind}
        )
        del request.headers["content-length"]
        answer = await door.client.send(request)
        assert problem(answer) == (411, "no_length")
        assert door.heard == []
        assert (await door.post(b"[]")).status_code == 200
