"""Signed participations: until the whole body is there, nobody knows whose it is, so anybody may send one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from server.routes.participations import SIGNATURE_HEADERS, UNKNOWN_RETRY_S
from tests.server.test_participations import PATH, Door, item, opened, problem

BODY = msgspec.json.encode(item())


def signed(door: Door, body: bytes = BODY) -> dict[str, str]:
    """The headers of a signature with the door's live secret."""
    now = datetime.now(UTC)
    signature = Webhook(door.secret).sign("msg_1", now, body.decode())
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


async def post(door: Door, content: Any, headers: dict[str, str]) -> httpx2.Response:
    return await door.client.post(PATH, content=content, headers=headers | {"content-type": "application/json"})


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
    async with opened(tmp_path, body_bytes_max=100_000, unknown_bytes_max=150_000) as door:
        held = [Slow(b" " * 70_000) for _ in range(2)]
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(post(door, body, signed(door))) for body in held]
            await asyncio.gather(*(body.begun.wait() for body in held))
            refused = await post(door, BODY + b" " * 70_000, signed(door))
            assert problem(refused) == (503, "too_many_unknown")
            assert refused.headers["retry-after"] == str(UNKNOWN_RETRY_S)
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
    async with opened(tmp_path, body_bytes_max=100_000, unknown_bytes_max=100_000) as door:
        for _ in range(3):
            body = Slow(b" " * 90_000)
            asked = asyncio.create_task(post(door, body, signed(door)))
            await body.begun.wait()
            asked.cancel()
            await asyncio.wait([asked])
            assert problem(await post(door, b" " * 100_001, signed(door))) == (413, "body_too_large")
        assert (await post(door, BODY, signed(door))).status_code == 200


async def test_one_largest_body_has_room_whatever_the_bound(tmp_path: Path) -> None:
    async with opened(tmp_path, body_bytes_max=100_000, unknown_bytes_max=10) as door:
        large = BODY + b" " * (100_000 - len(BODY))
        assert (await post(door, large, signed(door, large))).status_code == 200
