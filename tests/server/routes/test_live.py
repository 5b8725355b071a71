"""GET and WS /live/{topic} on a real server with a real WebSocket client."""

import asyncio
from typing import Any

import msgspec
import pytest
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Message, Receive, Scope, Send
from websockets.typing import Origin

from server.middleware.guard import Guard
from server.net.websocket import (
    CLOSE_DRAINING,
    CLOSE_KEY_REVOKED,
)
from server.routes import live
from streaming.contests.contest import encode_contest
from tests.worlds.histories import contest
from tests.worlds.screen import Screen
from tests.worlds.serving import NOW_MS, Contest, a_hub, close_code, frame_of, serving, until
from tests.worlds.show import Show, showing


async def test_the_first_frame_is_the_snapshot_and_a_change_is_a_delta() -> None:
    async with showing() as show, show.connect() as socket:
        first = await frame_of(socket)
        assert first["type"] == "snapshot"
        assert first["rows"]["P"][2] == 0
        show.contest.enter()
        delta = await frame_of(socket)
        assert delta["type"] == "delta"
        assert delta["base"] == first["seq"]
        assert [delta["rows"][code][2] for code in ("P", "A", "A1")] == [1, 1, 1]


async def test_a_screen_that_comes_back_with_its_position_gets_the_delta() -> None:
    async with showing() as show:
        board = show.contest.board
        position = f"board?epoch={board.epoch}&seq={board.seq}"
        base = board.seq
        show.contest.enter(3)
        async with show.connect(position) as socket:
            frame = await frame_of(socket)
    assert (frame["type"], frame["base"], frame["rows"]["P"][2]) == ("delta", base, 3)


async def test_a_screen_that_is_current_gets_nothing_but_beats_until_a_change() -> None:
    async with showing() as show:
        board = show.contest.board
        async with show.connect(f"board?epoch={board.epoch}&seq={board.seq}") as socket:
            await until(lambda: len([f for audience in show.hub.audiences for f in audience]) == 1)
            show.hub.beat()
            assert msgspec.json.decode(await socket.recv()) == {"v": 1, "type": "beat", "at": NOW_MS}
            show.contest.enter()
            assert (await frame_of(socket))["type"] == "delta"


async def test_a_topic_that_is_forgotten_while_the_handshake_is_answered_is_followed_all_the_same() -> None:
    contest, hub = Contest(), a_hub()
    app = Starlette(routes=live.routes(contest.topics.find, hub))

    async def with_a_slow_handshake(scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "websocket.accept":
                contest.enter()
                contest.topics.forget()
                contest.topics.forget()
            await send(message)

        await app(scope, receive, answer)

    async with serving(with_a_slow_handshake, hub) as address, Show(contest, hub, address).connect("unit/A1") as socket:
        assert (await frame_of(socket))["rows"]["A1"][2] == 1
        contest.enter()
        assert (await frame_of(socket))["rows"]["A1"][2] == 2


@pytest.mark.parametrize(
    "query",
    ["", "?epoch=other&seq=1", "?seq=1", "?epoch={epoch}", "?epoch={epoch}&seq=999999", "?epoch={epoch}&seq=-1",
     "?epoch={epoch}&seq=0", "?epoch={epoch}&seq=x", "?epoch={epoch}&seq=" + "9" * 400, "?epoch=%ff%00&seq=%D9%A1"],
)  # fmt: skip
async def test_a_position_that_is_missing_or_wrong_gets_the_snapshot(query: str) -> None:
    async with showing() as show, show.connect("board" + query.format(epoch=show.contest.board.epoch)) as socket:
        frame = await frame_of(socket)
    assert (frame["type"], frame["base"]) == ("snapshot", 0)


async def test_a_new_epoch_gives_everybody_the_whole() -> None:
    async with showing() as show, show.connect() as socket:
        first = await frame_of(socket)
        show.contest.writer.decide("contest", contest=renamed())
        show.contest.tick()
        frame = await frame_of(socket)
    assert frame["type"] == "snapshot"
    assert frame["epoch"] != first["epoch"]


async def test_screens_that_followed_equal_one_just_opened() -> None:
    async with showing() as show:
        screens = [Screen() for _ in range(5)]
        async with show.connect() as early, show.connect() as second:
            for number, unit in enumerate(("A1", "B2", "A2", "X", "B1", "A1")):
                show.contest.enter(number + 1, unit)
            last = show.contest.board.seq
            for screen, socket in zip(screens, (early, second), strict=False):
                while screen.seq != last:
                    screen.take(msgspec.json.encode(await frame_of(socket)))
        fresh = Screen()
        fresh.take(show.contest.board.snapshot())
        assert screens[0].shows == screens[1].shows == fresh.shows


async def test_each_unit_has_its_topic_and_other_names_have_none() -> None:
    async with showing() as show:
        async with show.connect("unit/A") as socket:
            assert (await frame_of(socket))["topic"] == "unit/A"
        for name in ("program/hall", "unit/zz", "unit/", "nothing", "", "x" * 300):
            with pytest.raises(websockets.InvalidStatus) as refusal:
                await show.connect(name)
            assert refusal.value.response.status_code == 404
            assert (await show.get(name)).status_code == 404
        for name in ("control", "watch", "rehearsal/control", "points", "point/A", "point/zz"):
            with pytest.raises(websockets.InvalidStatus) as refusal:
                await show.connect(name)
            assert refusal.value.response.status_code == 403
            assert (await show.get(name)).status_code == 403
        assert show.hub.counters.opened == 1


async def test_get_answers_with_the_snapshot_once_per_position() -> None:
    async with showing() as show:
        show.contest.enter()
        answer = await show.get()
        board = show.contest.board
        assert answer.content == board.snapshot()
        assert answer.headers["etag"] == f'W/"{board.epoch}-{board.seq}"'
        assert answer.headers["cache-control"] == "no-cache"
        again = await show.get(if_none_match=f'W/"other-1", {answer.headers["etag"]}')
        assert (again.status_code, again.content) == (304, b"")
        show.contest.enter()
        assert (await show.get(if_none_match=answer.headers["etag"])).status_code == 200


@pytest.mark.parametrize("limit", ["sockets_max", "sockets_per_address_max"])
async def test_one_socket_too_many_is_refused_before_it_opens_until_another_has_gone(limit: str) -> None:
    bounds: dict[str, Any] = {limit: 1}
    async with showing(**bounds) as show:
        async with show.connect() as socket:
            await frame_of(socket)
            with pytest.raises(websockets.InvalidStatus) as refusal:
                await show.connect()
            assert refusal.value.response.status_code == 503
            assert refusal.value.response.headers["retry-after"] == "5"
        await until(lambda: show.hub.counters.open == 0)
        async with show.connect() as socket:
            assert (await frame_of(socket))["type"] == "snapshot"


async def test_a_stopping_server_sends_its_screens_away_with_a_time_to_return() -> None:
    async with showing() as show, show.connect() as one, show.connect() as two:
        await frame_of(one)
        await frame_of(two)
        await show.hub.drain(spread_s=0.01)
        reasons = set()
        for socket in (one, two):
            assert await close_code(socket) == CLOSE_DRAINING
            reasons.add(socket.close_reason)
        assert reasons == {"retry_ms=1000", "retry_ms=3000"}
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await show.connect()
        assert refusal.value.response.status_code == 503


def renamed() -> Any:
    return msgspec.json.decode(encode_contest(contest(title="Cuộc thi lớn")))


async def test_a_screen_that_asks_gets_the_time() -> None:
    async with showing() as show, show.connect() as socket:
        await frame_of(socket)
        await socket.send('{"type":"time","id":7}')
        assert await frame_of(socket) == {"v": 1, "type": "time", "id": 7, "at": NOW_MS}
        await socket.send('{"type":"time","id":8,"bound":31}')
        assert await frame_of(socket) == {"v": 1, "type": "time", "id": 8, "at": NOW_MS}


async def test_a_polled_snapshot_tells_the_time_and_so_does_its_304() -> None:
    async with showing() as show:
        answer = await show.get()
        again = await show.get(if_none_match=answer.headers["etag"])
    assert [answer.status_code, again.status_code] == [200, 304]
    assert {answer.headers["diem-cau-at"], again.headers["diem-cau-at"]} == {str(NOW_MS)}


async def test_a_followed_socket_keeps_no_task() -> None:
    async with showing() as show:
        async with show.connect() as socket:
            await frame_of(socket)
            names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]
        assert not [name for name in names if "run_asgi" in name]


async def test_a_screen_with_a_key_is_let_in_from_elsewhere_until_the_key_is_revoked() -> None:
    keys = {"K": "tv"}
    contest, hub = Contest(), a_hub(sockets_per_address_max=1, in_force=lambda name: name in keys.values())
    app = Starlette(routes=live.routes(contest.topics.find, hub), middleware=[Middleware(Guard, find_key=keys.get)])
    async with serving(app, hub) as address:
        show = Show(contest, hub, address)
        elsewhere = Origin("https://tv.example.vn")
        async with show.connect() as plain, show.connect("board?key=K", origin=elsewhere) as keyed:
            assert [(await frame_of(socket))["type"] for socket in (plain, keyed)] == ["snapshot", "snapshot"]
            with pytest.raises(websockets.InvalidStatus):
                await show.connect()
            hub.sweep()
            keys.clear()
            hub.sweep()
            assert await close_code(keyed) == CLOSE_KEY_REVOKED
            contest.enter()
            assert (await frame_of(plain))["type"] == "delta"
            with pytest.raises(websockets.InvalidStatus) as refusal:
                await show.connect("board?key=K", origin=elsewhere)
            assert refusal.value.response.status_code == 403
    assert hub.counters.open == 0


@pytest.mark.parametrize("pace", ["x", "-1000", "1e3", "1000000", "%D9%A5"])
async def test_a_pace_that_is_none_is_refused_before_the_socket_opens(pace: str) -> None:
    async with showing() as show:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await show.connect(f"board?pace_ms={pace}")
        assert refused.value.response.status_code == 400
        assert msgspec.json.decode(refused.value.response.body)["code"] == "bad_pace"
        assert show.hub.counters.open == 0


async def test_a_screen_asks_for_its_pace_and_one_that_polls_has_none() -> None:
    async with (
        showing() as show,
        show.connect("board?pace_ms=10000") as socket,
        show.connect("unit/A?pace_ms=700") as often,
    ):
        await frame_of(socket)
        await frame_of(often)
        assert {(each.topic.name, each.pace_ms) for each in show.hub.audiences} == {("board", 5_000), ("unit/A", 0)}
        show.contest.enter()
        answer = await show.get("board?pace_ms=5000")
        assert answer.json()["seq"] == show.contest.board.seq
