"""What stands against a broadcast: a line for each thing that can be wrong, and none where nothing is."""

from typing import Any

import msgspec
import pytest

from server.control.checks import Facts, checks_of
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.rundown import Item, Rundown
from streaming.program.running import Armed, Running
from streaming.program.state import Countdown, Still, Tick, Tried, Withdrawn
from streaming.program.ticks import LINES, TICK_MS
from tests.worlds.outputs import NOW_MS, an_output

GOOD = Facts(NOW_MS, (4, 9), {"web": "live"}, (), (), is_clock_off=False)
TICKS = {line: Tick("account:1", NOW_MS - 1, "0912") for line in LINES}
READY = an_output(ticks=TICKS, rundown=Rundown((Item(id="1", title="Phát động", scene="launch"),)))


def against(output: Output, facts: Facts = GOOD) -> dict[str, str]:
    found = checks_of(output, facts)
    assert found.against == tuple(each.line for each in found.checks if not each.ok)
    return {each.line: each.code for each in found.checks if not each.ok}


def test_nothing_stands_against_what_is_in_order() -> None:
    assert against(READY) == {}
    found = checks_of(READY, GOOD)
    telephone = next(each for each in found.checks if each.line == "telephone")
    assert (telephone.by, telephone.note, telephone.by_hand) == ("account:1", "0912", True)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"bounds": ()}, "walls_none"),
        ({"bounds": (4, None)}, "clocks_off"),
        ({"bounds": (51,)}, "clocks_off"),
        ({"sources": {}}, "sources_none"),
        ({"sources": {"web": "live", "b": "silent"}}, "sources_silent"),
        ({"sources": {"web": "never"}}, "sources_silent"),
        ({"gone": ("Giao lưu",)}, "rundown_gone"),
        ({"faults": ("ledger.db",)}, "files_fault"),
        ({"is_clock_off": True}, "server_clock_off"),
    ],
)
def test_what_is_seen_beside_an_output(facts: dict[str, Any], code: str) -> None:
    assert list(against(READY, GOOD._replace(**facts)).values()) == [code]


def counting(countdown: Countdown) -> Output:
    scene = msgspec.structs.replace(READY.scene, countdown=countdown)
    return READY.showing(msgspec.structs.replace(READY.take, scene=scene))


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (READY.with_(still=Still("account:1", 1, READY.scene)), "picture_still"),
        (READY.with_(withdrawn=Withdrawn(HALL, "account:1", 1)), "picture_withdrawn"),
        (READY.with_(delay_ms=8_000), "delay_late"),
        (READY.with_(rundown=Rundown()), "rundown_none"),
        (READY.with_(rundown=Rundown((Item(id="1", title="Phát biểu"),))), "rundown_no_launch"),
        (READY.with_(runs={"live": Running(run=1, armed=Armed("account:1", NOW_MS + 1))}), "armed_now"),
        (counting(Countdown(to_ms=NOW_MS)), "countdown_past"),
        (counting(Countdown(left_ms=5)), "countdown_held"),
        (READY.with_(ticks={**TICKS, "host": Tick("account:1", NOW_MS - TICK_MS)}), "not_ticked"),
        (READY.with_(ticks={line: tick for line, tick in TICKS.items() if line != "button"}), "not_ticked"),
    ],
)
def test_what_is_seen_of_an_output(output: Output, code: str) -> None:
    assert list(against(output).values()) == [code]


def test_what_is_no_fault() -> None:
    late = an_output("tv1", ticks=TICKS, rundown=READY.rundown, delay_ms=8_000)
    follows = an_output("points", ticks=TICKS, follows=HALL)
    tried = READY.with_(ticks={line: TICKS[line] for line in LINES if line != "button"}, tried=Tried("key:a", NOW_MS))
    assert [against(each) for each in (late, follows, tried, counting(Countdown(to_ms=NOW_MS + 1)))] == [{}] * 4


def test_of_many_names_a_few_are_told() -> None:
    found = checks_of(READY, GOOD._replace(gone=tuple(str(number) for number in range(200))))
    figures = next(each.figures for each in found.checks if each.line == "rundown")
    assert figures == {"n": 200, "names": "0, 1, 2, 3, 4 …"}
