"""Contest folders: every fault with its words, one digest for one contest, and which edits may be made."""

import itertools
import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.contest import (
    Contest,
    check_change,
    decode_contest,
    encode_contest,
    load_contest,
    opened_now,
    shipped_contest,
)
from streaming.contests.rule_book import Rules
from streaming.contests.units import Unit, UnitCode
from streaming.errors import ContestError, LedgerMismatch
from tests.worlds.contest_folder import TOML, UNITS, folder

FOLDERS = [shipped_contest(), *sorted((Path(__file__).parents[2] / "contests").iterdir())]


def test_what_the_folder_leaves_out_has_its_default(tmp_path: Path) -> None:
    loaded = load_contest(folder(tmp_path, grid=None))
    contest = loaded.contest
    assert (loaded.grid, loaded.boundaries) == (None, None)
    assert (contest.ranking.by, contest.ranking.apart, contest.target_by) == ("completed", True, "completed")
    assert contest.own_steps == ()
    assert [(one.n, one.name) for one in contest.rounds] == [(1, "Tuần 1"), (2, "Tuần 2")]
    assert contest.rounds[0].closes_ms == contest.rounds[1].opens_ms  # One instant, in two notations.
    assert contest.channels[0].name_en == "Trang thi"


def test_boundaries_are_found(tmp_path: Path) -> None:
    path = folder(tmp_path)
    square = {"type": "Polygon", "coordinates": [[[105, 22], [105, 23], [106, 23], [106, 22], [105, 22]]]}
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": square} for code in ("a", "b")]
    (path / "boundaries.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = load_contest(path).boundaries
    assert found is not None
    assert load_contest(path).map == "hexagons"
    (path / "hexgrid.json").unlink()
    assert load_contest(path).map == "boundaries"
    assert found.land[UnitCode("a")] == ((((105.0, 22.0), (105.0, 23.0), (106.0, 23.0), (106.0, 22.0)),),)
    (path / "boundaries.json").write_text("{}")
    with pytest.raises(ContestError, match="boundaries"):
        load_contest(path)


def test_steps_are_the_contest_s_own_only_where_it_sets_them(tmp_path: Path) -> None:
    bare = load_contest(folder(tmp_path)).contest
    assert bare.own_steps == ()
    own = load_contest(folder(tmp_path, toml="steps = [1, 20, 100]\n" + TOML)).contest
    assert own.own_steps == (1, 20, 100)
    before = load_contest(folder(tmp_path, toml="steps = [1, 10, 50, 200]\n" + TOML)).contest
    # An upgrade is no edit of a contest: its row in the ledger stays as it is.
    assert (before.own_steps, before.digest) == ((), bare.digest)


def test_a_contest_may_want_no_map_at_all(tmp_path: Path) -> None:
    assert load_contest(folder(tmp_path)).map == "hexagons"
    bare = load_contest(folder(tmp_path, toml='map = "none"\n' + TOML))
    assert bare.map == "none"
    with pytest.raises(ContestError, match=r"expected boundaries\.json in this folder too"):
        load_contest(folder(tmp_path, toml='map = "boundaries"\n' + TOML))
    with pytest.raises(ContestError, match="expected one of hexagons, boundaries, none"):
        load_contest(folder(tmp_path, toml='map = "no"\n' + TOML))


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_every_shipped_folder_loads_and_comes_back_from_the_ledger(path: Path) -> None:
    contest = load_contest(path).contest
    again = decode_contest(encode_contest(contest))
    assert again == contest
    assert again.digest == contest.digest
    assert contest.id == path.name
    for text in (contest.title, *(unit.full_name for unit in contest.units)):
        assert unicodedata.is_normalized("NFC", text)


def test_ha_giang_2022_is_as_planned() -> None:
    loaded = load_contest(shipped_contest())
    contest, tree = loaded.contest, loaded.contest.tree
    assert contest.title == "Cuộc thi tìm hiểu về chuyển đổi số tỉnh Hà Giang năm 2022"
    places = [unit for unit in tree.leaves if unit.place]
    assert [len(places), sum(unit.place for unit in tree.children("02")), tree.root.code] == [193, 11, "02"]
    assert {unit.code for unit in tree if not unit.place} == {"HG-CQ", "HG-LLVT", "HG-NT", "HG-CKB"}
    assert all(tree.is_leaf(unit.code) for unit in tree if not unit.place)
    assert all(unit.target is None for unit in tree)
    assert loaded.grid is not None
    assert loaded.grid.cells.keys() == {unit.code for unit in places}
    assert [place.code for place in places][:2] == ["00688", "00691"]
    assert (tree["00742"].name, tree["00796"].name) == ("Tả Lủng", "Tả Lủng")
    rounds = contest.rounds
    assert datetime.fromtimestamp(rounds[0].opens_ms / 1000, UTC) == datetime(2022, 9, 8, 2, 30, tzinfo=UTC)
    assert datetime.fromtimestamp(rounds[-1].closes_ms / 1000, UTC) == datetime(2022, 10, 5, 15, tzinfo=UTC)
    assert all(one.closes_ms == two.opens_ms for one, two in itertools.pairwise(rounds))
    assert all(item.name_en for item in (*contest.channels, *contest.groups))
    assert not [path.name for path in shipped_contest().iterdir() if "boundar" in path.name]


def test_the_simulators_weights_cover_every_ward_and_nothing_else() -> None:
    rows = (shipped_contest() / "weights.csv").read_text("utf-8").splitlines()
    weights = dict(row.split(",") for row in rows[1:])
    grid = load_contest(shipped_contest()).grid
    assert grid is not None
    assert weights.keys() == grid.cells.keys()
    assert all(int(weight) > 0 for weight in weights.values())


def test_cao_bang_is_ranked_by_rate_and_has_targets_on_every_level() -> None:
    contest = load_contest(FOLDERS[0].parents[2] / "tests" / "contests" / "cao-bang-2022").contest
    tree = contest.tree
    assert contest.ranking.by == "rate"
    assert tree.target("04") == sum(tree.target(unit.code) or 0 for unit in tree.children("04"))
    assert contest.rounds[0].closes_ms < contest.rounds[1].opens_ms


@given(form=st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_names_in_any_form_give_one_digest(tmp_path_factory: pytest.TempPathFactory, form: str) -> None:
    def written(how: str) -> Path:
        def turn(text: str) -> str:
            return unicodedata.normalize(how, text)  # type: ignore[arg-type] # one of four literals

        return folder(tmp_path_factory.mktemp(how), toml=turn(TOML), units=turn(UNITS))

    one, other = load_contest(written("NFC")).contest, load_contest(written(form)).contest
    assert one == other
    assert one.digest == other.digest
    assert other.tree["a"].name == "Nấm Dẩn"


def test_the_digest_is_the_same_in_another_process() -> None:
    code = "from streaming.contests.contest import *; print(load_contest(shipped_contest()).contest.digest)"
    root = shipped_contest().parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {load_contest(shipped_contest()).contest.digest}


@pytest.mark.parametrize("field", ["title", "hotline", "steps", "rounds", "units"])
def test_every_edit_makes_another_digest(field: str) -> None:
    contest = load_contest(shipped_contest()).contest
    rename = msgspec.structs.replace(contest.units[5], target=7)
    edited = {
        "title": "Cuộc thi khác",
        "hotline": "0219 000 000",
        "steps": (1, 2),
        "rounds": contest.rounds[:3],
        "units": (*contest.units[:5], rename, *contest.units[6:]),
    }
    assert msgspec.structs.replace(contest, **{field: edited[field]}).digest != contest.digest


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"id": 1}', b"[" * 100_000])
def test_bytes_that_are_no_contest_are_a_fault(body: bytes) -> None:
    with pytest.raises(ContestError, match="expected the JSON of a contest"):
        decode_contest(body)


@given(st.integers(1_000_000_000_000, 3_000_000_000_000))
def test_opened_now_moves_the_whole_calendar_and_nothing_else(now_ms: int) -> None:
    shipped = replace(
        load_contest(FOLDERS[1]), rules=Rules(rejects_per_minute=7), milestones=(5, 10), populations={"P1": 900}
    )
    opened = opened_now(shipped, now_ms)
    contest, moved = shipped.contest, opened.contest
    assert replace(opened, contest=contest) == shipped
    assert 0 <= now_ms - moved.rounds[0].opens_ms < 60_000
    assert moved.rounds[0].opens_ms % 60_000 == 0
    shifts = {
        new - old
        for one, two in zip(contest.rounds, moved.rounds, strict=True)
        for old, new in ((one.opens_ms, two.opens_ms), (one.closes_ms, two.closes_ms))
    }
    assert len(shifts) == 1
    assert msgspec.structs.replace(moved, rounds=contest.rounds) == contest


def changed(contest: Contest, *units: Unit) -> Contest:
    return msgspec.structs.replace(contest, units=units)


def test_targets_names_dates_and_new_units_may_change(tmp_path: Path) -> None:
    old = load_contest(folder(tmp_path)).contest
    root, a, b, nt = old.units
    new = changed(old, root, msgspec.structs.replace(a, target=5, name="Khác"), b, nt)
    new = msgspec.structs.replace(new, title="Khác", rounds=old.rounds[:1])
    more = Unit(UnitCode("c"), root.code, "xã", "C", "Xã C")
    check_change(old, new, {"a", "b", "NT"})
    check_change(old, changed(old, *old.units, more), {"a"})
    check_change(old, changed(old, root, a, nt), {"a"})  # “b” has no entries, so it may go.


def test_another_contest_on_the_same_data_is_refused(tmp_path: Path) -> None:
    old = load_contest(folder(tmp_path)).contest
    with pytest.raises(LedgerMismatch, match="holds contest “thu”, expected “khac”: take another data folder"):
        check_change(old, msgspec.structs.replace(old, id="khac"), set())


def test_a_unit_with_entries_may_not_vanish(tmp_path: Path) -> None:
    old = load_contest(folder(tmp_path)).contest
    root, a, _, nt = old.units
    with pytest.raises(ContestError) as caught:
        check_change(old, changed(old, root, a, nt), {"b"})
    assert str(caught.value) == (
        "units.csv, column code: found “b”, expected this unit to stay, as Xã Pờ Ly Ngài has entries"
    )


def test_a_unit_with_entries_stays_a_leaf(tmp_path: Path) -> None:
    old = load_contest(folder(tmp_path)).contest
    below = Unit(UnitCode("b1"), UnitCode("b"), "thôn", "B1", "Thôn B1")
    with pytest.raises(ContestError) as caught:
        check_change(old, changed(old, *old.units, below), {"b"})
    assert str(caught.value) == (
        "units.csv, column parent: found “b”, expected another parent for “b1”: this unit has entries of its own"
    )


def test_the_reference_names_every_key_and_column() -> None:
    page = (shipped_contest().parents[2] / "docs" / "reference" / "contest-folder.md").read_text("utf-8")
    for name in {*Contest.__struct_fields__, *Unit.__struct_fields__} - {"units"}:
        assert re.search(rf"`\[*{name}\]*`", page), name
