"""Held is held: what the gate keeps back shows in nothing that anybody may ask, neither as a number nor as a move."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import httpx2
import msgspec
import pytest
from starlette.routing import Route
from websockets import ClientConnection, InvalidStatus, connect

from dashboard.overlays.straps import Strap, StrapList
from server.app import App, starlette_of
from server.auth.roles import right_of
from server.auth.topic_rights import TOPIC_RIGHTS, topic_right
from server.store import Store
from streaming.ledger.rows import Draft
from tests.worlds.apps import LEAF, NOW_MS, UNIT, app_of, take
from tests.worlds.public import FOLLOWED, OLD, POSITIONS, public
from tests.worlds.serving import WAIT_S, serving, until

Act = Callable[[Store], None]


def decided(**decision: object) -> Act:
    """Makes a decision."""

    def act(store: Store) -> None:
        store.ledger.append_now([Draft("decision", "account:1", None, None, msgspec.json.encode(decision))])
        store.pump.replay()

    return act


def arrive(store: Store) -> None:
    """Entries of new people, in every column, at the leaf."""
    take(store, [(LEAF, "completed", f"new-{number}") for number in range(7)])
    take(store, [(LEAF, "started", None)] * 5)
    take(store, [(LEAF, "registered", None)] * 3)


def quarantine_what_comes(store: Store) -> None:
    head = store.ledger.head
    decided(kind="quarantine", entries=[["web", f"e{head + 1 + number}"] for number in range(7)])(store)


def arrive_quarantined(store: Store) -> None:
    take(store, [(LEAF, "completed", f"new-{number}") for number in range(7)])


def schedule_from_now(store: Store) -> None:
    closes_ms = store.contest.rounds[0].closes_ms
    decided(kind="schedule", round=1, before_close_ms=min(closes_ms - NOW_MS, 604_800_000), delay_ms=None)(store)


def pass_a_milestone(store: Store) -> None:
    decided(kind="milestone", value=10)(store)
    arrive(store)


def show_an_earlier_moment(store: Store) -> None:
    decided(kind="withdraw", output="hall", taken_ms=NOW_MS)(store)
    decided(kind="step_back", output="hall", to=store.ledger.head - 2, to_ms=NOW_MS)(store)


HOLD_ALL, HOLD_UNIT = decided(kind="hold", unit=None), decided(kind="hold", unit=UNIT)
CORRECT = decided(
    kind="correction", unit=LEAF, round=1, column="completed", delta=40, labelled=True, reason="nhập bù"
)  # fmt: skip
KEEPS: dict[str, tuple[Act, Act]] = {
    "hold of everything": (HOLD_ALL, arrive),
    "an earlier moment": (show_an_earlier_moment, arrive),
    "final": (decided(kind="hold", unit=None, final=True), arrive),
    "hold of a unit": (HOLD_UNIT, arrive),
    "quarantine": (quarantine_what_comes, arrive_quarantined),
    "delay": (decided(kind="delay", delay_ms=600_000), arrive),
    "schedule": (schedule_from_now, arrive),
    "correction": (HOLD_UNIT, CORRECT),
    "void": (HOLD_UNIT, decided(kind="void", entries=[["web", "e1"]], reason="trùng")),
    "milestone": (HOLD_ALL, pass_a_milestone),
}
"""What keeps back, and what is kept back then. The first may be seen, for it moves the position; the second may not."""


@pytest.mark.parametrize("how", KEEPS)
def test_what_is_kept_back_is_nowhere(how: str, tmp_path: Path) -> None:
    keep, come = KEEPS[how]
    with public(tmp_path / "data") as seen:
        live = seen.app.state.live
        told: list[str] = []
        operators: list[str] = []
        keep(live)
        before = seen.walk()
        for topic in seen.topics():
            topic.listeners.add(partial(tell, told, topic.name))
        # An operator watches: what goes to them is counted in no metric.
        live.topic("control").listeners.add(partial(tell, operators, "control"))
        whole = everything(live)
        come(live)
        assert everything(live) != whole, "nothing was kept back"
        after = seen.walk()
        assert {address: text for address, text in after.items() if before[address] != text} == {}
        assert told == []
        assert operators


def tell(names: list[str], name: str, *_frame: object) -> None:
    names.append(name)


def everything(store: Store) -> dict[int, dict[str, list[int]]]:
    """The whole fold's numbers."""
    counts = store.pump.fold.whole.counts
    return {scope: {code: list(numbers) for code, numbers in table.items()} for scope, table in counts.items()}


def test_the_walk_sees_what_is_let_through(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        before = seen.walk()
        take(seen.app.state.live, [(LEAF, "completed", None)])
        after = seen.walk()
        moved = {address for address in before if before[address] != after[address]}
        assert {
            "/live/board",
            "/live/round/1",
            f"/live/unit/{LEAF}",
            "/?scene=live&lang=vi&frame=1",
            f"/units/{UNIT}?frame=1",
            f"/points/{UNIT}?frame=1",
            f"/scenes/unit?unit={LEAF}",
        } <= moved
        assert f"/api/v1/standings?parent={UNIT}" in moved
        assert {
            "/api/v1/feeds/total.csv",
            f"/api/v1/feeds/unit.json?unit={LEAF}",
            f"/api/v1/feeds/standings.xml?parent={UNIT}&rows=9",
        } <= moved


def test_a_prepared_strap_is_nowhere_before_it_is_shown(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        strap = Strap(id="a", version=1, name="Nguyễn Văn A", titles=("Ủy viên",), note="Khai mạc")
        before = seen.walk()
        seen.app.state.straps.list = StrapList(1, (strap,))
        assert {address: text for address, text in seen.walk().items() if before[address] != text} == {}
        assert not any("Nguyễn Văn A" in str(text) for text in before.values())
        for path in ("/api/v1/straps", "/api/v1/straps.xlsx"):
            answer = seen.client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


NO_NUMBERS = {
    "/theme/{digest}/{name}", "/theme/{digest}/overlays/{name}", "/logos/{digest}/{name}",
    "/pictures/{digest}.{ext}", "/words/{digest}/{name}", "/static/{digest}/{path}", "/metrics",
}  # fmt: skip
"""Public addresses that the walk has no answer of: files by their digest, and metrics, which it asks with a token."""


def test_every_public_route_is_walked_to_an_answer(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        found = seen.walk()
        missing = []
        for route in seen.app.routes():
            if isinstance(route, Route) and right_of(route.endpoint) is None and "GET" in (route.methods or ()):
                answers = [found[address] for address in seen.addresses(route) if address in found]
                if not any(str(answer).startswith("200 ") for answer in answers):
                    missing.append(route.path_format)
        assert {*missing} == NO_NUMBERS


def test_every_topic_that_anybody_may_follow_is_walked(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        names = {topic.name for topic in seen.topics()}
        assert {"board", "round/1", "breakdown", f"unit/{LEAF}", "rehearsal/board", "program/hall"} <= names
        assert all(topic_right(name) is None for name in names)


# Sockets: what one hears that follows, and what one hears first that comes from any position.


async def heard(socket: ClientConnection) -> list[str]:
    """What has been sent to a socket, beats aside, until it was asked for the time."""
    await socket.send('{"type":"time","id":1}')
    said: list[str] = []
    async with asyncio.timeout(WAIT_S):
        while True:
            frame = await socket.recv(decode=True)
            if frame.startswith('{"v":1,"type":"time"'):
                return said
            if not frame.startswith('{"v":1,"type":"beat"'):
                said.append(frame)


async def first_heard(app: App, host: str) -> dict[str, list[str]]:
    """What a socket hears at first that comes from nowhere, and from each position."""
    found = {}
    for name in FOLLOWED:
        epoch = app.state.live.topic(name).epoch
        for query in ("", *(f"?epoch={epoch}&seq={seq}" for seq in range(POSITIONS)), "?epoch=other&seq=3"):
            async with connect(f"ws://{host}/live/{name}{query}", proxy=None) as socket:
                found[name + query] = await heard(socket)
    return found


@asynccontextmanager
async def followed(app: App) -> AsyncIterator[tuple[str, list[ClientConnection]]]:
    """A real server with a socket on every public topic, each of which has had its first frame."""
    async with serving(starlette_of(app), app.hub, lifespan="on") as host, AsyncExitStack() as held:
        await app.state.live.ledger.barrier()  # From now on the pump is told of rows, and ticks.
        take(app.state.live, OLD)
        names = [topic.name for store in app.state.stores for topic in store.pump.topics.all]
        names += [f"unit/{unit.code}" for unit in app.folder.contest.tree]
        sockets = [await held.enter_async_context(connect(f"ws://{host}/live/{n}", proxy=None)) for n in {*names}]
        for socket in sockets:
            assert len(await heard(socket)) == 1
        yield host, sockets


async def turned(store: Store) -> None:
    """Let the pump go on to the ledger's end."""
    await until(lambda: store.pump.moved_seq == store.ledger.head)


@pytest.mark.parametrize("how", KEEPS)
async def test_what_is_kept_back_goes_to_no_socket_from_no_position(how: str, tmp_path: Path) -> None:
    keep, come = KEEPS[how]
    app = app_of(tmp_path, handshakes_per_s=100_000)
    async with followed(app) as (host, sockets):
        live = app.state.live
        keep(live)
        await turned(live)
        for socket in sockets:
            await heard(socket)
        before, whole = await first_heard(app, host), everything(live)
        ticks, lag_ms = live.pump.counters.ticks, live.pump.counters.lag_ms
        come(live)
        await turned(live)
        assert everything(live) != whole, "nothing was kept back"
        assert [frames for socket in sockets if (frames := await heard(socket))] == []
        after = await first_heard(app, host)
        assert {query: frames for query, frames in after.items() if before[query] != frames} == {}
        await until(lambda: live.pump.counters.ticks > ticks)
        assert live.pump.counters.lag_ms == lag_ms


async def test_a_socket_hears_what_is_let_through(tmp_path: Path) -> None:
    app = app_of(tmp_path, handshakes_per_s=100_000)
    async with followed(app) as (host, sockets):
        before = await first_heard(app, host)
        arrive(app.state.live)
        await turned(app.state.live)
        names = {msgspec.json.decode(frame)["topic"] for socket in sockets for frame in await heard(socket)}
        assert {*FOLLOWED} <= names
        after = await first_heard(app, host)
        for name, query in itertools.product(FOLLOWED, ("", "?epoch=other&seq=3")):
            assert after[name + query] != before[name + query]


# Operators' own topics.


@pytest.mark.parametrize("name", TOPIC_RIGHTS)
async def test_what_operators_see_is_refused_to_everybody_else(name: str, tmp_path: Path) -> None:
    app = app_of(tmp_path)
    async with (
        serving(starlette_of(app), app.hub, lifespan="on") as host,
        httpx2.AsyncClient(trust_env=False) as client,
    ):
        key = app.keys.add("tv1")
        # A device steers by its key, and follows nothing.
        device = {"Authorization": f"Bearer {app.keys.add('companion', 'hall')}"}
        there = [f"{name}/{UNIT}", f"{name}/"] if name == "point" else [name, f"{name}/", f"{name}/hall"]
        queries = ("", "?epoch=x&seq=1", "?out=hall", f"?key={key}")
        for topic, prefix, query in itertools.product(there, ("", "rehearsal/"), queries):
            address = f"{host}/live/{prefix}{topic}{query}"
            answer = await client.get(f"http://{address}", headers=device)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), address
            with pytest.raises(InvalidStatus) as refusal:
                await connect(f"ws://{address}", proxy=None, additional_headers=device)
            assert refusal.value.response.status_code == 401, address
        for odd in (f"/{name}", f"{name.upper()}", f"./{name}", f"rehearsal/rehearsal/{name}", f"rehearsal//{name}"):
            assert (await client.get(f"http://{host}/live/{odd}")).status_code in {401, 404}, odd
