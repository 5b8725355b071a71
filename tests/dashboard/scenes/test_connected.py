"""The scene of the connected points: it tells those that are aired, and never another."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.pages.hall import cut_of
from dashboard.parts.roll import NAMES_MAX, PAGE_MS, RollView, ask, view
from dashboard.scenes.connected import CONNECTED, ConnectedSettings
from streaming.points.point import points_of
from streaming.program.points import PointsAired
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition


def seen(contest: str, connected: int | None, at: int = 0, **asked: Any) -> tuple[RollView, list[str]]:
    """What is seen at a page of names where the first points are connected, and their names."""
    case = Case(contest, "typical")
    cut = cut_of(frame_of(case), edition(folder(contest)), at * PAGE_MS)
    points = points_of(cut.tree)
    if connected is not None:
        codes = tuple(unit.code for unit in points[:connected])
        cut = replace(cut, points=PointsAired(codes, len(points), 24 * connected))
    return view(ask(cut.edition, cut.tree.root.code, **asked), cut), [unit.full_name for unit in points]


def test_without_anybody_on_air_nothing_is_told() -> None:
    for connected in (None, 0):
        nobody, _ = seen("ha-giang", connected, present=True)
        assert (nobody.count, nobody.present, nobody.names, nobody.page) == ("", "", (), "")
        assert nobody.head == "Đang kết nối các điểm cầu"
        assert not any(nobody.lit)


@pytest.mark.parametrize("connected", [11, 198, 205])
def test_every_connected_point_is_named_once_and_no_other(connected: int) -> None:
    first, names = seen("ha-giang", connected, present=True)
    pages = int(first.page.partition("/")[2] or 1)
    told = [name for at in range(pages) for name in seen("ha-giang", connected, at)[0].names]
    assert all(len(seen("ha-giang", connected, at)[0].names) <= NAMES_MAX for at in range(pages))
    # A name that is too wide stands in short.
    assert len(told) == connected
    assert not set(names[connected:]) - set(names[:connected]) & set(told)
    assert (first.count, first.present) == (str(connected), f"{24 * connected:,}".replace(",", "."))
    assert sum(first.lit) == connected - sum(
        not each.startswith(("Xã", "Phường", "Thị trấn")) for each in names[:connected]
    )


def test_levels_of_two_and_of_three() -> None:
    upper, _ = seen("ha-giang", 205, level="upper")
    assert (upper.count, len(upper.names), upper.head) == ("11", 11, "")
    assert all(upper.lit)
    lower, _ = seen("ha-giang", 205, level="lower")
    assert lower.count == "193"
    assert lower.head == "Thành phố Hà Giang"
    two_levels, _ = seen("hai-cap-2025", 30, level="upper")
    assert (two_levels.count, two_levels.head) == ("16", "")


def test_the_scene_paints_what_its_settings_say() -> None:
    cut = cut_of(frame_of(Case("ha-giang", "typical")), edition(folder("ha-giang")))
    aired = replace(cut, points=PointsAired(("02", "024"), 205, 6_769))
    people = CONNECTED.paint(ConnectedSettings(tells="people"), aired)
    assert "6.769" in people
    names = CONNECTED.paint(ConnectedSettings(tells="names"), aired)
    assert "6.769" not in names.partition("data-roll-present")[2].partition("</p>")[0]
    assert '<p class="roll-count" hidden>' in names
    # Shown by itself, whatever is on air, it tells nothing.
    assert "Thành phố Hà Giang</li>" not in CONNECTED.paint(ConnectedSettings(), cut)
