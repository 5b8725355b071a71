"""The intake on a real ledger: what is good is kept, what is bad is named, what is repeated is known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streaming.contests.units import Tree
from streaming.errors import LedgerMismatch, LedgerUnavailable
from streaming.intake.intake import Intake
from streaming.intake.persons import read_key
from streaming.ledger.ledger import Ledger
from streaming.participation import decode_body
from tests.worlds.histories import START_MS, UNITS, contest

JSON = "application/json"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=lambda: START_MS)
    ledger.open()
    yield ledger
    ledger.close()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def intake(ledger: Ledger, heard: list[str]) -> Intake:
    return Intake(
        ledger,
        tree=lambda: Tree(UNITS),
        rounds=lambda: contest().rounds,
        person_key=b"k" * 32,
        now_ms=lambda: START_MS,
        heard=heard.append,
    )


def item(id_: str = "a", **changes: Any) -> dict[str, Any]:
    return {"id": id_, "kind": "completed", "unit": "A1", "at": "2022-09-08T02:30:00Z"} | changes


async def test_good_items_are_kept_and_bad_ones_named_by_their_place(intake: Intake, ledger: Ledger) -> None:
    batch = [item("a"), item("b", unit="Z"), item("a"), item("c"), item("a", score=1), "x"]
    taken = await intake.take("web", msgspec.json.encode(batch), JSON)
    assert (taken.accepted, taken.duplicates, taken.seq) == (2, 1, 2)
    assert [(r.index, r.id, r.field, r.code) for r in taken.rejected] == [
        (1, "b", "unit", "unknown_unit"),
        (4, "a", "id", "id_conflict"),
        (5, None, "", "not_an_object"),
    ]
    assert [row.id for row in ledger.read()] == ["a", "c"]


async def test_an_empty_batch_is_a_heartbeat_and_a_batch_is_one_too(intake: Intake, heard: list[str]) -> None:
    taken = await intake.take("web", b"[]", JSON)
    assert (taken.accepted, taken.seq, heard) == (0, 0, ["web"])
    await intake.take("bao", msgspec.json.encode([item()]), JSON)
    assert heard == ["web", "bao"]


async def test_entries_outside_the_rounds_are_kept_and_counted_as_such(intake: Intake) -> None:
    batch = [item("a", at="2022-09-08T02:29:59Z"), item("b"), item("v", kind="voided", voids="a")]
    taken = await intake.take("web", msgspec.json.encode(batch), JSON)
    assert (taken.accepted, taken.outside_rounds) == (3, 1)


async def test_only_a_single_object_has_a_conflict_of_its_own(intake: Intake) -> None:
    await intake.take("web", msgspec.json.encode(item()), JSON)
    single = await intake.take("web", msgspec.json.encode(item(score=1)), JSON)
    batch = await intake.take("web", msgspec.json.encode([item(score=1)]), JSON)
    assert single.conflict is not None
    assert batch.conflict is None
    assert len(batch.rejected) == 1


async def test_what_is_stored_holds_no_person_and_no_unknown_field(intake: Intake, ledger: Ledger) -> None:
    given = item(person="0912345678", phone="0987654321", name="Nguyễn Văn A")
    await intake.take("web", msgspec.json.encode(given), JSON)
    (row,) = ledger.read()
    for secret in (b"0912345678", b"0987654321", b"Nguy"):
        assert secret not in row.body
    assert decode_body(row.body).person


async def test_joined_sources_know_the_same_person(intake: Intake, ledger: Ledger) -> None:
    for source in ("web", "bao"):
        await intake.take(source, msgspec.json.encode(item(person="u")), JSON, scope="chung")
    await intake.take("fanpage", msgspec.json.encode(item(person="u")), JSON)
    persons = [decode_body(row.body).person for row in ledger.read()]
    assert persons[0] == persons[1] != persons[2]


async def test_nothing_is_acknowledged_that_was_not_stored(intake: Intake, ledger: Ledger, heard: list[str]) -> None:
    ledger.close()
    with pytest.raises(LedgerUnavailable):
        await intake.take("web", msgspec.json.encode(item()), JSON)
    assert heard == []


def test_the_digest_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "person.key"
    key = read_key(path, may_make=True)
    assert read_key(path, may_make=False) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key) == 32


@pytest.mark.parametrize(
    ("content", "part"),
    [(None, "put it back from a backup"), ("", "found 0 bytes"), ("xyz", "expected 64 hexadecimal digits")],
)
def test_a_missing_or_damaged_digest_key_stops_the_start(tmp_path: Path, content: str | None, part: str) -> None:
    path = tmp_path / "person.key"
    if content is not None:
        path.write_text(content)
    with pytest.raises(LedgerMismatch, match=part):
        read_key(path, may_make=False)


def test_a_start_that_was_cut_off_while_it_made_the_key_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "person.key"

    def cut_off(_file: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", cut_off)
        with pytest.raises(KeyboardInterrupt):
            read_key(path, may_make=True)
    assert not path.exists()
    key = read_key(path, may_make=True)
    assert read_key(path, may_make=False) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["person.key"]
