"""The table of scenes: what each consists of, and what is fixed when one is taken."""

from functools import partial

import msgspec
import pytest

from dashboard import static
from dashboard.made import TEMPLATES
from dashboard.pages.hall import cut_of, page, painted
from dashboard.scenes.live import LIVE, LiveSettings
from dashboard.scenes.scene import Scene
from dashboard.scenes.scenes import BY_NAME, SCENES
from dashboard.scenes.standings import STANDINGS, StandingsSettings
from dashboard.scenes.units import UNIT, WARDS, WINDOW, UnitSettings, WardsSettings, WindowSettings
from dashboard.words.words import LANGS, texts
from streaming.program.state import SceneOnAir
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import topic_frame
from tests.suite import ROOT
from tests.worlds.editions import edition

SCREENS = (ROOT / "docs" / "reference" / "screens.md").read_text("utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_has_its_template_its_name_in_both_languages_and_a_row_in_the_reference(scene: Scene) -> None:  # type: ignore[type-arg]
    assert BY_NAME[scene.name] is scene
    assert (TEMPLATES / "scenes" / f"{scene.name}.html").is_file()
    for lang in LANGS:
        assert texts(lang)[f"scene_{scene.name}"]
    assert f"| `{scene.name}` | {scene.beat_ms // 1000} s |" in SCREENS
    assert msgspec.to_builtins(scene.settings()) is not None
    assert "js/scenes/stage.js" in static.files()


@pytest.mark.parametrize("kind", ["zero", "opening", "typical", "ties", "absurd"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_says_its_name_its_beat_and_its_take(scene: Scene, kind: str) -> None:  # type: ignore[type-arg]
    case = Case("ha-giang", kind)
    cut = cut_of(frame_of(case), edition(folder(case.contest)))
    chosen = msgspec.to_builtins(scene.chosen(scene.settings(), cut))
    text = str(painted(scene, cut, SceneOnAir(scene.name, chosen, take=17, since=7)))
    assert text.startswith(
        f'<section class="scene {scene.name}" data-name="{scene.name}" data-beat-ms="{scene.beat_ms}" data-take="17" '
        f'data-step="0" data-topic="board" data-head="{scene.head}"{" data-clear" if scene.is_clear else ""}>'
    )


@pytest.mark.parametrize(("scene", "topic"), [("unit", "unit/024"), ("wards", "unit/024"), ("live", "board")])
def test_a_scene_is_painted_of_its_own_topic_and_a_page_follows_that(scene: str, topic: str) -> None:
    contest, board = folder("ha-giang"), frame_of(Case("ha-giang", "typical"))
    values = page(board, edition(contest), scene=scene, frame_of=partial(topic_frame, board, contest.contest))
    assert f'data-topic="{topic}"' in values["on_air"]
    assert f'"topic":"{topic}"' in values["first_frame"]
    assert f'"topic":"{topic}"' in values["contest_data"]


def test_a_scene_of_a_topic_that_is_no_more_is_painted_of_the_board() -> None:
    contest, board = folder("ha-giang"), frame_of(Case("ha-giang", "typical"))
    values = page(board, edition(contest), scene="unit")
    assert 'data-topic="board"' in values["on_air"]
    assert '"topic":"board"' in values["first_frame"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "024"), ("026", "026"), ("00712", "00712"), ("HG-CQ", "HG-CQ"), ("02", "02"), ("gone", "024")],
)
def test_a_spotlight_is_of_any_unit_that_the_contest_has(asked: str, shown: str) -> None:
    contest, board = folder("ha-giang"), frame_of(Case("ha-giang", "ties"))
    cut = cut_of(board, edition(contest), frame_of=partial(topic_frame, board, contest.contest))
    chosen = UNIT.chosen(UnitSettings(asked), cut)
    assert chosen.unit == shown
    assert f'"of":"{shown}"' in UNIT.paint(chosen, cut)
    assert WARDS.chosen(WardsSettings(asked), cut).of == ("024" if asked in {"", "00712", "HG-CQ", "gone"} else shown)
    assert WINDOW.chosen(WindowSettings(asked, "right"), cut) == WindowSettings(shown, "right")


@pytest.mark.parametrize(("kind", "leads"), [("opening", "started"), ("typical", "completed"), ("zero", "completed")])
def test_what_leads_is_chosen_from_the_numbers_unless_somebody_has_chosen_it(kind: str, leads: str) -> None:
    cut = cut_of(frame_of(Case("ha-giang", kind)), edition(folder("ha-giang")))
    assert LIVE.chosen(LiveSettings(), cut).lead == leads
    assert LIVE.chosen(LiveSettings("started"), cut).lead == "started"
    assert LIVE.chosen(LiveSettings(steps=(1, 2)), cut).steps == (1, 2)


def test_settings_that_a_scene_does_not_have_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="lead"):
        msgspec.convert({"lead": "registered"}, LIVE.settings)
    with pytest.raises(msgspec.ValidationError, match="speed"):
        msgspec.convert({"speed": 1}, LIVE.settings)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (StandingsSettings(), StandingsSettings("02", "completed", "ceremony")),
        (StandingsSettings("030", "participants", "full"), StandingsSettings("030", "participants", "full")),
        (StandingsSettings("nowhere", "rate"), StandingsSettings("02", "completed")),
        (StandingsSettings("00691"), StandingsSettings("02", "completed")),
    ],
)
def test_standings_are_taken_as_they_can_be_shown(asked: StandingsSettings, shown: StandingsSettings) -> None:
    case = Case("ha-giang", "typical")
    cut = cut_of(frame_of(case), edition(folder(case.contest)))
    assert STANDINGS.chosen(asked, cut) == shown
    assert f'"of":"{shown.of}"' in str(STANDINGS.paint(shown, cut))
