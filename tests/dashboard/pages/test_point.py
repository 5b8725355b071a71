"""A connection point's screen: the scene's bytes are the same for all, the band is its own, and all of it is small."""

import gzip
import re

import msgspec
import pytest

from dashboard.page import Following, shell
from dashboard.pages import point
from dashboard.pages.point import PointData, gives_way
from dashboard.scenes.scenes import BY_NAME
from dashboard.screens import BY_PATH
from dashboard.templates import environment
from streaming.program.state import ProgramState, SceneOnAir, Showing
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import topic_frame
from tests.browser.stand import state_frame
from tests.worlds.editions import edition

SHIPPED = folder("ha-giang")
SHOWS = Showing("live", 0, frozen=False)
FIRST_LOAD_BYTES_MAX = 12 * 1024
"""Of what a point's screen asks for at first, packed; fonts, style sheets and scripts aside, which browsers keep."""
SCENES = {
    "live": {"lead": "completed"}, "standby": {}, "launch": {}, "groups": {},
    "standings": {"of": "02", "by": "completed", "order": "full"},
}  # fmt: skip
SCRIPT = re.compile(r"<script(?! type)[^>]*>.*?</script>|<script>.*?</script>", re.DOTALL)


def page(code: str, scene: str = "live", lang: str = "vi") -> str:
    board = frame_of(Case("ha-giang", "typical"))
    follows = Following("points", SHOWS, SceneOnAir(scene, SCENES[scene], take=1, since=1))
    values = point.page(
        board,
        topic_frame(board, SHIPPED.contest, f"unit/{code}"),
        edition(SHIPPED, lang),
        code,
        me=f"point:{code}",
        follows=follows,
        now_ms=board.at,
        frame_of=lambda topic: topic_frame(board, SHIPPED.contest, topic),
    )
    text: str = environment().get_template("points/screen.html").render(values)
    return text


def data(text: str) -> PointData:
    return msgspec.json.decode(re.findall(r'id="contest">(.*?)</script>', text)[0], type=PointData)


def main(text: str) -> str:
    (found,) = re.findall(r"<main.*?</main>", text, re.DOTALL)
    return str(found)


def test_the_scene_s_bytes_are_the_same_for_all_points() -> None:
    district, ward, province = page("026"), page("00712"), page("02")
    assert main(district) == main(ward) == main(province)
    assert "Thị trấn Phó Bảng</h1>" in ward


def test_its_script_knows_what_is_its_own() -> None:
    ward, district, province = (data(page(code)) for code in ("00712", "026", "02"))
    assert (ward.path, ward.lands, ward.own_topic) == (("00712", "026"), ("00712",), "unit/00712")
    assert district.path == ("026",)
    assert set(district.lands) == {unit.code for unit in SHIPPED.contest.tree.children("026")}
    assert (province.path, province.lands) == ((), ())


def test_rites_never_give_way_to_a_point_s_own_numbers() -> None:
    own = {name for name, scene in BY_NAME.items() if gives_way(scene)}
    assert {"live", "standings", "trend", "latest", "wards"} <= own
    assert not own & {"anthem", "silence", "launch", "standby", "backdrop", "message", "picture", "thanks", "window"}


@pytest.mark.parametrize("scene", SCENES)
def test_its_first_load_is_small(scene: str) -> None:
    lang_words = edition(SHIPPED).words
    held = (
        environment()
        .get_template("shell.html")
        .render(
            shell(BY_PATH["/points/{code}"], lang_words, "Thị trấn Phó Bảng", "/points/00712?frame=1", rehearsal=False)
        )
    )
    state = ProgramState(scene=SceneOnAir(scene, SCENES[scene], take=1, since=1), output=SHOWS)
    program = msgspec.json.encode(state_frame("program/points", state, 0)).decode()
    sent = [gzip.compress(SCRIPT.sub("", text).encode(), 6, mtime=0) for text in (held, page("00712", scene), program)]
    assert sum(map(len, sent)) < FIRST_LOAD_BYTES_MAX
