"""A part: what a template asks for, and what is seen of it at a cut.

A part is written twice, here and in ``static/js/parts``; ``tests/golden/parts`` holds both to the same views.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

import msgspec
from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.parts.board import BoardView
from dashboard.templates import environment
from dashboard.words.words import Words
from streaming.contests.contest import Contest
from streaming.contests.units import Tree, UnitCode
from streaming.program.points import PointsAired
from streaming.program.state import Countdown
from streaming.topics.frames import Frame
from streaming.topics.state import STATES, BoardState, NumberState, UnitState

Asked = TypeVar("Asked", bound=msgspec.Struct)
Seen = TypeVar("Seen", bound=msgspec.Struct)
Made = TypeVar("Made")

TAKING_PART = "taking_part"
"""What a number may be besides a column: how many of the places below take part."""

_QUOTED = {"&": "&amp;", "'": "&#39;", "<": "&lt;"}


def _no_other(_topic: str) -> Frame | None:
    return None


@dataclass(frozen=True)
class Cut:
    """One cut of a number topic, as a page in one language reads it.

    ``leaves`` are the places at the bottom of what the page is about, none where its topic does not tell of them;
    ``now_ms`` is the time that the picture shows: the server's clock, but that of an output which is late or stands
    still. ``out`` is the output as which the page was asked for; its links lead to pages of the same. ``frame_of``
    gives the frame of another topic by its name without "rehearsal/", at the same cut; None where there is none.
    ``countdown`` is what the scene on air counts down to, None where it does not, or is not on air;
    ``points`` are the connection points, while the scene on air is that of them.
    """

    frame: Frame
    edition: Edition
    leaves: tuple[UnitCode, ...]
    now_ms: int
    out: str = ""
    frame_of: Callable[[str], Frame | None] = _no_other
    countdown: Countdown | None = None
    points: PointsAired | None = None

    def of(self, topic: str) -> "Cut":
        """The same of another topic, for as long as the cut is kept; of its own where there is no such."""
        if topic == self.topic:
            return self
        if (known := self._others.get(topic)) is not None:
            return known
        frame = self.frame_of(topic)
        if frame is None:
            return self
        return self._others.setdefault(topic, replace(self, frame=frame))

    @cached_property
    def _others(self) -> dict[str, "Cut"]:
        return {}

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What ``make`` makes of this cut, made the first time that the key is asked for."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    @cached_property
    def _made(self) -> dict[object, Any]:
        return {}

    @property
    def topic(self) -> str:
        """The name of its topic without "rehearsal/"."""
        return self.frame.topic.removeprefix("rehearsal/")

    @cached_property
    def board(self) -> BoardView:
        """The rows, read by name."""
        return BoardView(self.frame, self.contest)

    @cached_property
    def state(self) -> NumberState:
        """What the topic says beside its rows."""
        return cast("NumberState", STATES[self.topic.partition("/")[0]].of(self.frame))

    @property
    def words(self) -> Words:
        """How the page speaks."""
        return self.edition.words

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.edition.contest

    @property
    def tree(self) -> Tree:
        """The contest's units."""
        return self.edition.tree

    @property
    def query(self) -> Markup:
        """What the address of a unit's page says after its question mark, for an attribute."""
        return self.edition.query(self.out)

    def link(self, code: str) -> Markup:
        """A unit's name as a link to its page."""
        return self.edition.link(code, self.out)

    def shown(self, code: str, column: str) -> str:
        """A unit's number as the page writes it; a dash where there is none."""
        value = self.board.cell(code, column)
        return self.words.percent(value) if column == "rate" else self.words.number(value)

    @property
    def taking_part(self) -> str:
        """How many places at the lowest level take part, and how many there are: "17/193"."""
        if isinstance(self.state, UnitState):
            counts = self.state.taking_part or (0, 0)
        else:
            counts = (self.board.taking_part(self.leaves), len(self.leaves))
        return "/".join(map(self.words.number, counts))

    @property
    def opens_ms(self) -> int | None:
        """When the first round opens; None where that is when a button is pressed, or the topic does not tell."""
        rounds = self.state.rounds if isinstance(self.state, BoardState) else None
        first = min(rounds or (), key=lambda round_: round_[1:], default=None)
        return None if first is None or first[1] == first[2] else first[1]


@dataclass(frozen=True)
class Part(Generic[Asked, Seen]):
    """A part by its name, which its template and its script have too.

    ``ask`` makes the spec of what a template asks for: that and everything constant that the browser needs to paint it.
    ``view`` says what is seen of it at a cut: texts, codes, steps, nothing of HTML. Both are pure.
    """

    name: str
    ask: Callable[..., Asked]
    view: Callable[[Asked, Cut], Seen]

    def paint(self, cut: Cut, *args: Any, **kwargs: Any) -> Markup:
        """The part at a cut, its spec on its element."""
        spec, attributes = cut.edition.lately(
            ("part", self.name, _frozen(args), _frozen(tuple(sorted(kwargs.items())))),
            lambda: self._placed(cut.edition, args, kwargs),
        )
        macro = environment().get_template(f"parts/{self.name}.html").module.paint  # type: ignore[attr-defined]
        painted: Markup = macro(spec, self.view(spec, cut), attributes, cut)
        return painted

    def _placed(self, edition: Edition, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Asked, Markup]:
        spec = self.ask(edition, *args, **kwargs)
        return spec, Markup(f"data-part=\"{self.name}\" data-spec='{_quoted(spec)}'")  # noqa: S704 - quoted below


def _quoted(spec: msgspec.Struct) -> str:
    """A spec as the value of an attribute in single quotes, shorter than one that escapes every double quote."""
    text = msgspec.json.encode(spec).decode()
    for char, escape in _QUOTED.items():
        text = text.replace(char, escape)
    return text


def _frozen(value: Any) -> Any:
    """An argument of a template as a key."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value
