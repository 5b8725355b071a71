"""What a trace says of an update: its message's task and its frame's, by CPU time."""

import msgspec

from tests.bench.trace import FRAME_MARK, MESSAGE_MARK, TASK, Event, Trace, beats_ms, updates_ms


def event(name: str, ts: int, dur: int = 0, tdur: int = 0, tid: int = 1) -> Event:
    return Event(name=name, pid=1, tid=tid, ts=ts, dur=dur, tdur=tdur)


def test_an_update_is_its_messages_and_its_frame() -> None:
    events = [
        event(TASK, 100, 50, 40),
        event(MESSAGE_MARK, 120),
        event(TASK, 200, 10, 5),
        event(MESSAGE_MARK, 201),
        event(TASK, 300, 4_000, 1_955),
        event(FRAME_MARK, 310),
        event(TASK, 5_000, 900, 800),
        event(TASK, 6_000, 1_000, 1_000),
        event(FRAME_MARK, 6_500),
    ]
    assert updates_ms(events) == [2.0, 1.0]
    assert updates_ms(events[::-1]) == [2.0, 1.0]


def test_tasks_of_other_threads_and_tasks_that_have_ended_do_not_count() -> None:
    events = [event(TASK, 100, 9_000, 8_000, tid=2), event(TASK, 100, 10, 7), event(FRAME_MARK, 150)]
    assert updates_ms(events) == [0.0]


def test_a_beat_is_the_script_style_and_layout_of_its_frame_each_once() -> None:
    events = [
        event(TASK, 0, 90, 80),
        event("Layout", 10, 40, 30),
        event(TASK, 100, 1_000, 900),
        event("FireAnimationFrame", 100, 500, 400),
        event(FRAME_MARK, 110),
        event("Layout", 200, 100, 90),
        event("UpdateLayoutTree", 600, 100, 50),
        event("Layout", 700, 100, 60),
        event("Layout", 700, 100, 60, tid=2),
        event("Paint", 800, 100, 90),
        event("FireAnimationFrame", 2_000, 500, 400),
    ]
    assert beats_ms(events) == [0.51]


def test_a_trace_is_read_as_the_browser_writes_it() -> None:
    written = b'{"traceEvents":[{"name":"RunTask","ph":"X","cat":"x","pid":1,"tid":1,"ts":5,"dur":7,"tdur":6}]}'
    assert msgspec.json.decode(written, type=Trace).events == [event(TASK, 5, 7, 6)]
