"""The list of straps: what counts as the same for an approval, and who is who when a list is replaced."""

import unicodedata
from typing import Any

import msgspec
import pytest

from dashboard.overlays.straps import Approval, Strap, StrapList, StrapText, changed, faults_of, merged, twice

STRAP = Strap(
    id="a", version=3, honorific="dong-chi", name="Nguyễn Văn A", titles=("Ủy viên", "Phó Chủ tịch"),
    approved=Approval("account:1", 5),
)  # fmt: skip
DATA: dict[str, Any] = {
    "honorific": "dong-chi", "name": "Nguyễn Văn A", "titles": ("Ủy viên", "Phó Chủ tịch"), "capitals": False,
}  # fmt: skip


def text(name: str, **fields: Any) -> StrapText:
    return StrapText(name=name, **fields).tidied()


@pytest.mark.parametrize(
    ("other", "is_approved"),
    [
        ({}, True),
        ({"name": unicodedata.normalize("NFD", "Nguyễn Văn A")}, True),
        ({"name": " Nguyễn\u00a0Văn  A "}, True),
        ({"titles": ("Ủy viên", "", "Phó  Chủ tịch ")}, True),
        ({"position": "top"}, True),
        ({"name": "Nguyễn Văn Ạ"}, False),
        ({"name": "Nguyễn văn A"}, False),
        ({"name": "Nguyễn Văn A\u200b"}, False),
        ({"titles": ("Phó Chủ tịch", "Ủy viên")}, False),
        ({"titles": ("Ủy viên",)}, False),
        ({"honorific": ""}, False),
        ({"capitals": True}, False),
    ],
)
def test_only_what_reads_the_same_is_approved(other: dict[str, Any], is_approved: bool) -> None:
    assert StrapList(3, (STRAP,)).approves(DATA | other) is is_approved
    unapproved = StrapList(3, (msgspec.structs.replace(STRAP, approved=None),))
    assert not unapproved.approves(DATA | other)


@pytest.mark.parametrize("left_out", DATA)
def test_what_is_left_to_an_address_is_approved_by_nobody(left_out: str) -> None:
    assert not StrapList(3, (STRAP,)).approves({field: value for field, value in DATA.items() if field != left_out})


def test_an_edit_of_what_is_seen_ends_the_approval_and_a_note_does_not() -> None:
    kept = {name: getattr(STRAP, name) for name in StrapText.__struct_fields__}
    noted = changed(STRAP, StrapText(**kept | {"note": "Tỉnh ủy"}), 9)
    assert (noted.approved, noted.version, noted.note) == (STRAP.approved, 9, "Tỉnh ủy")
    assert changed(STRAP, StrapText(**kept | {"titles": ("Ủy viên",)}), 9).approved is None
    assert changed(STRAP, StrapText(**kept), 9) is STRAP


def test_whoever_stays_in_a_new_list_is_the_same_person() -> None:
    b, c = (
        msgspec.structs.replace(STRAP, id=id_, name="Trần Thị B", note=note)
        for id_, note in (("b", "Sở Y tế"), ("c", "Sở Nội vụ"))
    )
    new = [
        text("Trần Thị B", note="Sở Nội vụ", honorific="ba"),
        text("nguyễn văn a", honorific="dong-chi", titles=("Ủy viên", "Phó Chủ tịch")),
        text("Lê Văn D"),
    ]
    found = merged(StrapList(3, (STRAP, b, c)), new, 9, {0: "x", 1: "y", 2: "z"})
    assert [(each.id, each.approved is not None) for each in found.straps] == [("c", False), ("a", False), ("z", False)]
    again = merged(StrapList(3, (STRAP, b, c)), [text("Nguyễn Văn A", **_said(STRAP))], 9, {0: "x"})
    assert (again.straps, again.version) == ((STRAP,), 9)


def _said(strap: Strap) -> dict[str, Any]:
    return {name: getattr(strap, name) for name in ("honorific", "titles", "capitals", "note")}


def test_namesakes_need_notes_that_tell_them_apart() -> None:
    one = text("Nguyễn Văn A", note="Sở Y tế")
    assert twice(text("NGUYỄN VĂN A"), [one]) is one
    assert twice(text("Nguyễn Văn A", note="sở y tế"), [one]) is one
    assert twice(text("Nguyễn Văn A", note="Sở Nội vụ"), [one]) is None
    assert twice(text("Nguyễn Văn Á"), [one]) is None


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"name": "  "}, ["strap_name"]),
        ({"name": "Ờ" * 81}, ["strap_name"]),
        ({"name": "A", "titles": ("1", "2", "3", "4")}, ["fourth_title"]),
        ({"name": "A", "titles": ("Ờ" * 121,)}, ["strap_title"]),
        ({"name": "A\u202e", "titles": ("B\u0007",), "note": "C" * 301}, ["strap_note", "unseen", "unseen"]),
        ({"name": "Ờ" * 80, "titles": ("Ờ" * 120,) * 3, "note": "Ờ" * 300}, []),
    ],
)
def test_what_cannot_be_shown_is_told(fields: dict[str, Any], codes: list[str]) -> None:
    assert [fault.code for fault in faults_of(StrapText(**fields).tidied())] == codes
