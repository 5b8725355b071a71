"""Signed participations: until the whole body is there, nobody knows whose it is, so anybody may send one."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from server.auth.checks import HASHED_BYTES_MAX, Checks
from server.auth.senders import RETRY_S, Full, Senders
from server.auth.signatures import HEADERS, Signature, Signer
from server.auth.sources import Sources
from tests.worlds.door import PATH, Door, item, opened, problem
from tests.worlds.serving import until

SIGNATURE_HEADERS = tuple(name.decode() for name in HEADERS)
BODY = msgspec.json.encode(item())


def signed(door: Door, body: bytes = BODY, secret: str = "") -> dict[str, str]:
    """The headers of a signature with a secret, the door's live one if none is given."""
    now = datetime.now(UTC)
    signature = Webhook(secret or door.secret).sign("msg_1", now, body.decode())
    return dict(zip(SIGNATURE_HEADERS, ("msg_1", str(int(now.timestamp())), signature), strict=True))


class Slow:
    """A body of which a part comes at once, and the rest when it is let go."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.begun = asyncio.Event()
        self.rest = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.begun.set()
        yield self.first
        await self.rest.wait()
        yield b" "


async def post(door: Door, content: Any, headers: dict[str, str], path: str = PATH) -> httpx2.Response:
    return await door.client.post(path, content=content, headers=headers | {"content-type": "application/json"})


@pytest.mark.parametrize("missing", SIGNATURE_HEADERS[:2])
@pytest.mark.parametrize("how", ["not there", "empty"])
async def test_half_a_signature_is_refused_before_the_body_is_read(tmp_path: Path, missing: str, how: str) -> None:
    async with opened(tmp_path) as door:
        headers = signed(door)
        headers |= {missing: ""}
        if how == "not there":
            del headers[missing]
        body = Slow(BODY)
        answer = await post(door, body, headers)
        assert problem(answer) == (401, "wrong_signature")
        assert missing in answer.json()["detail"]
        assert not body.begun.is_set()


async def test_bodies_of_senders_that_are_not_known_have_a_bound_together(tmp_path: Path) -> None:
    async with opened(tmp_path, body_bytes_max=100_000, senders=Senders(100_000, held_bytes_max=150_000)) as door:
        held = [Slow(b" " * 70_000) for _ in range(2)]
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(post(door, body, signed(door))) for body in held]
            await asyncio.gather(*(body.begun.wait() for body in held))
            refused = await post(door, BODY + b" " * 70_000, signed(door))
            assert problem(refused) == (503, "too_many_unknown")
            assert refused.headers["retry-after"] == str(RETRY_S)
            assert refused.headers["connection"] == "close"
            # A small one finds room, and whoever shows a secret is known.
            assert (await post(door, BODY, signed(door))).status_code == 200
            assert (await door.post(BODY + b" " * 90_000)).status_code == 200
            for body in held:
                body.rest.set()
        assert [problem(each.result()) for each in asked] == [(401, "wrong_signature")] * 2
        large = BODY + b" " * 70_000
        assert (await post(door, large, signed(door, large))).status_code == 200


async def test_a_body_that_is_given_up_gives_its_room_back(tmp_path: Path) -> None:
    async with opened(tmp_path, body_bytes_max=100_000, senders=Senders(100_000, held_bytes_max=100_000)) as door:
        for _ in range(3):
            body = Slow(b" " * 90_000)
            asked = asyncio.create_task(post(door, body, signed(door)))
            await body.begun.wait()
            asked.cancel()
            await asyncio.wait([asked])
            assert problem(await post(door, b" " * 100_001, signed(door))) == (413, "body_too_large")
        assert (await post(door, BODY, signed(door))).status_code == 200


async def test_one_largest_body_has_room_whatever_the_bound(tmp_path: Path) -> None:
    async with opened(tmp_path, body_bytes_max=100_000, senders=Senders(100_000, held_bytes_max=10)) as door:
        large = BODY + b" " * (100_000 - len(BODY))
        assert (await post(door, large, signed(door, large))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-timestamp": "soon"},
        {"webhook-id": "x" * 301},
        {"webhook-signature": "v1,made-up"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2," + "A" * 44},
        {"webhook-signature": " ".join(["v1," + "A" * 43 + "="] * 11)},
    ],
)
async def test_what_no_secret_can_have_made_is_refused_before_the_body_is_read(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    async with opened(tmp_path) as door:
        body = Slow(BODY)
        answer = await post(door, body, signed(door) | changes)
        assert problem(answer) == (401, "wrong_signature")
        assert not body.begun.is_set()


def an_hour_later() -> float:
    return datetime.now(UTC).timestamp() + 3_600


async def test_a_signature_that_was_recorded_makes_no_address_known_and_counts_as_a_strangers(tmp_path: Path) -> None:
    senders = Senders(100_000, stranger_bytes_per_s=1, strangers_bytes_per_s=1, monotonic_s=lambda: 0.0)
    async with opened(tmp_path, senders=senders, now_s=an_hour_later) as door:
        large = BODY + b" " * 60_000
        assert problem(await post(door, large, signed(door, large))) == (503, "clock")
        assert problem(await post(door, large, signed(door, large))) == (503, "too_many_unknown")


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Signer]:
    """The secrets that were tried, in their order."""
    found: list[Signer] = []
    has_made = Signer.has_made

    def told(signer: Signer, signature: Signature, body: bytes) -> bool:
        found.append(signer)
        return has_made(signer, signature, body)

    monkeypatch.setattr(Signer, "has_made", told)
    return found


async def test_each_secret_is_tried_once_and_of_a_named_source_only_its_own(
    tmp_path: Path, tried: list[Signer]
) -> None:
    async with opened(tmp_path) as door:
        secrets = {f"s{number}": door.sources.add(f"s{number}", test=number % 2 == 1) for number in range(10)}
        assert problem(await post(door, BODY, signed(door, BODY + b" "))) == (401, "wrong_signature")
        assert len(tried) == len(set(tried)) == 12
        tried.clear()
        for name, secret in secrets.items():
            answer = await post(door, b"[]", signed(door, b"[]", secret), f"{PATH}?x=1&source={name}")
            assert answer.json()["rehearsal"] == (int(name[1:]) % 2 == 1)
        assert len(tried) == 10
        # "web" has a live and a test secret: the store that is told goes first.
        tried.clear()
        for secret, store in ((door.secret, "live"), (door.test_secret, "rehearsal")):
            headers = signed(door, b"[]", secret) | {"diem-cau-store": store}
            assert (await post(door, b"[]", headers, f"{PATH}?source=web")).status_code == 200
        assert len(tried) == 2
        wrong = signed(door, b"[]", door.test_secret) | {"diem-cau-store": "live"}
        assert problem(await post(door, b"[]", wrong, f"{PATH}?source=web")) == (403, "wrong_store")


async def test_a_sender_that_has_proved_right_is_tried_with_its_secret_first(
    tmp_path: Path, tried: list[Signer]
) -> None:
    async with opened(tmp_path) as door:
        secrets = [door.sources.add(f"s{number}") for number in range(10)]
        assert (await post(door, BODY, signed(door, BODY, secrets[7]))).status_code == 200
        tried.clear()
        assert (await post(door, BODY, signed(door, BODY, secrets[7]))).status_code == 200
        assert len(tried) == 1
        # It is replaced: the old one ends at once, the new one is found.
        new = door.sources.rotate("s7")
        assert problem(await post(door, BODY, signed(door, BODY + b"x", new))) == (401, "wrong_signature")
        assert (await post(door, BODY, signed(door, BODY, new))).status_code == 200
        assert problem(await post(door, BODY, signed(door, BODY, secrets[7]))) == (401, "wrong_signature")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?source=nobody", (401, "wrong_signature")),
        ("?source=bao", (401, "wrong_signature")),
        ("?source=", (400, "wrong_source")),
        ("?source=../web", (400, "wrong_source")),
        ("?source=web&source=bao", (400, "wrong_source")),
    ],
)
async def test_a_name_that_is_another_lets_nobody_in(tmp_path: Path, query: str, expected: tuple[int, str]) -> None:
    async with opened(tmp_path) as door:
        door.sources.add("bao")
        assert problem(await post(door, BODY, signed(door), PATH + query)) == expected
        bearer = {"authorization": f"Bearer {door.secret}"}
        answer = await post(door, BODY, bearer, PATH + query)
        assert problem(answer) == (expected if expected[0] == 400 else (403, "wrong_source"))
        assert (await post(door, BODY, bearer, f"{PATH}?source=web&source=web")).status_code == 200
        body = Slow(BODY)
        if "nobody" in query:
            await post(door, body, signed(door), PATH + query)
            assert not body.begun.is_set()


async def test_strangers_stop_no_sender_that_is_known(tmp_path: Path) -> None:
    senders = Senders(100_000, held_bytes_max=100_000, strangers_bytes_per_s=1, stranger_bytes_per_s=1)
    async with opened(tmp_path, senders=senders) as door:
        # By signature, and by bearer, from two addresses.
        assert (await post(door, BODY, signed(door))).status_code == 200
        async with asyncio.TaskGroup() as group, strangers(door, 3) as (stranger, other, bearing):
            assert (
                await bearing.post(PATH, content=BODY, headers={"authorization": f"Bearer {door.secret}"})
            ).status_code == 200
            forged = signed(door, b"other")
            assert (await stranger.post(PATH, content=b" " * 100_000, headers=forged)).status_code == 401
            held = Slow(b" ")
            waiting = group.create_task(post(door, held, forged))
            for each in (stranger, other):
                refused = await each.post(PATH, content=BODY, headers=signed(door))
                assert problem(refused) == (503, "too_many_unknown")
            assert (await bearing.post(PATH, content=BODY, headers=signed(door))).status_code == 200
            assert (await post(door, BODY, signed(door), f"{PATH}?source=web")).status_code == 200
            assert (
                await other.post(PATH, content=BODY, headers={"authorization": f"Bearer {door.secret}"})
            ).status_code == 200
            held.rest.set()
            assert (await waiting).status_code == 401


async def test_a_body_that_has_no_room_is_refused_by_what_its_head_says(tmp_path: Path) -> None:
    senders = Senders(100_000, stranger_bytes_per_s=1)
    async with opened(tmp_path, senders=senders) as door, strangers(door, 1) as (stranger,):
        forged = signed(door, b"other")
        assert (await stranger.post(PATH, content=b" " * 60_000, headers=forged)).status_code == 401
        for size, expected in ((60_000, (503, "too_many_unknown")), (200_000, (413, "body_too_large"))):
            body = Slow(b" ")
            headers = forged | {"content-length": str(size)}
            assert problem(await stranger.post(PATH, content=body, headers=headers)) == expected
            assert not body.begun.is_set()


@asynccontextmanager
async def strangers(door: Door, count: int) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """Clients at addresses of their own."""
    transport: Any = door.client._transport
    async with AsyncExitStack() as opened_:
        yield [
            await opened_.enter_async_context(
                httpx2.AsyncClient(
                    transport=httpx2.ASGITransport(transport.app, client=(f"192.0.2.{number}", 1)),
                    base_url="http://test",
                )
            )
            for number in range(1, count + 1)
        ]


async def test_a_large_body_is_hashed_beside_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads, begun, go_on = [], threading.Event(), threading.Event()
    has_made = Signer.has_made

    def slow(signer: Signer, signature: Signature, body: bytes) -> bool:
        threads.append(threading.get_ident())
        if len(body) > 1_000:
            begun.set()
            assert go_on.wait(5)
        return has_made(signer, signature, body)

    monkeypatch.setattr(Signer, "has_made", slow)
    async with opened(tmp_path, body_bytes_max=1_000_000) as door:
        assert (await post(door, BODY, signed(door))).status_code == 200
        assert set(threads) == {threading.get_ident()}
        large = BODY + b" " * HASHED_BYTES_MAX
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(post(door, large, signed(door, large)))
            await until(begun.is_set)
            # Whoever shows a secret, and whoever signs a little, is answered meanwhile.
            assert (await door.post(item("b"))).status_code == 200
            assert (await post(door, BODY, signed(door))).status_code == 200
            go_on.set()
        assert asked.result().status_code == 200
        assert threads[-1] != threading.get_ident() or len(set(threads)) == 2


async def test_a_turn_to_be_hashed_is_waited_for_within_a_bound_and_the_known_have_their_own(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "admin.db")
    sources.add("web")
    checks = Checks(lambda: sources, wait_s=0)
    senders, body = Senders(10**7), b" " * (HASHED_BYTES_MAX + 1)
    senders.prove("192.0.2.2")
    await checks._turns[False].acquire()
    signature = Signature(b"x", (b"y" * 32,), 0.0)
    with senders.reserve("192.0.2.1") as reserve, pytest.raises(Full):
        await checks.whose(signature, body, reserve, named=None, rehearsal=None)
    with senders.reserve("192.0.2.2") as reserve:
        assert await checks.whose(signature, body, reserve, named=None, rehearsal=None) is None


async def test_a_secret_that_is_revoked_while_its_body_is_hashed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    sources = Sources(tmp_path / "admin.db", monotonic_s=lambda: now[0])
    sources.add("web")

    def revoking(_signer: Signer, _signature: Signature, _body: bytes) -> bool:
        Sources(tmp_path / "admin.db").revoke("web")
        now[0] += 1
        return True

    monkeypatch.setattr(Signer, "has_made", revoking)
    with Senders(100).reserve("192.0.2.1") as reserve:
        checks = Checks(lambda: sources)
        assert await checks.whose(Signature(b"", (), 0.0), b"", reserve, named=None, rehearsal=None) is None
