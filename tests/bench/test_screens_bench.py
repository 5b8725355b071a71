"""The benches of screens count right, and find what is lost. How fast anything is, is no test's business."""

import asyncio
import math
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from streaming.participation import decode_body
from tests.bench import freshness, latency, long_ledger, restart, returning, screens, soak, stalled, takes, thin
from tests.bench.delay import after_quiet, delays_ms, percentile, spread
from tests.bench.feed import Commit, Feed, Line, faults
from tests.bench.ingest import wards
from tests.bench.latency import table
from tests.bench.long_ledger import GROUPS, drafts
from tests.bench.returning import Returners, hint_ms, retry_ms
from tests.bench.screens import Place, Standing, gaps, head_of, together
from tests.bench.soak import Look, by_minute, slope_per_h
from tests.bench.stalled import cut_after_full_s
from tests.bench.swarm import Viewer
from tests.suite import ROOT

NO_FLOOR = 1e9
LIVE_JS = ROOT / "dashboard" / "static" / "js" / "live"


def frame(type_: str, base: int, seq: int, epoch: str = "e1") -> bytes:
    head = f'{{"v":1,"type":"{type_}","topic":"rehearsal/board","epoch":"{epoch}","base":{base},"seq":{seq},'
    return head.encode() + b'"at":1,"heard":null,"rehearsal":true,"rows":{},"state":{}}'


def test_a_head_is_read_from_a_frame_and_not_from_a_beat() -> None:
    assert head_of(frame("delta", 3, 17)) == (True, "e1", 3, 17)
    assert head_of(frame("snapshot", 0, 17, "e2")) == (False, "e2", 0, 17)
    assert head_of(b'{"v":1,"type":"beat","at":12}') is None
    with pytest.raises(ValueError, match="neither frame nor beat"):
        head_of(b'{"v":2}')


@pytest.mark.parametrize(
    ("then", "seq", "wrong"),
    [
        (frame("delta", 10, 12), 12, 0),
        (frame("delta", 8, 12), 12, 0),
        (frame("delta", 8, 10), 10, 0),
        (frame("delta", 11, 12), 10, 1),
        (frame("delta", 10, 12, "e2"), 10, 1),
        (frame("snapshot", 0, 4, "e2"), 4, 0),
    ],
    ids=["fits", "overlaps", "repeats", "gap", "other epoch", "new epoch"],
)
def test_a_place_takes_what_fits_and_counts_what_does_not(then: bytes, seq: int, wrong: int) -> None:
    place = Place(is_timed=True)
    place.take(frame("snapshot", 0, 10))
    place.take(then)
    assert (place.seq, place.wrong) == (seq, wrong)
    assert place.first == (False, "e1", 0, 10)
    assert place.seen is not None
    assert [at for _, at in place.seen] == ([10] if seq == 10 else [10, seq])


def test_a_delay_ends_with_the_first_frame_that_brings_the_row() -> None:
    rows = [Commit(11, 1_000, "a"), Commit(12, 1_050, "b"), Commit(13, 1_100, "c"), Commit(15, 1_150, "d")]
    seen = [(900.0, 10), (1_060.0, 12), (1_200.0, 14)]
    assert delays_ms(rows, seen) == [60.0, 10.0, 100.0]
    assert spread(rows, [seen, seen[:2], []]) == ([10.0, 10.0, 60.0, 60.0, 100.0], 7)


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, share) for share in (0, 0.5, 0.99, 1)] == [1, 50, 99, 100]
    assert percentile([7.0], 0.99) == 7
    assert math.isnan(percentile([], 0.5))


def test_a_clock_row_ends_a_quiet_as_a_participation_does() -> None:
    rows = [Commit(1, 0, "a"), Commit(2, 500, "b"), Commit(3, 900, None), Commit(4, 950, "c"), Commit(5, 2_000, "d")]
    assert [row.id for row in after_quiet(rows, 400)] == ["b", "d"]


def test_gaps_tell_who_is_shut_and_who_is_behind() -> None:
    all_ = together(Standing(2, {7: 1, 9: 1}, 0), Standing(1, {9: 1}, 3))
    assert all_ == Standing(3, {7: 1, 9: 2}, 3)
    assert gaps(all_, 4, 9) == [
        "1 screens are no longer open",
        "1 screens have not reached seq 9",
        "3 frames did not fit",
    ]
    assert gaps(Standing(2, {9: 2}, 0), 2, 9) == []


def test_screens_of_the_bench_wait_as_ours_do() -> None:
    script = "".join((LIVE_JS / name).read_text() for name in ("socket.js", "poll.js", "retry.js"))
    for name in ("RETRY_MIN_MS", "RETRY_FIRST_MS", "SILENCE_MS", "FAILURES_BEFORE_POLL", "POLL_AFTER_MS", "POLL_MS"):
        found = re.search(rf"const {name} = ([\d_]+);", script)
        assert found is not None, name
        assert getattr(returning, name) == int(found[1].replace("_", "")), name
    assert [retry_ms(failures, 30_000, 1.0) for failures in (0, 1, 5, 6, 40)] == [500, 1_000, 16_000, 30_000, 30_000]
    assert retry_ms(9, 2_000, 0.0) == 250
    assert retry_ms(9, 2_000, 0.5) == 1_125


def test_a_hint_is_read_from_a_close_reason() -> None:
    assert hint_ms("retry_ms=1500") == 1_500
    assert hint_ms("") == hint_ms("retry_ms=soon") == 0


async def test_what_a_stopping_server_still_sends_does_not_bring_a_screen_back(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Returners, "later", lambda _, wait_s, _call: waits.append(wait_s))
    all_ = Returners(1, screens=2, mirrors=1)
    screen = all_.screens[1]
    old, new = (Viewer(number, b"", screen._hear) for number in range(2))
    screen._viewer = old
    screen._hear(old, frame("snapshot", 0, 10))
    all_.begin_outage()
    all_.tale.wanted_seq = 12
    screen._hear(old, frame("delta", 10, 12))
    assert (all_.tale.back_s, all_.tale.deltas) == ([], 0)
    old.close_reason = "retry_ms=3000"
    screen._closed(old, 4001)
    assert 3.25 <= waits[0] <= 3.5
    screen._take_poll(frame("snapshot", 0, 13))
    assert all_.tale.back_s == []
    screen._viewer = new
    screen._hear(new, frame("delta", 13, 14))
    tale = all_.tale
    assert (len(tale.back_s), tale.deltas, tale.snapshots, tale.polled_first) == (1, 1, 0, 1)


def test_the_nth_that_is_cut_is_taken_for_the_nth_that_was_full() -> None:
    aborted, full = "diemcau_sockets_aborted_total", "diemcau_sockets_full"
    figures = [(0, 0, 0), (4, 0, 1), (5, 0, 2), (15, 1, 1), (17, 2, 0)]
    looks = [(at_s, {aborted: 5.0 + cut, full: float(now)}) for at_s, cut, now in figures]
    assert cut_after_full_s(looks) == [11, 12]


def test_a_slope_is_told_behind_a_time_and_by_row() -> None:
    looks = [Look(at, rss, 9, 9, at) for at, rss in [(0, 1), (10, 1_000), (20, 1_010), (30, 1_020)]]
    percent, a_row = slope_per_h(looks, 5)
    assert percent == pytest.approx(3_600 / 1_010 * 100)
    assert a_row == pytest.approx(1)
    assert slope_per_h(looks, 15) == (0, 0)
    assert [look.at_s for look in by_minute([Look(at, 1, 1, 1, 1) for at in (5, 59, 61, 100)])] == [5, 61, 100]


def test_a_long_ledger_has_all_kinds_and_groups_and_its_voids_name_earlier_rows() -> None:
    made = [*drafts(1_000, wards())]
    bodies = {draft.id: decode_body(draft.body) for draft in made}
    assert len(bodies) == 1_000
    assert {one.kind for one in bodies.values()} == {"registered", "started", "completed", "voided"}
    assert {one.group for one in bodies.values()} - {None} == set(GROUPS)
    assert len({one.unit for one in bodies.values()}) > 150
    voids = [(id_ or "", one.voids) for id_, one in bodies.items() if one.voids is not None]
    assert len(voids) == 20
    assert all(voided in bodies and voided < id_ for id_, voided in voids)


def ledger_of(path: Path, ids: list[str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE rows (seq INTEGER, type TEXT, received_ms INTEGER, id TEXT)")
        rows = [(seq, "participation", 0, id_) for seq, id_ in enumerate(ids, 1)]
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)


def test_faults_name_what_was_acknowledged_and_is_not_stored_and_the_other_way_round(tmp_path: Path) -> None:
    ledger_of(tmp_path / "l.db", ["run-1", "run-3", "run-4", "else-1"])
    feed = Feed(1, "", ("1",), "run", per_s=1)
    feed.journal.acknowledged = ["run-1", "run-2"]
    feed.journal.refusals_without_hint = 2
    assert faults(feed, tmp_path / "l.db") == [
        "run: 1 items acknowledged and not stored",
        "run: 2 items stored and not acknowledged",
        "run: 2 refusals without Retry-After",
    ]
    # Where a connection broke, nobody knows whether its item was stored.
    feed.journal.broken = 1
    assert "run: 2 items stored and not acknowledged" not in faults(feed, tmp_path / "l.db")


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def test_a_line_reads_answers_in_pieces_and_a_broken_one_says_so() -> None:
    answers = [b'HTTP/1.1 304 Not Modified\r\netag: W/"e-7"\r\n\r\n',
               b"HTTP/1.1 429 Busy\r\nretry-after: 2\r\ncontent-length: 2\r\n\r\n{}"]  # fmt: skip

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer[:20])
            for _ in range(5):  # The other side of this loop gets its turns.
                await asyncio.sleep(0)
            writer.write(answer[20:])
        await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        line = await Line.open(server.sockets[0].getsockname()[1])
        first, second = [await line.ask(b"GET / HTTP/1.1\r\n\r\n") for _ in answers]
        with pytest.raises(ConnectionError):
            await line.ask(b"GET / HTTP/1.1\r\n\r\n")
        line.close()
    assert (first.status, first.etag, first.retry_after, first.body) == (304, 'W/"e-7"', None, b"")
    assert (second.status, second.etag, second.retry_after, second.body) == (429, None, "2", b"{}")


@pytest.mark.parametrize("persists", [True, False])
async def test_a_feed_that_persists_sends_again_what_was_refused(persists: bool) -> None:
    answers = iter([b"429 Busy", b"503 Busy", *[b"200 OK"] * 100])
    report = b'{"accepted":2,"duplicates":0}'
    bodies: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(65_536):
            bodies.append(head.partition(b"\r\n\r\n")[2])
            writer.write(b"HTTP/1.1 %b\r\ncontent-length: %d\r\n\r\n%b" % (next(answers), len(report), report))
            if len(bodies) == 4:
                feed.end()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        feed = Feed(port, "s", ("1", "2"), "run", per_s=100, connections=1, sizes=(2,), persists=persists)
        await feed.run()
    journal = feed.journal
    assert (journal.refused, journal.refusals_without_hint, len(journal.refusal_ms)) == (4, 2, 2)
    assert (bodies[0] == bodies[1] == bodies[2]) == persists
    assert journal.acknowledged[0] == ("run-000000000" if persists else "run-000000004")
    assert len(journal.acknowledged) == journal.offered - (0 if persists else 4)


async def test_latency_times_every_participation_at_every_screen_of_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "WARM_UP_S": 0.3,
        "PAUSE_S": 0.1,
        "GROWTH_PERCENT_MAX": NO_FLOOR,
        "LAG_MS_MAX": NO_FLOOR,
    }.items():
        monkeypatch.setattr(freshness, name, value)
    for name in ("FULL_MS", "HALF_MS", "QUIET_MS"):
        monkeypatch.setattr(latency, name, NO_FLOOR)
    monkeypatch.setattr(latency, "OVERLOAD_LIMIT_PER_S", 100)
    monkeypatch.setattr(latency, "OVERLOAD_PER_S", 1_000)
    no_floors = dict.fromkeys(("GROWTH_PERCENT_MAX", "STALLED_BYTES_MAX", "CUT_S_MAX", "LAG_MS_MAX"), NO_FLOOR)
    for name, value in ({"WARM_UP_S": 0.3, "REST_S": 0.5, "RETURN_S": 1.0} | no_floors).items():
        monkeypatch.setattr(stalled, name, value)
    for module, floors in ((takes, ("P99_MS_MAX", "LAG_MS_MAX")), (thin, ("GROWTH_PERCENT_MAX", "BEATS_LATE_MAX"))):
        for name in floors:
            monkeypatch.setattr(module, name, NO_FLOOR)
    monkeypatch.setattr(thin, "WARM_UP_S", 0.3)
    monkeypatch.setattr(takes, "PRESS_EVERY_S", 0.85)
    scale = latency.Scale(
        crowds=((12, 100),), beyond=(12, 50), sample=4, seconds=0.5, beyond_s=0.5, quiet_s=3, stalled_screens=20,
        stalled_rounds=1, without_s=0.5, stall_s_max=0.5, overload_s=0.5, takes=1, takes_screens=12, late_ticks=15,
        thin=thin.Scale(screens=2, others=6, rounds=1, round_s=0.5, beat_ms=100, sample=3),
    )  # fmt: skip
    result = await latency.measure(tmp_path, scale)
    # In half a second no socket fills.
    assert result.faults == ["1 of 1 stalled screens were not cut off"]
    (crowd,) = result.crowds
    assert (crowd.screens, crowd.sampled, crowd.tick_ms) == (12, 4, 100)
    assert crowd.participations > 0
    assert 0 <= crowd.p50_ms <= crowd.p99_ms <= crowd.max_ms
    assert (result.beyond.screens, result.beyond.tick_ms) == (12, 50)
    assert crowd.frames_per_s > 0
    assert result.beyond.frames_per_s > 0
    assert min(result.beyond.first_third_p99_ms, result.beyond.last_third_p99_ms) > 0
    assert result.quiet.participations >= 1
    assert (result.stalled.screens, result.stalled.stalled, result.stalled.cut) == (20, 1, 0)
    assert result.stalled.returned_by_delta == 1
    assert result.overload.refusals > 0
    assert result.overload.refusals_without_hint == 0
    assert 0 < result.overload.refused_share < 1
    assert (result.takes.screens, result.takes.sampled) == (12, 4)
    assert 0 < result.takes.p50_ms <= result.takes.max_ms
    assert (result.thin.cut, [*result.thin.beats_late]) == (0, [0, 5_000])
    assert sum(count for late in result.thin.beats_late.values() for count in late.values()) >= 2 * 3
    assert result.late_outputs.frames == 1
    assert [*result.late_outputs.cpu_ms] == [0, 1, 4]
    assert len(table(result)) == 48


async def test_restart_brings_every_screen_back_and_finds_every_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DOWN_S": 0.1, "PAUSE_S": 0.1, "LAG_MS_MAX": NO_FLOOR, "BACK_WANTED_S": NO_FLOOR}.items():
        monkeypatch.setattr(restart, name, value)
    monkeypatch.setattr(long_ledger, "TAIL_S", 0.5)
    scale = restart.Scale(screens=20, mirrors=5, rows=2_000, steady_s=0.5)
    result = await restart.measure(tmp_path, scale)
    assert result.faults == []
    for one, code in ((result.kill, -9), (result.term, 0)):
        assert (one.screens, one.back, one.mirrors, one.exit_code) == (20, 20, 5, code)
        assert one.by_delta + one.by_snapshot == 20
        assert 0 < one.handshakes_peak_per_s <= 20
        assert one.handshakes == 20
    assert [one.case for one in result.rows.starts] == ["no checkpoint", "after SIGTERM", "after kill −9"]
    assert result.rows.starts[0].checkpoints == 0
    # 2,000 participations and the decision that says which contest it is.
    assert result.rows.starts[0].head_seq >= 2_001
    assert result.rows.starts[2].head_seq > result.rows.starts[1].head_seq
    assert result.rows.audit_code == 0
    assert len(restart.table(result)) == 35


async def test_soak_sees_everybody_leave(tmp_path: Path) -> None:
    result = await soak.measure(tmp_path, soak.Scale(minutes=0.05, screens=8, visits_per_s=20))
    assert result.faults == ()
    assert result.visits == result.polite + result.reset > 20
    assert abs(result.polite - result.reset) <= 1
    assert result.strangers == result.broke_off + result.answered + result.read_nothing > 10
    assert min(result.broke_off, result.answered, result.read_nothing) > 0
    assert result.minutes[-1].sockets >= 8
    assert result.fds_end <= result.fds_begin
    assert len(soak.table(result)) >= 6


async def test_a_crowd_stands_where_the_sample_stands(tmp_path: Path) -> None:
    async with screens.under_test(tmp_path / "data") as (serving, secret):
        feed = Feed(serving.port, secret, wards(), "crowd", per_s=100)
        async with screens.following(serving.port, 9, sample=3) as audience:
            async with screens.flowing(feed):
                await asyncio.sleep(0.5)
            head = await screens.shown_seq(serving.port)
            found = await audience.settled(head)
            assert gaps(found, 9, head) == []
            assert sum(found.seqs.values()) == 9
            assert len(audience.seen) == 3
            assert (await screens.figures(serving.port))["diemcau_sockets_open"] == 9
