"""What a decision says in words, before there are any: the key of a text, and what stands in its gaps.

``dashboard.pages.evidence`` says it in a language. So a kind of decision needs words, and no code beside its own.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class OfUnit:
    """A unit by its name, or everything."""

    code: str | None


@dataclass(frozen=True)
class OfRound:
    """A round by its name."""

    n: int


Style = Literal["count", "change", "age", "instant"]


@dataclass(frozen=True)
class Quantity:
    """A number as the language writes it: a ``change`` with its sign, an ``age`` and an ``instant`` out of ms."""

    value: int
    style: Style = "count"


@dataclass(frozen=True)
class Phrase:
    """A text of its own, by its key."""

    key: str


@dataclass(frozen=True)
class Verbatim:
    """A name as it is."""

    text: str


Gap = OfUnit | OfRound | Quantity | Phrase | Verbatim


@dataclass(frozen=True)
class Sentence:
    """The key of a text in ``dashboard/locale/``, and its gaps by name."""

    key: str
    gaps: dict[str, Gap] = field(default_factory=dict)
