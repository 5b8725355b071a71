"""The prepared straps of people: how each is named, in protocol order, and whether the office has approved it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from dashboard.overlays.lower_third import NAME_CHARS_MAX, TITLE_CHARS_MAX, TITLES_MAX, Honorific
from streaming.characters import bad_character_in

NOTE_CHARS_MAX = 300
STRAPS_MAX = 500
PERSON_FIELDS = ("honorific", "name", "titles", "capitals")
"""What a strap shows of a person, as the settings of the overlay call it."""


class Approval(msgspec.Struct, frozen=True):
    """Who approved a strap, as "account:7", and when, ms since the epoch."""

    by: str
    at: int


class StrapText(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a person. ``titles`` stand in the order given; ``note`` is for the office alone, and tells
    people of one name apart."""

    honorific: Honorific = ""
    name: str
    titles: tuple[str, ...] = ()
    capitals: bool = False
    note: str = ""

    @property
    def on_air(self) -> tuple[object, ...]:
        """What an audience sees of it."""
        return self.honorific, self.name, self.titles, self.capitals

    def tidied(self) -> "StrapText":
        """The same as it is kept: composed letters, single blanks, no empty titles."""
        return msgspec.structs.replace(
            self, name=tidy(self.name), titles=tidy_titles(self.titles), note=tidy(self.note)
        )  # fmt: skip


class Strap(StrapText, frozen=True, kw_only=True):
    """One in the list; ``version`` is that of the list when it was last changed."""

    id: str
    version: int
    approved: Approval | None = None


class StrapList(msgspec.Struct, frozen=True):
    """All of them in protocol order. ``version`` grows with every change, also past a restored backup."""

    version: int = 0
    straps: tuple[Strap, ...] = ()

    def find(self, id_: str) -> Strap | None:
        """The strap of an id."""
        return next((each for each in self.straps if each.id == id_), None)

    def approves(self, data: Mapping[str, Any]) -> bool:
        """Whether an overlay's data are, in all four fields, an approved strap of the list. What they leave out would
        be as the overlay's address has it, which nobody has approved."""
        if not all(field in data for field in PERSON_FIELDS):
            return False
        said = (
            data["honorific"], tidy(str(data["name"])), tidy_titles(data["titles"]), bool(data["capitals"])
        )  # fmt: skip
        return any(each.approved is not None and each.on_air == said for each in self.straps)


class Fault(NamedTuple):
    """What is wrong with a strap: the field, a ``code`` for programs and words of the page, what was found, and what
    was expected."""

    field: str
    code: str
    found: str
    expected: str


def names_person(data: Mapping[str, Any]) -> bool:
    """Whether an overlay's data say anything of a person."""
    return any(data.get(field) for field in PERSON_FIELDS)


def tidy(text: str) -> str:
    """A text as it is kept and compared: composed letters, single blanks, none around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_titles(titles: Sequence[str]) -> tuple[str, ...]:
    """Titles, each as it is kept, without empty ones."""
    return tuple(title for title in map(tidy, titles) if title)


def faults_of(text: StrapText) -> Iterator[Fault]:
    """What is wrong with a tidied strap, whatever others there are."""
    if not 1 <= len(text.name) <= NAME_CHARS_MAX:
        yield Fault("name", "strap_name", text.name, f"a name of 1 to {NAME_CHARS_MAX} characters")
    if len(text.titles) > TITLES_MAX:
        yield Fault("titles", "fourth_title", text.titles[TITLES_MAX], f"at most {TITLES_MAX} lines of titles")
    for title in text.titles:
        if len(title) > TITLE_CHARS_MAX:
            yield Fault("titles", "strap_title", title, f"at most {TITLE_CHARS_MAX} characters")
    if len(text.note) > NOTE_CHARS_MAX:
        yield Fault("note", "strap_note", text.note, f"at most {NOTE_CHARS_MAX} characters")
    for field, said in (("name", text.name), *(("titles", title) for title in text.titles), ("note", text.note)):
        if (unseen := unseen_in(said)) is not None:
            yield Fault(field, "unseen", unseen, "no control or invisible character")


def twice(text: StrapText, others: Sequence[StrapText]) -> StrapText | None:
    """Another with the same name, which no notes tell apart: both need one, and they differ."""
    for other in others:
        if _plain(other.name) != _plain(text.name):
            continue
        if not (text.note and other.note) or _plain(other.note) == _plain(text.note):
            return other
    return None


def unseen_in(text: str) -> str | None:
    """The first character of a text that is not seen, and so could make two names differ that look alike."""
    if (bad := bad_character_in(text)) is not None:
        return bad
    found = next((at for at, char in enumerate(text) if unicodedata.category(char) == "Cf"), None)
    return None if found is None else f"U+{ord(text[found]):04X} at character {found + 1}"


def merged(now: StrapList, texts: Sequence[StrapText], version: int, new_id: Mapping[int, str]) -> StrapList:
    """The list of ``texts``: who was in it before keeps the id, and the approval if what is seen is the same.
    ``new_id`` gives the ids of new ones by their place."""
    known = _matched(now.straps, texts)
    straps = []
    for at, text in enumerate(texts):
        old = known.get(at)
        fields = {name: getattr(text, name) for name in StrapText.__struct_fields__}
        if old is None:
            straps.append(Strap(**fields, id=new_id[at], version=version))
        else:
            straps.append(changed(old, text, version))
    return StrapList(version, tuple(straps))


def changed(old: Strap, text: StrapText, version: int) -> Strap:
    """A strap with another text: approved no more, unless an audience would see the same."""
    fields = {name: getattr(text, name) for name in StrapText.__struct_fields__}
    if all(getattr(old, name) == value for name, value in fields.items()):
        return old
    approved = old.approved if old.on_air == text.on_air else None
    return msgspec.structs.replace(old, **fields, version=version, approved=approved)


def _matched(straps: Sequence[Strap], texts: Sequence[StrapText]) -> Mapping[int, Strap]:
    """Who is who, by name and note, then by a name that is there once on either side."""
    found: dict[int, Strap] = {}
    left = list(straps)
    for key in (_name_and_note, _name):
        theirs = [key(text) for text in texts]
        ours = [key(strap) for strap in left]
        for at, called in enumerate(theirs):
            if at not in found and theirs.count(called) == 1 and ours.count(called) == 1:
                found[at] = next(strap for strap in left if key(strap) == called)
        taken = {strap.id for strap in found.values()}
        left = [strap for strap in left if strap.id not in taken]
    return found


def _plain(text: str) -> str:
    return text.casefold()


def _name(text: StrapText) -> tuple[str, ...]:
    return (_plain(text.name),)


def _name_and_note(text: StrapText) -> tuple[str, ...]:
    return _plain(text.name), _plain(text.note)
