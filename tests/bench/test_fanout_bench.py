"""The bench of the fan-out counts right, and leaves nothing out silently. How fast a way is, is no test's business."""

import asyncio
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from server.net.websocket import text_frame
from tests.bench import fanout, peers
from tests.bench.fanout import BARE, NCHAN, OURS, STOCK, Course, crowd, order, ratio
from tests.bench.screens import LAG_MS_MAX, TRIES
from tests.bench.swarm import Viewer, close_all, handshake, open_all
from tests.bench.ways import bare, listeners
from tests.bench.ways.ears import Ears
from tests.bench.ways.listeners import END_S, Load, Sample, Way, WayError, measure, python
from tests.bench.ways.program import NO_STAMP, Message, text_of
from tests.suite import ROOT

SIZE = 300
LOAD = Load(sockets=20, hz=10, size=SIZE, warm_up_s=0.5, seconds=1.0)


def sample(cpu_us: float, *, lag_ms: float = 1.0, received: int = 100, idle_kib: int = 10) -> Sample:
    return Sample(cpu_us, 1.0, 2.0, received, 100, idle_kib * 1024, idle_kib * 1024 + 100, lag_ms)


def course(*cpu_us: float | None) -> Course:
    return Course([None if cost is None else sample(cost) for cost in cpu_us])


def taking(*given: Sample | WayError) -> tuple[Callable[[], Sample], Iterator[Sample | WayError]]:
    """Gives these in turn, each time that it is called; and what is left of them."""
    left = iter(given)

    def take() -> Sample:
        one = next(left)
        if isinstance(one, WayError):
            raise one
        return one

    return take, left


@pytest.mark.parametrize("size", [88, 200, 1_024, 5_000])
def test_a_message_has_exactly_its_size_and_is_json(size: int) -> None:
    text = text_of(size)
    assert len(text.encode()) == size
    assert json.loads(text)["stamp"] == NO_STAMP
    stamped = Message(text).now()
    assert len(stamped) == size
    assert 0 < int(json.loads(stamped)["stamp"]) <= time.monotonic_ns()
    assert stamped.replace(json.loads(stamped)["stamp"].encode(), NO_STAMP.encode()) == text.encode()


def test_a_message_needs_room_for_its_stamp() -> None:
    with pytest.raises(ValueError, match="87 bytes have no room"):
        text_of(87)


def test_a_delivery_is_a_message_and_not_a_beat() -> None:
    ears = Ears(SIZE)
    viewer: Viewer = object.__new__(Viewer)
    ears.hear(viewer, b'{"v":1,"type":"beat","at":1234567890123456789}')
    assert ears.delays_ns == []
    stamped = Message(text_of(SIZE)).now()
    ears.hear(viewer, stamped)
    assert ears.first_ns == int(json.loads(stamped)["stamp"])
    assert len(ears.delays_ns) == 1
    assert 0 <= ears.delays_ns[0] < time.monotonic_ns() - ears.first_ns
    assert ears.delays_of(ears.first_ns, ears.first_ns + 1) == ears.delays_ns
    assert ears.delays_of(ears.first_ns - 1, ears.first_ns) == []
    ears.clear()
    assert ears.delays_of(0, 2**63) == []
    with pytest.raises(ValueError, match="without a stamp"):
        Ears(SIZE).hear(viewer, b"x" * SIZE)


def test_engine_io_is_spoken_and_its_wrapped_message_read() -> None:
    said: list[bytes] = []

    class Told(Viewer):
        def send(self, payload: bytes) -> None:
            said.append(payload)

    ears, viewer = Ears(SIZE), object.__new__(Told)
    for packet in (b'0{"sid":"x"}', b'40{"sid":"y"}', b"2"):
        ears.hear_engine_io(viewer, packet)
    assert said == [b"40", b"3"]
    assert ears.joined == 1
    stamped = Message(text_of(SIZE)).now()
    ears.hear_engine_io(viewer, b"42" + json.dumps(["message", stamped.decode()]).encode())
    assert ears.first_ns == int(json.loads(stamped)["stamp"])
    assert len(ears.delays_ns) == 1


async def test_frames_are_heard_whole_glued_and_in_parts() -> None:
    message = Message(text_of(SIZE))
    heard = asyncio.Event()
    gone = asyncio.Semaphore(0)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bare.answer(await reader.readuntil(b"\r\n\r\n")))
        await heard.wait()
        frame = text_frame(message.now())
        for part in (text_frame(b"beat"), frame, frame + b"\x89\x00" + frame, frame[:7], frame[7:], frame):
            writer.write(part)
            await asyncio.sleep(0.02)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        gone.release()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ears = Ears(SIZE)
    viewers = [Viewer(number, handshake("/", port), ears.hear) for number in range(3)]
    assert await open_all(viewers, port, per_s=1_000) == 3
    ears.open(viewers)
    heard.set()
    for _ in range(100):
        await ears.listen(time.monotonic_ns() + 10_000_000)
        if len(ears.delays_ns) == 15:
            break
    assert len(ears.delays_ns) == len(ears.delays_of(ears.first_ns, time.monotonic_ns())) == 15
    ears.close()
    close_all(viewers)
    async with asyncio.timeout(END_S):
        for _ in viewers:
            await gone.acquire()
    server.close()
    await server.wait_closed()


def test_the_order_turns_so_that_each_way_has_each_place_once() -> None:
    names = ["bare", "ours", "ws"]
    orders = [order(names, number) for number in range(3)]
    assert orders[0] == names
    assert all(sorted(place) == sorted(names) for place in zip(*orders, strict=True))
    assert order(names, 3) == names


def test_a_ratio_is_the_median_of_the_ratios_of_rounds_that_count_for_both() -> None:
    ours, theirs = course(1.0, 3.0, 90.0, None, 50.0), course(2.0, 4.0, 100.0, 1.0, None)
    assert ratio(ours, theirs) == 0.75
    assert ratio(course(None, 1.0), course(1.0, None)) is None


def test_a_late_load_is_taken_again_and_given_up_in_the_end() -> None:
    late, kept = sample(9.0, lag_ms=LAG_MS_MAX + 1), sample(8.0, lag_ms=LAG_MS_MAX)
    tried = Course()
    take, left = taking(late, late, kept, sample(7.0))
    tried.add(take)
    assert (tried.samples, tried.void, tried.voided, len([*left])) == ([kept], 2, 0, 1)
    take, left = taking(*[late] * (TRIES + 1))
    tried.add(take)
    assert (tried.samples, tried.void, tried.voided, len([*left])) == ([kept, None], 2 + TRIES, 1, 1)
    take, left = taking(WayError("took 3 of 5 sockets"), kept)
    tried.add(take)
    assert (tried.samples, tried.fault, len([*left])) == ([kept, None, None], "took 3 of 5 sockets", 1)


def result(**courses: Course) -> fanout.Result:
    return fanout.Result(crowds=(crowd(LOAD, courses),), rounds=2, absent={"ws": "npm is not on this machine"})


def test_what_our_way_loses_is_a_fault_and_what_a_peer_loses_is_shown() -> None:
    lossy = Course([sample(9.0, received=99)])
    found = result(bare=course(8.0), ours=course(9.0), nchan=lossy)
    assert found.faults == []
    assert "99.00%" in "\n".join(fanout.table(found))
    assert result(bare=course(8.0), ours=lossy).faults == ["20 sockets, ours: 99 of 100 deliveries received"]
    assert result(bare=course(None), ours=course(9.0)).faults == ["20 sockets, bare: the load was late in every round"]
    failed = Course([None], fault="did not start: no such file")
    assert result(bare=course(8.0), ours=failed).faults == ["20 sockets, ours: did not start: no such file"]


def test_the_table_has_every_way_every_floor_and_what_is_left_out() -> None:
    courses = {BARE: course(8.0, 10.0), OURS: course(9.6, 12.0), STOCK: course(16.0, 20.0), NCHAN: course(10.0, 12.5)}
    courses["broadcast"] = Course([None, None], void=8, voided=2)
    found = result(**courses)
    assert found.crowds[0].ours_to == {STOCK: 0.6, NCHAN: 0.96, "broadcast": None}
    lines = fanout.table(found)
    assert [line.split()[0] for line in lines[2:7]] == [*courses]
    assert [line.split() for line in lines[7:11]] == [
        ["ours", "/", "bare", "1.200", "at", "most", "1.3"],
        ["ours", "/", "starlette", "0.600", "below", "1"],
        ["ours", "/", "nchan", "0.960", "at", "most", "1.1"],
        ["ours", "/", "broadcast", "–", "below", "1"],
    ]
    assert lines[6].endswith("VOID: 2 of 2 rounds")
    assert lines[11].endswith("at most 24 KiB, below 10.0 of starlette")
    assert lines[12:] == ["left out: ws: npm is not on this machine"]
    assert msgspec.json.decode(msgspec.json.encode(found), type=fanout.Result) == found


def test_the_bare_way_answers_as_rfc_6455_has_it() -> None:
    answer = bare.answer(b"GET / HTTP/1.1\r\nHost: x\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    with pytest.raises(ValueError, match="without a key"):
        bare.answer(b"GET / HTTP/1.1\r\n\r\n")


def test_a_peer_that_cannot_be_had_is_named_with_the_reason(tmp_path: Path) -> None:
    def lacking() -> Way:
        peers.done([peers.program("sh"), "-c", "echo no route to the registry >&2; exit 3"], tmp_path)
        raise AssertionError

    ways, absent = peers.found({"broadcast": lambda: python("broadcast"), "ws": lacking})
    assert [way.name for way in ways] == ["broadcast"]
    assert absent == {"ws": "sh -c ended with 3: no route to the registry"}
    with pytest.raises(peers.LacksError, match="no-such-program is not on this machine"):
        peers.program("no-such-program")


def test_only_pinned_versions_count_as_installed(tmp_path: Path) -> None:
    assert peers.version_of(tmp_path / "ws") == ""
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "package.json").write_text('{"name": "ws", "version": "8.0.1"}')
    assert peers.version_of(tmp_path / "ws") == "8.0.1"


def test_what_packages_of_debian_need_is_read_without_virtual_ones() -> None:
    shown = "nginx\n  Depends: libc6\n  Depends: nginx-common\nlibnginx-mod-nchan\n  Depends: <nginx-abi-1.22.1-7>\n"
    assert peers.needs(shown + "    nginx\n  Depends: nginx\n |Depends: libc6\n") == ["libc6", "nginx-common"]


def test_a_way_that_does_not_start_says_what_it_said(tmp_path: Path) -> None:
    way = Way("broken", (sys.executable, "-c", "raise SystemExit('no such module')"))
    with pytest.raises(WayError, match="did not start: no such module"):
        asyncio.run(measure(way, LOAD, tmp_path / "log"))


def test_all_ways_in_python_deliver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whether this machine is quiet enough to measure on is no matter here.
    monkeypatch.setattr(fanout, "LAG_MS_MAX", math.inf)
    # Nor is what they take in memory at rest.
    monkeypatch.setattr(listeners, "SETTLE_S", 0.1)
    names = [BARE, OURS, STOCK, "broadcast"]
    before = {*ROOT.glob(".bench-*")}
    (found,) = fanout.run([python(name) for name in names], [LOAD], 1, tmp_path / "log")
    assert [one.way for one in found.ways] == names
    for one in found.ways:
        assert (one.fault, one.rounds, one.void) == ("", 1, 0)
        assert one.due == 200
        # On a busy machine messages, or some of their deliveries, may fall beyond the edges of the window.
        assert 0 < one.received < 2 * one.due
        assert one.cpu_us is not None
        assert one.cpu_us > 0
        assert one.p50_ms is not None
        assert one.p99_ms is not None
        assert 0 < one.p50_ms <= one.p99_ms
    assert {*found.ours_to} == {STOCK, "broadcast"}
    assert not {*ROOT.glob(".bench-*")} - before
