"""What updates cost the page's main thread by the browser's own trace: CPU time, which other programs do not inflate.

A task that waits for the compositor, or that the machine's other programs put aside, looks dear by the clock.
"""

from bisect import bisect_right
from typing import cast

import msgspec
from playwright.sync_api import Browser, Page

CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"]
MESSAGE_MARK, FRAME_MARK = "bench-message", "bench-frame"
"""What watch.js marks the tasks with: one takes the message, the other runs the page's script, style, layout, paint."""
TASK = "RunTask"
PICTURE = ("FireAnimationFrame", "UpdateLayoutTree", "Layout")
"""What brings the picture to another cut: the script of an animation frame, its style, its layout. They may lie in
each other."""


class Event(msgspec.Struct):
    """The parts of a trace event that are read; ``ts`` and durations in µs, ``tdur`` of CPU time."""

    name: str
    pid: int
    tid: int
    ts: int = 0
    dur: int = 0
    tdur: int = 0


class Trace(msgspec.Struct):
    """A trace as the browser writes it."""

    events: list[Event] = msgspec.field(name="traceEvents")


def traced(page: Page, seconds: float) -> list[Event]:
    """Trace the page for a while."""
    browser = cast("Browser", page.context.browser)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.wait_for_timeout(seconds * 1000)
    return msgspec.json.decode(browser.stop_tracing(), type=Trace).events


def updates_ms(events: list[Event]) -> list[float]:
    """The CPU ms of each update: the task of its frame and those of the messages that it shows."""
    marks = sorted((event for event in events if event.name in {MESSAGE_MARK, FRAME_MARK}), key=lambda mark: mark.ts)
    tasks = {
        thread: sorted((task for task in events if task.name == TASK and _thread(task) == thread), key=lambda t: t.ts)
        for thread in {_thread(mark) for mark in marks}
    }
    costs: list[float] = []
    taken_us = 0
    for mark in marks:
        taken_us += _task_us(tasks[_thread(mark)], mark)
        if mark.name == FRAME_MARK:
            costs.append(taken_us / 1000)
            taken_us = 0
    return costs


def beats_ms(events: list[Event]) -> list[float]:
    """The CPU ms of script, style and layout of each beat's frame."""
    costs: list[float] = []
    for mark in (event for event in events if event.name == FRAME_MARK):
        own = [event for event in events if _thread(event) == _thread(mark)]
        task = next((one for one in own if one.name == TASK and one.ts <= mark.ts < one.ts + one.dur), None)
        if task is None:
            continue
        end_us, taken_us = task.ts, 0
        for part in sorted((one for one in own if one.name in PICTURE), key=lambda one: one.ts):
            if end_us <= part.ts < task.ts + task.dur:
                end_us, taken_us = part.ts + part.dur, taken_us + part.tdur
        costs.append(taken_us / 1000)
    return costs


def _thread(event: Event) -> tuple[int, int]:
    return event.pid, event.tid


def _task_us(tasks: list[Event], mark: Event) -> int:
    """The CPU µs of the task in which a mark was set."""
    before = bisect_right(tasks, mark.ts, key=lambda task: task.ts)
    task = tasks[before - 1] if before else None
    # The first task of a trace may have begun before it.
    return task.tdur if task is not None and mark.ts < task.ts + task.dur else 0
