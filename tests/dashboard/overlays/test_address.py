"""What an overlay's address asks for: by the types of its settings, and nothing of what cannot be."""

import pytest

from dashboard.overlays.address import merged, read
from dashboard.overlays.lower_third import LOWER_THIRD, LowerThirdSettings
from dashboard.overlays.overlay import OverlaySettings
from dashboard.overlays.total import TOTAL

KNOWN = frozenset({"out", "lang"})


def test_settings_are_read_by_their_types_and_the_pages_own_parameters_are_none() -> None:
    asked = read(
        LOWER_THIRD, [("out", "tv1"), ("unit", "024"), ("asof", "0"), ("size", "80"), ("titles", "A|B")], KNOWN
    )
    assert asked.settings == LowerThirdSettings(unit="024", asof=False, size=80, titles=("A", "B"))
    assert (asked.names, asked.faults) == (("unit", "asof", "size", "titles"), ())


@pytest.mark.parametrize(
    ("name", "text"),
    [("size", "49"), ("size", "big"), ("position", "middle"), ("asof", "perhaps"), ("colour", ""), ("unit2", "")],
)
def test_what_cannot_be_has_its_default_and_is_a_fault(name: str, text: str) -> None:
    asked = read(TOTAL, [(name, text)], KNOWN)
    assert asked.settings == OverlaySettings()
    assert asked.names == ()
    assert [(fault.parameter, fault.found) for fault in asked.faults] == [(name, text)]


def test_bounds_of_a_persons_strap_hold_in_an_address_too() -> None:
    asked = read(LOWER_THIRD, [("titles", "1|2|3|4"), ("name", "A" * 81), ("honorific", "sir")], KNOWN)
    assert asked.settings == LowerThirdSettings()
    assert {fault.parameter for fault in asked.faults} == {"titles", "name", "honorific"}


def test_what_it_is_about_comes_from_the_address_or_the_output_as_a_whole() -> None:
    asked = LowerThirdSettings(name="Nguyễn Văn A", titles=("Bí thư",), size=80)
    assert merged(LOWER_THIRD, asked, {}) == asked
    assert merged(LOWER_THIRD, asked, {"name": "Nguyễn Thị B"}) == LowerThirdSettings(name="Nguyễn Thị B", size=80)
    assert merged(LOWER_THIRD, asked, {"size": 120}) == LowerThirdSettings(
        name=asked.name, titles=asked.titles, size=120
    )


def test_data_of_another_release_leave_what_the_address_asks_for() -> None:
    asked = LowerThirdSettings(unit="024")
    assert merged(LOWER_THIRD, asked, {"gone": 1}) is asked
    assert merged(LOWER_THIRD, asked, {"size": 4}) is asked
