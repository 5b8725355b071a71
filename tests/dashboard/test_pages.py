"""Pages rendered without a browser: escaping, words, and that they add up."""

import re
from collections import OrderedDict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboard import charts
from dashboard.edition import Edition, Editions
from dashboard.made import TEMPLATES
from dashboard.page import data_block, error_page
from dashboard.pages import hall, unit
from dashboard.parts.below import BELOW
from dashboard.parts.ladder import LADDER
from dashboard.parts.place import PLACE
from dashboard.parts.table import TABLE
from dashboard.templates import environment
from dashboard.words.names import fit, together
from dashboard.words.words import Words
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from streaming.topics.frames import Frame
from streaming.topics.state import Series
from tests.browser.numbers import AT_MS, board_frame, unit_frame
from tests.suite import ROOT
from tests.worlds.editions import edition

FOLDERS = [shipped_contest(), *sorted(path.parent for path in (ROOT / "tests/contests").glob("*/contest.toml"))]
KINDS = ["zero", "opening", "typical", "ties", "absurd"]


def rendered(template: str, values: dict[str, Any]) -> str:
    return environment().get_template(template).render(values)


def frame_of(folder: ContestFolder, kind: str) -> Frame:
    return board_frame(folder, kind, at_ms=folder.contest.rounds[0].opens_ms + 737_000)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_every_page_of_every_contest_renders(path: Path, kind: str, lang: str) -> None:
    folder = load_contest(path)
    board = frame_of(folder, kind)
    assert "</html>" in rendered("screens/hall.html", hall.page(board, edition(folder, lang)))
    tree = folder.contest.tree
    for code in (tree.root.code, tree.children(tree.root.code)[0].code, tree.leaves[0].code, tree.leaves[-1].code):
        frame = unit_frame(board, folder.contest, code)
        assert "</html>" in rendered("units/unit.html", unit.page(frame, edition(folder, lang), code))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_the_lines_of_the_standings_add_up(path: Path, kind: str) -> None:
    folder = load_contest(path)
    cut = hall.cut_of(frame_of(folder, kind), edition(folder, "vi"))
    spec = TABLE.ask(cut.edition, of=cut.tree.root.code, by=folder.contest.ranking.by)
    seen = TABLE.view(spec, cut)
    lines = [line.cells for half in seen.halves for line in half] + [line.cells for line in seen.foot]
    for index, column in enumerate(spec.columns):
        if column != "rate":
            *parts, total = [int(re.sub(r"[+.]", "", cells[index]) or 0) for cells in lines]
            assert sum(parts) == total, column


def test_names_are_escaped_in_the_page_and_in_its_data() -> None:
    folder = load_contest(shipped_contest())
    evil = "</script><img src=x onerror=alert(1)>\u2028<!--"
    units = tuple(
        msgspec.structs.replace(unit, full_name=evil, name=evil) if unit.code in {"026", "00712"} else unit
        for unit in folder.contest.units
    )
    contest = msgspec.structs.replace(folder.contest, title=evil, units=units)
    folder = ContestFolder(folder.path, contest, folder.grid, None)
    board = board_frame(folder, "typical")
    pages = [
        rendered("screens/hall.html", hall.page(board, edition(folder, "vi"))),
        rendered("units/unit.html", unit.page(unit_frame(board, contest, "026"), edition(folder, "vi"), "026")),
    ]
    for text in pages:
        assert "<img" not in text
        assert "\u2028" not in re.sub(r"&lt;/script.*?--", "", text)
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
            msgspec.json.decode(block)


def test_a_data_block_is_the_same_json() -> None:
    value = {"a": "</script>&<!-- \u2028\u2029", "b": [1, None]}
    assert msgspec.json.decode(str(data_block(value))) == value
    assert not set("<>&\u2028\u2029") & set(str(data_block(value)))


def test_old_figures_are_told_with_their_date() -> None:
    folder = load_contest(shipped_contest())
    board = board_frame(folder, "typical")
    for age_ms, told in ((1, "Số liệu lúc 09:42:17"), (86_400_000, "Số liệu tính đến 9h42 ngày 08/9/2022")):
        values = hall.page(board, edition(folder, "vi"), now_ms=AT_MS + age_ms)
        assert f">{told}</span>" in rendered("screens/hall.html", values)


def test_only_a_contest_with_targets_speaks_of_them() -> None:
    shipped, targets = load_contest(shipped_contest()), load_contest(ROOT / "tests/contests/cao-bang-2022")
    without, has = (
        rendered("screens/hall.html", hall.page(frame_of(each, "typical"), edition(each, "vi"), scene="standings"))
        for each in (shipped, targets)
    )
    assert ">% chỉ tiêu<" not in without
    assert "Xếp hạng theo % chỉ tiêu" in has
    live = rendered("screens/hall.html", hall.page(frame_of(targets, "typical"), edition(targets, "vi")))
    assert re.search(r">Đạt [\d.]+,\d% chỉ tiêu<", live)


def test_units_ranked_apart_stand_below_without_a_place() -> None:
    folder = load_contest(shipped_contest())
    board = board_frame(folder, "typical")
    cut = unit.cut_of(unit_frame(board, folder.contest, "02"), edition(folder, "vi"))
    lines = BELOW.view(BELOW.ask(cut.edition, of="02", steps=folder.contest.steps), cut).lines
    assert [line.rank for line in lines][-4:] == [""] * 4
    assert [line.code for line in lines][-4:][0].startswith("HG-")


def test_one_entry_of_a_great_target_has_a_place_though_its_rate_is_shown_as_0() -> None:
    folder = load_contest(ROOT / "tests/contests/cao-bang-2022")
    contest = folder.contest
    first, second, third = (unit.code for unit in contest.tree.children(contest.tree.root.code)[:3])
    rates = {first: (1, 0.0, 2), second: (3, 0.0, 1), third: (0, 0.0, 3)}
    rows = {code: (0, n, n, n, 10**6, rate, rank, 0) for code, (n, rate, rank) in rates.items()}
    board = frame_of(folder, "zero")
    frames = {
        code: msgspec.structs.replace(board, topic=f"unit/{code}", rows=rows, state={"near": near})
        for code, near in ((first, {"ahead": second, "behind": third}), (third, {"ahead": first}))
    }
    cuts = {code: unit.cut_of(frame, edition(folder)) for code, frame in frames.items()}
    places = {code: PLACE.view(PLACE.ask(cut.edition, of=code), cut) for code, cut in cuts.items()}
    ladders = {code: LADDER.view(LADDER.ask(cut.edition, of=code), cut).lines for code, cut in cuts.items()}
    assert places[first].line.startswith("Xếp thứ 2")
    assert [line.gap for line in ladders[first]] == ["cách 0,0 điểm", "", "hơn 0,0 điểm"]
    assert places[third].line == Words("vi", "UTC").say("place_none")
    assert [line.gap for line in ladders[third]] == ["", ""]


@pytest.mark.parametrize(
    ("full", "short", "classes"),
    [
        ("Huyện Mèo Vạc", "H. Mèo Vạc", "w0 n0"),
        ("Huyện Hoàng Su Phì", "H. Hoàng Su Phì", "w0 n1"),
        ("Thành phố Phan Rang – Tháp Chàm", "TP. Phan Rang", "w1 n1"),
        ("Xã " + "dài " * 24, "X. " + "dài " * 24, "w4 n5"),
    ],
)
def test_a_name_is_whole_shortened_or_smaller(full: str, short: str, classes: str) -> None:
    assert fit(full, short) == classes


def test_names_of_one_list_are_shortened_together() -> None:
    folder = load_contest(shipped_contest())
    units = folder.contest.tree.children("02")[:11]
    names = together({unit.code: edition(folder).named(unit) for unit in units})
    assert {name.fit for name in names.values()} == {"w0 n1"}


def test_the_trend_is_a_valid_plotly_figure() -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    times, totals = charts.points(Series(AT_MS, 60, (3, 9)), AT_MS - 60_000, AT_MS, 9)
    assert times == [AT_MS - 60_000, AT_MS, AT_MS + 60_000, AT_MS + 120_000]
    assert totals == [0, 0, 3, 9]
    figure = charts.trend(times, totals, Words("vi", "Asia/Ho_Chi_Minh"))
    graph_objects.Figure(data=figure["data"], layout=figure["layout"])
    assert figure["config"]["displaylogo"] is False
    assert figure["config"]["showSendToCloud"] is False
    assert figure["data"][0]["x"][1] == "2022-09-08 09:42:17"
    assert charts.points(None, 0, AT_MS, 0) == ([], [])
    assert charts.points(None, AT_MS - 1, AT_MS, 5) == ([AT_MS - 1, AT_MS], [0, 5])
    assert charts.points(Series(0, 60, (3,)), None, 70_000, 4) == (
        [0, 60_000, 70_000],
        [0, 3, 4],
    )


@pytest.mark.parametrize(("status", "words"), [(404, "Không có trang này"), (500, "Chưa mở được trang này")])
def test_an_error_is_told_in_quiet_words(status: int, words: str) -> None:
    text = rendered("errors/error.html", error_page(status, "vi"))
    assert words in text
    assert str(status) not in re.sub(r"/static/\w+", "", text)


def test_what_another_thread_forgets_meanwhile_is_given_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crowded(OrderedDict[Any, Any]):
        def __setitem__(self, key: Any, value: Any) -> None:
            super().__setitem__(key, value)
            self.clear()

    one = Editions(load_contest(shipped_contest()), "").of("vi")
    monkeypatch.setattr(one, "_lately", Crowded())
    assert [one.of_unit(code, lambda _edition, code: code) for code in ("02", "024")] == ["02", "024"]


def test_the_fixed_parts_of_units_are_kept_up_to_a_bound_the_oldest_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.edition.LATELY_KEPT_MAX", 2)
    one, made = Editions(load_contest(shipped_contest()), "").of("vi"), list[str]()

    def make(_edition: Edition, code: str) -> str:
        made.append(code)
        return code

    for code in ("a", "b", "b", "c", "b", "a"):
        assert one.of_unit(code, make) == code
    assert made == ["a", "b", "c", "a"]


def test_no_template_names_a_word_as_a_method_of_the_dict_that_has_it() -> None:
    # Jinja finds the attribute first: {{ t.copy }} would write "<built-in method copy of dict object at …>".
    methods = "|".join(name for name in dir(dict) if not name.startswith("_"))
    for template in sorted(TEMPLATES.rglob("*.html")):
        found = re.search(rf"\bt\.({methods})\b", template.read_text("utf-8"))
        assert found is None, f'{template.name}: {found and found[0]} is a method; write t["{found and found[1]}"]'
