"""Metrics: who may read them, that gauges return to zero, and that they tell nothing of the contest."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import websockets
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.live.hub import PING_BEATS, Hub
from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.ops import metrics
from server.routes import live
from streaming.contests.contest import encode_contest
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from streaming.pump import Pump
from tests.worlds.histories import contest
from tests.worlds.screen import Screen
from tests.worlds.serving import NOW_MS, Contest, a_hub, frame_of, serving, until
from tests.worlds.wire import Wire, join

TOKEN = "s3same"  # noqa: S105 - made up


class Store:
    name = "live"

    def __init__(self, pump: Pump) -> None:
        self.pump = pump


class Show:
    def __init__(self, folder: Path) -> None:
        # Whoever is full is cut off at the next look, and an unfinished request in the same instant.
        self.contest, self.hub = Contest(), a_hub(unwritable_s=0.0)
        self.connections = Connections(100, head_timeout_s=1.0, sweep_s=0.02)
        self.ledger = Ledger(folder / "ledger.db", now_ms=lambda: NOW_MS)
        self.pump = Pump(self.ledger, now_ms=lambda: NOW_MS, live_sources=lambda: (), rehearsal=False)
        self.address = ""

    async def get(self, **headers: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.get(f"http://{self.address}/metrics", headers=sent)

    async def value(self, name: str, **labels: str) -> float:
        answer = await self.get()
        assert answer.headers["content-type"].startswith("text/plain")
        found = [
            sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ]
        assert len(found) == 1, (name, labels)
        return found[0]


async def big(_request: Request) -> Response:
    return Response(b"x" * 20_000_000)


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Show]:
    show = Show(tmp_path)
    routes = [
        *live.routes(
            show.contest.topics.find, show.hub, find_numbers=lambda _output, name: show.contest.topics.find(name)
        ),
        *metrics.routes(show.hub, lambda: [Store(show.pump)], show.connections, TOKEN),
        Route("/big", big),
    ]
    async with serving(Starlette(routes=routes), show.hub, http=protocol_of(show.connections)) as show.address:
        yield show


async def test_gauges_return_to_zero_when_the_sockets_have_gone(show: Show) -> None:
    async with websockets.connect(f"ws://{show.address}/live/board") as screen:
        async with websockets.connect(f"ws://{show.address}/live/unit/A"):
            await until(lambda: show.hub.counters.first["snapshot"] == 2)
            assert await show.value("diemcau_sockets_open") == 2
            assert await show.value("diemcau_followers", store="live", kind="board") == 1
            assert await show.value("diemcau_followers", store="live", kind="unit") == 1
            assert await show.value("diemcau_followers", store="rehearsal", kind="unit") == 0
        await frame_of(screen)
        show.contest.enter()
        await frame_of(screen)
    await until(lambda: show.hub.counters.open == 0)
    assert await show.value("diemcau_sockets_open") == 0
    assert await show.value("diemcau_followers", store="live", kind="board") == 0
    assert await show.value("diemcau_followers", store="live", kind="unit") == 0
    assert await show.value("diemcau_sockets_opened_total") == 2
    assert await show.value("diemcau_first_frames_total", way="snapshot") == 2
    assert await show.value("diemcau_deliveries_total") >= 3


async def test_full_sockets_and_silent_ones_are_told_of(show: Show) -> None:
    slow, silent = Wire(), Wire()
    join(show.hub, show.contest, slow)
    join(show.hub, show.contest, silent)
    slow.pause()
    for _ in range(3):
        show.contest.enter()
    assert await show.value("diemcau_sockets_full") == 1
    assert await show.value("diemcau_sockets_slow_total") == 1
    assert await show.value("diemcau_conflated_total") == 3
    assert await show.value("diemcau_sockets_aborted_total") == 0
    show.hub.sweep()
    assert await show.value("diemcau_sockets_aborted_total") == 1
    assert await show.value("diemcau_sockets_full") == 0
    silent.answers = False
    for _ in range(2 * PING_BEATS):
        show.hub.beat()
    assert await show.value("diemcau_sockets_silent_total") == 1
    assert await show.value("diemcau_beats_total") == 2 * PING_BEATS


async def test_how_well_screens_of_an_output_know_the_time_is_told(show: Show) -> None:
    address = f"ws://{show.address}/live/board"
    async with (
        websockets.connect(f"{address}?out=tv1") as sure,
        websockets.connect(f"{address}?out=tv1") as unsure,
        websockets.connect(f"{address}?out=tv1") as silent,
        websockets.connect(address),
    ):
        for screen, bound in ((sure, 31), (unsure, 80), (silent, None)):
            await frame_of(screen)
            told = "" if bound is None else f',"bound":{bound}'
            await screen.send(f'{{"type":"time","id":1{told}}}')
            await frame_of(screen)
        assert await show.value("diemcau_screens", output="tv1") == 3
        assert await show.value("diemcau_screens_unsure", output="tv1") == 2
        assert await show.value("diemcau_screen_clock_bound_seconds", output="tv1") == 0.08


async def test_sockets_that_were_refused_are_told_of_by_the_reason(show: Show) -> None:
    show.hub.sockets_max = 0
    for _ in range(2):
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(f"ws://{show.address}/live/board")
    assert await show.value("diemcau_sockets_refused_total", reason="full") == 2
    assert await show.value("diemcau_sockets_refused_total", reason="too_fast") == 0


async def test_connections_that_are_late_refused_or_stalled_are_told_of(show: Show) -> None:
    host, _, port = show.address.partition(":")
    late = await asyncio.open_connection(host, int(port))
    await until(lambda: len(show.connections.heads) == 1)
    assert await show.value("diemcau_heads_awaited") == 1
    assert await late[0].read() == b""
    assert await show.value("diemcau_connections_late_total") == 1
    assert await show.value("diemcau_heads_awaited") == 0
    show.connections.connections_max = 0
    refused = [await asyncio.open_connection(host, int(port)) for _ in range(2)]
    assert [await reader.read() for reader, _ in refused] == [b"", b""]
    show.connections.connections_max = 100
    assert await show.value("diemcau_connections_refused_total") == 2
    stalled = await asyncio.open_connection(host, int(port))
    stalled[1].write(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: len(show.connections.answers) == 1)
    assert await show.value("diemcau_answers_stalled") == 1
    for _, writer in (late, *refused, stalled):
        writer.transport.abort()
    await until(lambda: not show.connections.answers)
    assert await show.value("diemcau_answers_stalled") == 0


async def test_the_lag_of_a_tick_is_from_the_first_of_its_rows_to_its_frames(show: Show) -> None:
    now_s = 100.0
    show.pump = Pump(
        show.ledger, now_ms=lambda: NOW_MS, live_sources=lambda: (), rehearsal=False, monotonic_s=lambda: now_s
    )
    show.ledger.open()
    body = b'{"kind":"contest","contest":%b}' % encode_contest(contest())
    show.ledger.append_now([Draft("decision", "system", None, None, body)])
    show.pump.replay()
    board = show.pump.topics.find("board")
    assert board is not None
    board.listeners.add(lambda *_: None)
    entry = b'{"kind":"completed","unit":"A1","at":%d}' % NOW_MS
    show.ledger.append_now([Draft("participation", "web", "e0", bytes(16), entry)])
    show.pump._on_rows(list(show.ledger.read(after=1)))
    now_s += 0.25
    await show.pump._tick()
    assert await show.value("diemcau_tick_lag_seconds", store="live") == 0.25
    show.pump.counters.late_frames = 7
    assert await show.value("diemcau_late_frames_total", store="live") == 7
    assert await show.value("diemcau_moves_waiting", store="live") == 0
    show.ledger.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"x_forwarded_for": "203.0.113.9"}, 403),
        ({"forwarded": "for=203.0.113.9"}, 403),
        ({"x_forwarded_for": "203.0.113.9", "authorization": f"Bearer {TOKEN}"}, 200),
        ({"x_forwarded_for": "203.0.113.9", "authorization": "Bearer s3sam"}, 403),
        ({"x_forwarded_for": "203.0.113.9", "authorization": "Bearer"}, 403),
        ({"x_forwarded_for": "203.0.113.9", "authorization": f"Basic {TOKEN}"}, 403),
    ],
)
async def test_who_may_read(show: Show, headers: dict[str, str], status: int) -> None:
    assert (await show.get(**headers)).status_code == status


@pytest.mark.parametrize(
    ("client", "status"),
    [("127.0.0.1", 200), ("127.8.8.8", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("192.0.2.1", 403),
     ("2001:db8::1", 403), ("testclient", 403), ("10.0.0.1", 403)],
)  # fmt: skip
@pytest.mark.parametrize("authorization", ["", "Bearer"])
async def test_without_a_token_this_machine_alone_reads(client: str, status: int, authorization: str) -> None:
    app = Starlette(routes=metrics.routes(a_hub(), list, Connections(100), ""))
    transport = httpx2.ASGITransport(app, client=(client, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as asking:
        answer = await asking.get("/metrics", headers={"authorization": authorization})
    assert answer.status_code == status


async def test_rows_that_the_gate_holds_back_change_no_figure_of_the_stores(tmp_path: Path) -> None:
    show = Show(tmp_path)
    show.ledger.open()
    body = b'{"kind":"contest","contest":%b}' % encode_contest(contest())
    show.ledger.append_now([Draft("decision", "system", None, None, body)])
    show.pump.replay()
    board = show.pump.topics.find("board")
    assert board is not None
    screen = Screen()
    screen.take(board.snapshot())
    board.listeners.add(screen.hear)
    entry = b'{"kind":"completed","unit":"A1","at":%d}' % NOW_MS
    await tick(show, [Draft("participation", "web", "e0", bytes(16), entry)])
    await tick(show, [Draft("decision", "system", None, None, b'{"kind":"hold","unit":null}')])
    before = told(show.hub, show.pump)
    assert before["diemcau_frames_total", "live"] > 0
    await tick(show, [Draft("participation", "web", f"e{n}", bytes(16), entry) for n in range(1, 7)])
    assert show.pump.fold.whole.counts != show.pump.fold.public.counts
    assert told(show.hub, show.pump) == before
    show.ledger.close()


async def tick(show: Show, drafts: list[Draft]) -> None:
    """Append rows and let the pump take them."""
    head = show.ledger.head
    show.ledger.append_now(drafts)
    show.pump._on_rows(list(show.ledger.read(after=head)))
    await show.pump._tick()


def told(hub: Hub, pump: Pump) -> dict[tuple[str, ...], float]:
    """All that is told of stores, times aside."""
    families = metrics.Counters(hub, lambda: [Store(pump)], Connections(100)).collect()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if "seconds" not in sample.name
    }
