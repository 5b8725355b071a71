"""While the ledger is replayed behind a checkpoint: public topics stand at it, and the others are there in a moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
import websockets

from server.app import App, starlette_of
from server.auth.roles import Role
from server.errors import CATCHING_UP_RETRY_S
from tests.worlds.apps import take
from tests.worlds.people import shows
from tests.worlds.roles import a_token, app_with_roles
from tests.worlds.serving import frame_of, serving, until

OTHERS = ["control", "point/P1D1", "rehearsal/control", "rehearsal/point/P1D1X3"]


class Behind:
    """An app that has started again and has not replayed its ledger yet, and an operator's headers."""

    def __init__(self, app: App, host: str, headers: dict[str, str]) -> None:
        self.app = app
        self.host = host
        self.headers = headers

    async def get(self, name: str, **headers: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://{self.host}/live/{name}", headers=headers or self.headers)

    def connect(self, name: str) -> websockets.connect:
        url = f"ws://{self.host}/live/{name}"
        return websockets.connect(url, additional_headers=self.headers, compression=None, proxy=None)

    async def catch_up(self) -> None:
        """Let the pumps run until the ledgers have been replayed."""
        pumps = [store.pump for store in self.app.state.stores]
        runs = [asyncio.create_task(pump.run()) for pump in pumps]
        await until(lambda: not any(pump.is_behind for pump in pumps))
        for run in runs:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run


@pytest.fixture
async def behind(tmp_path: Path) -> AsyncIterator[Behind]:
    app = app_with_roles(tmp_path)
    for store in app.open().stores:
        take(store, [("P1D1X1", "completed", None)])
    app.close()
    again = app_with_roles(tmp_path, is_new=False)
    state = again.open()
    assert all(store.pump.is_behind for store in state.stores)
    async with serving(starlette_of(again), again.hub) as host:
        cookie = shows(again, await a_token(again, Role.ADMINISTRATOR))
        yield Behind(again, host, {"Origin": f"http://{host}"} | cookie)
    again.close()


async def test_topics_of_operators_are_told_to_be_there_in_a_moment_and_then_are(behind: Behind) -> None:
    for name in OTHERS:
        answer = await behind.get(name)
        assert (answer.status_code, answer.json()["code"]) == (503, "catching_up")
        assert answer.headers["retry-after"] == str(CATCHING_UP_RETRY_S)
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await behind.connect(name)
        assert refusal.value.response.status_code == 503
        assert refusal.value.response.headers["retry-after"] == str(CATCHING_UP_RETRY_S)
    await behind.catch_up()
    for name in OTHERS:
        assert (await behind.get(name)).status_code == 200
        async with behind.connect(name) as socket:
            assert (await frame_of(socket))["topic"] == name


async def test_what_a_checkpoint_knows_of_is_there_at_once_and_what_does_not_exist_never(behind: Behind) -> None:
    there = ["board", "unit/P1D1", "breakdown", "watch"]
    assert [(await behind.get(name)).status_code for name in there] == [200] * 4
    assert [(await behind.get(name)).status_code for name in ("none", "unit/none")] == [404] * 2
    await behind.catch_up()
    assert [(await behind.get(name)).status_code for name in ("none", "control/none", "point/none")] == [404] * 3


async def test_who_may_not_follow_is_told_that_alone(behind: Behind) -> None:
    for name in OTHERS:
        assert (await behind.get(name, origin=f"http://{behind.host}")).status_code == 401
