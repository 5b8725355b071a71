"""The table of kinds: every file of one stands in it, and a row is read and written as it always was."""

from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from streaming import decisions
from streaming.decisions.decision import Decision, GateDecision, Shown
from streaming.decisions.kinds import KINDS, read_decision
from streaming.errors import FoldError
from streaming.ledger.reader import Reader
from streaming.ledger.rows import Row
from tests.suite import ROOT

FOLDERS = sorted((ROOT / "tests" / "data_folders").glob("*/*.db"))


def row(body: bytes, seq: int = 2) -> Row:
    return Row(seq, "decision", 1, "account:1", None, None, body)


def test_every_kind_that_has_a_file_stands_in_the_table() -> None:
    found = set()
    for path in Path(decisions.__path__[0]).glob("[!_]*.py"):
        made = vars(import_module(f"streaming.decisions.{path.stem}")).items()
        found |= {
            each for name, each in made if isinstance(each, type) and issubclass(each, Decision) and name[0] != "_"
        }
    assert {each.__name__ for each in found} - {"Decision", "GateDecision", "Unknown"} == {k.__name__ for k in KINDS}
    assert len({kind.__struct_config__.tag for kind in KINDS}) == len(KINDS)
    assert not {Decision, GateDecision} & set(KINDS)


WRITTEN = [
    b'{"kind":"contest","contest":{"id":"x"}}',
    b'{"kind":"hold","unit":"A","tell":false}',
    b'{"kind":"hold","unit":null,"reason":"r","tell":true}',
    b'{"kind":"hold","unit":null,"final":true,"reason":"r"}',
    b'{"kind":"hold","unit":"A","rule":"population","detail":{"people":6,"population":2}}',
    b'{"kind":"release","unit":null}',
    b'{"kind":"release","unit":null,"every":true}',
    b'{"kind":"quarantine","entries":[["web","e1"]]}',
    b'{"kind":"clear","entries":[["web","e1"],["web","e2"]],"reason":"r"}',
    b'{"kind":"void","entries":[["web","e1"]],"reason":"r"}',
    b'{"kind":"correction","unit":"A1","round":1,"column":"completed","delta":-3,"reason":"r","labelled":false}',
    b'{"kind":"delay","delay_ms":0}',
    b'{"kind":"schedule","round":1,"before_close_ms":600000,"delay_ms":null}',
    b'{"kind":"schedule","round":1,"before_close_ms":null,"delay_ms":null,"reason":"r"}',
    b'{"kind":"round","n":1,"opens_ms":1,"closes_ms":2,"reason":"r"}',
    b'{"kind":"milestone","value":1000}',
    b'{"kind":"withdraw","output":"hall","taken_ms":1662604277000}',
    b'{"kind":"step_back","output":"hall","to":7,"to_ms":1662604271000}',
    b'{"kind":"restore","output":"hall"}',
]


@pytest.mark.parametrize("body", WRITTEN, ids=lambda body: body.decode()[:60])
def test_a_row_is_written_as_it_was_read(body: bytes) -> None:
    assert read_decision(row(body)).draft("account:1").body == body
    shown = b',"shown":{"rows":9,"seq":8,"completed":7,"participants":6}}'
    with_numbers = body[:-1] + shown
    assert read_decision(row(body)).draft("account:1", Shown(9, 8, 7, 6)).body == with_numbers
    again = read_decision(row(with_numbers))
    assert again.on_air == Shown(9, 8, 7, 6)
    assert again.draft("account:1").body == with_numbers


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_rows_of_an_old_folder_are_read_and_written_the_same(path: Path) -> None:
    if path.name == "admin.db":
        return
    rows = list(Reader(path).every_decision())
    assert {read_decision(each).kind for each in rows} >= {"contest", "hold", "release", "void", "correction"}
    assert [read_decision(each).draft(each.by).body for each in rows] == [each.body for each in rows]


def test_what_a_row_has_beside_its_fields_is_left_alone_and_what_it_may_lack_is_not_asked_for() -> None:
    held = read_decision(row(b'{"more":[1],"unit":"A","kind":"hold","shown":7}'))
    assert (held.kind, held.reason, held.on_air) == ("hold", "", None)
    fix = b'{"kind":"correction","unit":"A1","round":1,"column":"completed","delta":1}'
    assert read_decision(row(fix)).draft("x").body == fix


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{}", 'row 2: a decision without "kind"'),
        (b'{"kind":7}', 'row 2: a decision without "kind"'),
        (b'{"kind":"correction","unit":"A1","round":1}', "row 2: a correction that is not whole (Object missing"),
        (b'{"kind":"hold"}', "row 2: a decision row that cannot be read (Object missing required field `unit`); rest"),
    ],
    ids=repr,
)
def test_a_row_that_cannot_be_read_is_told(body: bytes, message: str) -> None:
    with pytest.raises(FoldError) as caught:
        read_decision(row(body))
    assert str(caught.value).startswith(message)


def test_a_kind_of_a_newer_version_can_be_read_and_shown_but_not_counted() -> None:
    newer = read_decision(row(b'{"kind":"guess","shown":' + msgspec.json.encode(Shown(1, 1, 0, 0)) + b"}"))
    assert (newer.kind, newer.on_air, newer.sentence().key) == ("guess", Shown(1, 1, 0, 0), "")
