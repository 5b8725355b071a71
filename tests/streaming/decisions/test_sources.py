"""Sources that are not waited for: what becomes of the as-of time, whatever they do."""

import pytest

from streaming.audit.recount import differences
from streaming.decisions.sources import ASIDE_MAX, AwaitSource, SetAside
from streaming.decisions.standing import Aside
from streaming.errors import Undecidable
from streaming.fold.tally import ALL, COMPLETED
from streaming.topics.operators import control_state
from tests.worlds.folds import folded, opened, public
from tests.worlds.histories import START_MS, Writer


def two_sources() -> Writer:
    """``quiet`` spoke at the opening, ``web`` a minute later."""
    writer = opened()
    writer.take("q1", by="quiet", unit="A1", at=START_MS)
    writer.now_ms += 60_000
    writer.take("w1", by="web", unit="A1", at=START_MS)
    return writer


def heard_after_opening(writer: Writer) -> int | None:
    fold = folded(writer.rows)
    assert differences(fold, writer.rows) == []
    first_ms = writer.rows[1].received_ms
    return None if fold.cut.heard_ms is None else fold.cut.heard_ms - first_ms


def test_the_as_of_time_follows_the_others_once_a_silent_source_is_set_aside() -> None:
    writer = two_sources()
    assert heard_after_opening(writer) == 0
    writer.decide("set_aside", source="quiet", reason="mất mạng")
    assert heard_after_opening(writer) == 60_000
    writer.decide("await_source", source="quiet")
    assert heard_after_opening(writer) == 0


def test_one_that_is_set_aside_counts_and_stays_aside_when_it_speaks_again() -> None:
    writer = two_sources()
    writer.decide("set_aside", source="web", reason="thử")
    writer.now_ms += 30_000
    writer.take("w2", by="web", unit="A1", at=START_MS)
    assert public(writer)[COMPLETED] == 3
    assert heard_after_opening(writer) == 0


def test_with_all_of_them_set_aside_the_time_is_that_of_the_last_one_heard() -> None:
    writer = two_sources()
    writer.decide("set_aside", source="quiet", reason="mất mạng")
    writer.decide("set_aside", source="web", reason="mất mạng")
    assert heard_after_opening(writer) == 60_000


def test_while_everything_is_held_the_public_time_stands_and_operators_see_it_move() -> None:
    writer = two_sources()
    writer.decide("hold", unit=None)
    writer.decide("set_aside", source="quiet", reason="mất mạng")
    fold = folded(writer.rows)
    assert (fold.heard_upto_ms or 0) - (fold.cut.heard_ms or 0) == 60_000
    writer.decide("release", unit=None)
    assert heard_after_opening(writer) == 60_000


def test_operators_are_told_who_set_what_aside_and_why_and_screens_paint_it_at_once() -> None:
    writer = two_sources()
    before = folded(writer.rows).public_cut.act
    row = writer.decide("set_aside", source="quiet", reason="mất mạng")
    fold = folded(writer.rows)
    assert [(each.source, each.at, each.reason) for each in control_state(fold).aside or ()] == [
        ("quiet", row.received_ms, "mất mạng")
    ]
    assert fold.public_cut.act == before + 1
    assert fold.decided is not None
    assert (fold.decided.kind, fold.decided.source) == ("set_aside", "quiet")
    assert fold.public.counts[ALL]["P"][COMPLETED] == 2


def test_what_is_so_already_is_refused() -> None:
    fold = folded(two_sources().rows)
    SetAside(source="quiet", reason="mất mạng", seen=0).check(fold)
    with pytest.raises(Undecidable, match="waited for already"):
        AwaitSource(source="quiet", seen=0).check(fold)
    fold.aside["quiet"] = Aside(0, "system", "")
    AwaitSource(source="quiet", seen=0).check(fold)
    with pytest.raises(Undecidable, match="not waited for already"):
        SetAside(source="quiet", reason="mất mạng", seen=0).check(fold)


def test_only_so_many_can_be_set_aside() -> None:
    fold = folded(opened().rows)
    fold.aside = {f"s{number}": Aside(0, "system", "") for number in range(ASIDE_MAX)}
    with pytest.raises(Undecidable, match="the most that can be"):
        SetAside(source="quiet", reason="mất mạng", seen=0).check(fold)
