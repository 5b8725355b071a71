"""What a switcher has told holds for as long as it goes on telling."""

from server.control.tallies import TALLY_TTL_MS, Tallies
from tests.worlds.clocks import Clock


def test_what_was_told_is_known_until_it_is_too_old() -> None:
    clock = Clock(0)
    tallies = Tallies(clock)
    assert tallies.of("tv1") is None
    tallies.tell("tv1", on=True)
    assert (tallies.of("tv1"), tallies.of("tv2")) == (True, None)
    clock.ms += TALLY_TTL_MS - 1
    assert tallies.of("tv1") is True
    tallies.tell("tv1", on=True)
    clock.ms += TALLY_TTL_MS - 1
    assert tallies.of("tv1") is True
    tallies.tell("tv1", on=False)
    assert tallies.of("tv1") is False
    clock.ms += TALLY_TTL_MS
    assert tallies.of("tv1") is None


def test_an_output_that_is_made_again_is_on_no_program() -> None:
    tallies = Tallies(Clock(0))
    tallies.tell("tv1", on=True)
    tallies.forget("tv1")
    tallies.forget("tv2")
    assert tallies.of("tv1") is None
