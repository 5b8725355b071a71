"""Kiểm tra trước giờ phát: what stands against a broadcast on one output, as far as the system can see, and what people
have ticked."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from streaming.program.arming import LAUNCH
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.state import Store
from streaming.program.ticks import LINES, TICK_MS, holds

CLOCK_OFF_MS = 50
"""A screen that may be off by more shows a launch visibly apart from others."""
NAMES_MAX = 5
"""Sources, items and faults that are named; of more the number tells."""

Figures = Mapping[str, int | str]


class Facts(NamedTuple):
    """What is known beside an output itself.

    ``bounds`` has for each screen of it by how much that may be wrong about the time, None where it has not told.
    ``sources`` are the states of the live store's, by name. ``gone`` are the titles of items that cannot be shown.
    ``faults`` are the files that cannot be read or written; ``is_clock_off`` is whether the server's clock is wrong.
    """

    now_ms: int
    bounds: tuple[int | None, ...]
    sources: Mapping[str, str]
    gone: tuple[str, ...]
    faults: tuple[str, ...]
    is_clock_off: bool


class Check(msgspec.Struct, frozen=True):
    """A line: whether it is in order, by what ``code``, which names the text, with its figures. A line that is
    ``by_hand`` says who ticked it, when, and what they noted."""

    line: str
    ok: bool
    code: str
    figures: Figures = {}
    by_hand: bool = False
    by: str | None = None
    at: int | None = None
    note: str = ""


class Checks(msgspec.Struct, frozen=True):
    """Every line of an output, and the names of those that stand against showing live numbers."""

    output: str
    store: Store
    now: int
    checks: tuple[Check, ...]
    against: tuple[str, ...]


def checks_of(output: Output, facts: Facts) -> Checks:
    """Every line, those that the system looks at first."""
    seen = (
        _walls(facts), _clocks(facts), _sources(facts), _picture(output), _delay(output), _rundown(output, facts),
        _armed(output, facts), _countdown(output, facts), _files(facts), _server_clock(facts),
    )  # fmt: skip
    found = (*seen, *(_ticked(line, output, facts.now_ms) for line in LINES))
    return Checks(output.name, output.store, facts.now_ms, found, tuple(each.line for each in found if not each.ok))


def _walls(facts: Facts) -> Check:
    count = len(facts.bounds)
    return Check("walls", count > 0, "walls_open" if count else "walls_none", {"n": count})


def _clocks(facts: Facts) -> Check:
    off = sum(bound is None or bound > CLOCK_OFF_MS for bound in facts.bounds)
    return Check("clocks", off == 0, "clocks_off" if off else "clocks_good", {"n": off, "of": len(facts.bounds)})


def _sources(facts: Facts) -> Check:
    if not facts.sources:
        return Check("sources", ok=False, code="sources_none")
    silent = sorted(name for name, state in facts.sources.items() if state in {"silent", "never"})
    if silent:
        return Check("sources", ok=False, code="sources_silent", figures=_named(silent))
    return Check("sources", ok=True, code="sources_heard", figures={"n": len(facts.sources)})


def _picture(output: Output) -> Check:
    if output.withdrawn is not None:
        return Check("picture", ok=False, code="picture_withdrawn")
    still = output.still is not None
    return Check("picture", not still, "picture_still" if still else "picture_moves")


def _delay(output: Output) -> Check:
    # A director sets what his picture needs; in the hall people see the stage beside the wall.
    late = output.delay_ms > 0
    ok = output.name != HALL or not late
    return Check("delay", ok, "delay_late" if late else "delay_none", {"ms": output.delay_ms})


def _rundown(output: Output, facts: Facts) -> Check:
    items = [item for item in output.rundown.items if not item.skip]
    if output.follows is not None and not items:
        return Check("rundown", ok=True, code="rundown_follows")
    if not items:
        return Check("rundown", ok=False, code="rundown_none")
    if facts.gone:
        return Check("rundown", ok=False, code="rundown_gone", figures=_named(list(facts.gone)))
    if not any(item.scene == LAUNCH for item in items):
        return Check("rundown", ok=False, code="rundown_no_launch", figures={"n": len(items)})
    return Check("rundown", ok=True, code="rundown_good", figures={"n": len(items)})


def _armed(output: Output, facts: Facts) -> Check:
    armed = output.running.armed is not None and facts.now_ms < output.running.armed.until
    return Check("armed", not armed, "armed_now" if armed else "armed_none")


def _countdown(output: Output, facts: Facts) -> Check:
    countdown = output.scene.countdown
    if countdown is None:
        return Check("countdown", ok=True, code="countdown_none")
    if countdown.to_ms is None:
        return Check("countdown", ok=False, code="countdown_held")
    is_past = countdown.to_ms <= facts.now_ms
    return Check("countdown", not is_past, "countdown_past" if is_past else "countdown_to", {"to": countdown.to_ms})


def _files(facts: Facts) -> Check:
    if facts.faults:
        return Check("files", ok=False, code="files_fault", figures=_named(list(facts.faults)))
    return Check("files", ok=True, code="files_good")


def _server_clock(facts: Facts) -> Check:
    off = facts.is_clock_off
    return Check("server_clock", not off, "server_clock_off" if off else "server_clock_good")


def _ticked(line: str, output: Output, now_ms: int) -> Check:
    tick = output.ticks.get(line)
    if holds(tick, now_ms) and tick is not None:
        return Check(line, True, "ticked", by_hand=True, by=tick.by, at=tick.at, note=tick.note)
    tried = output.tried if line == "button" else None
    if tried is not None and now_ms - tried.at < TICK_MS:
        return Check(line, True, "button_tried", by_hand=True, by=tried.by, at=tried.at)
    return Check(line, False, "not_ticked", by_hand=True)


def _named(names: list[str]) -> Figures:
    more = len(names) - NAMES_MAX
    return {"n": len(names), "names": ", ".join(names[:NAMES_MAX]) + (" …" if more > 0 else "")}
