"""What renderers tell: bounded whoever tells it, once for all that is alike, gone when it has been looked at."""

import pytest

from dashboard.overlays.lower_third import LowerThirdSettings
from server.control.renderer_faults import (
    KEPT_MS,
    OF_OUTPUT_MAX,
    OF_RENDERER_MAX,
    FaultTold,
    Renderer,
    RendererFaults,
    StrapTold,
)
from tests.worlds.clocks import Clock

TOPIC, OUTPUT = "program/tv1", "tv1"
PLAYOUT, STRANGER = Renderer("vmix-1", has_key=True), Renderer("10.0.0.7")


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000)


@pytest.fixture
def faults(clock: Clock) -> RendererFaults:
    return RendererFaults(clock, lambda: {OUTPUT, "hall"})


def bad(what: str = "json", count: int = 1) -> FaultTold:
    return FaultTold("total", "host_data", what, count)


def test_what_is_alike_is_one_line_that_says_how_often_and_when(faults: RendererFaults, clock: Clock) -> None:
    faults.hear(TOPIC, PLAYOUT, bad(count=3))
    clock.ms += 500
    faults.hear(TOPIC, PLAYOUT, bad())
    faults.hear(TOPIC, STRANGER, bad())
    told = {(each.renderer, each.has_key): (each.first, each.last, each.count) for each in faults.of(OUTPUT)}
    assert told == {("vmix-1", True): (1_000, 1_500, 4), ("10.0.0.7", False): (1_500, 1_500, 1)}
    assert faults.of("hall") == ()


def test_no_text_of_a_renderer_is_kept_but_whom_it_names(faults: RendererFaults) -> None:
    faults.hear(TOPIC, STRANGER, FaultTold("total", "host_value", "<b>colour"))
    faults.hear(TOPIC, STRANGER, FaultTold("clock", "host_data", "json"))
    faults.hear(TOPIC, STRANGER, FaultTold("lower-third", "key", "vmix-1"))
    faults.hear(TOPIC, STRANGER, FaultTold("standings", "host_value", "rows"))
    assert sorted(each.what for each in faults.of(OUTPUT)) == ["rows", "…"]


def test_a_person_is_told_of_unless_the_strap_is_approved(faults: RendererFaults) -> None:
    known = StrapTold("Nguyễn Văn A", "ong", ("Bí thư",))
    faults.approves = lambda data: data["name"] == known.name and data["titles"] == ("Bí thư",)
    for strap in (known, StrapTold("Nguyễn  Văn A", "ong", ("Chủ tịch", "")), StrapTold("A\u202eB"), None):
        faults.hear(TOPIC, PLAYOUT, FaultTold("lower-third", "strap", strap=strap))
    assert sorted(each.what for each in faults.of(OUTPUT)) == ["Nguyễn Văn A · Chủ tịch", "…"]


def test_one_renderer_has_a_few_and_strangers_do_not_push_out_who_has_a_key(
    faults: RendererFaults, clock: Clock
) -> None:
    faults.hear_revoked(TOPIC, "vmix-1")
    for nth in range(100):
        clock.ms += 1
        faults.hear(TOPIC, Renderer(f"10.0.{nth}.1"), bad())
        for field in LowerThirdSettings.__struct_fields__:
            faults.hear(TOPIC, STRANGER, FaultTold("lower-third", "host_value", field))
    found = faults.of(OUTPUT)
    assert len(found) == OF_OUTPUT_MAX
    assert sum(each.renderer == STRANGER.name for each in found) == OF_RENDERER_MAX
    assert [(each.renderer, each.code) for each in found if each.has_key] == [("vmix-1", "key")]
    for nth in range(OF_OUTPUT_MAX):
        faults.hear(TOPIC, Renderer(f"vmix-{nth}", has_key=True), bad())
    faults.hear(TOPIC, STRANGER, bad())
    assert all(each.has_key for each in faults.of(OUTPUT))


def test_what_was_looked_at_is_gone_and_what_came_since_is_not(faults: RendererFaults, clock: Clock) -> None:
    faults.hear(TOPIC, PLAYOUT, bad())
    clock.ms += 1
    faults.hear_unknown(TOPIC, STRANGER)
    faults.seen(OUTPUT, 1_000)
    assert [(each.overlay, each.code, each.what) for each in faults.of(OUTPUT)] == [("", "address", "overlay")]
    clock.ms += KEPT_MS
    assert faults.of(OUTPUT) == ()


@pytest.mark.parametrize("topic", ["board", "program", "program/tv9", "control/program/tv1", "program/tv1/x", ""])
def test_what_follows_no_output_tells_nothing(faults: RendererFaults, topic: str) -> None:
    faults.hear(topic, PLAYOUT, bad())
    faults.hear_revoked(topic, "vmix-1")
    assert faults.of(OUTPUT) == faults.of("tv9") == ()
