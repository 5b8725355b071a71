"""A scene: its settings, the pace at which it repaints its figures, and what is chosen from the numbers at its take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar

import msgspec
from markupsafe import Markup

from dashboard.edition import Edition
from dashboard.logos import groups
from dashboard.page import title
from dashboard.parts.part import Cut
from dashboard.parts.parts import PARTS
from dashboard.parts.recent import RECENT_ROWS
from dashboard.qr import links
from dashboard.scenes.needs import lack
from dashboard.scenes.own import painted_or_none
from dashboard.scenes.spotlight import is_beside
from dashboard.templates import environment
from dashboard.theme.theme import theme_of
from dashboard.words.headline import headline
from dashboard.words.words import KIND_ORDER
from streaming.topics.numbers import BOARD

CALM_BEAT_MS = 5_000
"""The beat of tables."""
LIVE_BEAT_MS = 3_000
"""The beat where ranked lines stand beside the total."""
QUICK_BEAT_MS = 2_000
"""The beat where nothing is ranked."""


OWN_PICTURES = ("anthem.png", "anthem.svg", "silence.png", "silence.svg")
"""Pictures of a theme that take the place of our words in the scene of their name."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be chosen of a scene; every field has a default."""


Chosen = TypeVar("Chosen", bound=Settings)
Head = Literal["seen", "kept", "none"]
"""What is seen of the page's own head, the title and how current the figures are: all; nothing, but its place is kept,
so that the map stands where the live scene has it; nothing, and the scene has the whole picture."""


Family = Literal["rite", "numbers", "points", "other"]
"""What an operator looks for a scene by: rites of a ceremony, numbers, connection points and their units, all else. In
this order they stand on the page of takes."""


def _as_asked(settings: Any, _cut: Cut) -> Any:
    return settings


def _never(_settings: Any, _cut: Cut) -> str | None:
    return None


def _nothing(_settings: Any, _cut: Cut, _step: int) -> Mapping[str, Any]:
    return {}


def _of_all(_settings: Any) -> str:
    return BOARD


def _no_steps(_settings: Any, _cut: Cut) -> int:
    return 0


def _freely(_settings: Any) -> bool:
    return False


@dataclass(frozen=True)
class Scene(Generic[Chosen]):
    """A scene by its name, which its template and its style sheet have too.

    ``chosen`` fixes at the take what depends on the numbers (what leads, the steps of the map), so that every screen
    and every reload shows alike. ``beat_ms`` is how often it repaints its figures. ``stands_in`` is the scene whose
    template is ours for one that a theme adds. ``needs``, of NEEDS, is without what it has nothing to show, and is not
    taken. ``steps`` is how many steps it reveals beside its beginning.

    A ``solemn`` one is of respect, to a flag or to the dead: nothing moves over it, and nothing follows it by itself.
    ``needs_arming`` is whether it is taken with intent alone. A setting ``to_ms`` is the time to which one counts down.

    ``topic`` names the number topic of which it is painted, by which a page goes while it shows the scene, so that all
    its numbers are of one cut. Where it ``is_revealed`` the page does not: what is not told yet is in none of its
    numbers, and each step comes as a fragment. One that ``is_clear`` has no ground of its own: what lies behind the
    page is seen where it paints nothing.

    ``family`` is where operators find it.

    ``refused`` names what is lacking for some settings, as ``needs`` does for all. ``beside`` is what its template
    knows at a step beside what all know, of its own topic's cut; only one that is revealed has it, for everything else
    is told by parts.
    """

    name: str
    settings: type[Chosen]
    beat_ms: int
    chosen: Callable[[Chosen, Cut], Chosen] = _as_asked
    stands_in: str = ""
    needs: tuple[str, ...] = ()
    steps: Callable[[Chosen, Cut], int] = _no_steps
    head: Head = "seen"
    solemn: bool = False
    needs_arming: Callable[[Chosen], bool] = _freely
    topic: Callable[[Chosen], str] = _of_all
    is_revealed: bool = False
    is_clear: bool = False
    family: Family = "other"
    refused: Callable[[Chosen, Cut], str | None] = _never
    beside: Callable[[Chosen, Cut, int], Mapping[str, Any]] = _nothing

    @property
    def reveals(self) -> bool:
        """Whether it has steps."""
        return self.steps is not _no_steps

    def lacks(self, cut: Cut, settings: Chosen | None = None) -> str | None:
        """The first of what it needs that a cut does not have, with these settings or those that it would choose; None
        if it has something to show."""
        return lack(self.needs, cut) or self.refused(settings or self.settings(), cut)

    def followed(self, settings: Chosen, cut: Cut) -> Cut:
        """What a page that shows the scene follows, at the same moment as a cut of ``board``."""
        return cut if self.is_revealed else cut.of(self.topic(settings))

    def paint(self, settings: Chosen, cut: Cut, *, take: str = "", step: int = 0) -> Markup:
        """The scene at a cut of ``board``, in the contest's own form where its theme has one; ``take`` names what is on
        air, "" where it is shown whatever that is, and ``step`` how much of it is revealed."""
        values = self.values(settings, cut, take=take, step=step)
        own = painted_or_none(self.name, values, cut.edition)
        if own is not None:
            return own
        if self.stands_in:
            values |= {"look": self.stands_in, "head": "none"}
        return Markup(environment().get_template(f"scenes/{values['look']}.html").render(values))  # noqa: S704 - escaped by it

    def title(self, edition: Edition) -> str:
        """What people call it: as its template in the contest's theme says; one that says nothing, and is not ours, by
        its name, "vong_loai" → "Vong loai"."""
        if (own := edition.own_titles.get(self.name)) is not None:
            return own
        if self.stands_in:
            return self.name.replace("_", " ").capitalize()
        return edition.words.say(f"scene_{self.name}")

    def values(self, settings: Chosen, cut: Cut, *, take: str = "", step: int = 0) -> dict[str, Any]:
        """What its template knows."""
        followed, cut = self.followed(settings, cut), cut.of(self.topic(settings))
        return cut.edition.once(_fixed) | {
            "name": self.name,
            "look": self.name,
            "beat_ms": self.beat_ms,
            "take": take,
            "head": self.head,
            "step": step,
            "is_clear": self.is_clear,
            "counts_to": cut.countdown and msgspec.json.encode(cut.countdown).decode(),
            "aired": cut.points and msgspec.json.encode(cut.points).decode(),
            "topic": followed.topic,
            "settings": settings,
            "find_picture": cut.edition.gallery.find,
            **{part.name: partial(part.paint, cut) for part in PARTS},
            **self.beside(settings, cut, step),
        }


def _fixed(edition: Edition) -> dict[str, Any]:
    """What the templates of scenes know of the contest."""
    contest, words = edition.contest, edition.words
    is_english, root = words.lang == "en", edition.tree.root.code
    land, theme = edition.picture(root, titled=False), theme_of(edition.folder)
    return {
        "root": root,
        "by": contest.ranking.by,
        "say": words.say,
        "written": words.number,
        "name_of": lambda code: words.full_name(edition.tree[code]),
        "kind_of": lambda code: _kind(edition, code),
        "own_steps": contest.own_steps,
        "is_beside": lambda code: is_beside(edition, code),
        "title": title(contest, words.lang),
        "headline": headline,
        "subtitle": (contest.subtitle_en or contest.subtitle) if is_english else contest.subtitle,
        "organisers": (contest.organisers_en or contest.organisers) if is_english else contest.organisers,
        "kinds": words.kinds(contest.tree.taking_part),
        "logos": groups(edition.folder, words.lang),
        "links": links(contest),
        "recent_rows": RECENT_ROWS,
        "levels": _levels(edition),
        "has_map": land is not None,
        "land": land and land.layout,
        "pictures": {file.partition(".")[0]: f"{theme.prefix}/{file}" for file in theme.files if file in OWN_PICTURES},
    }


def _kind(edition: Edition, code: str) -> str:
    """What a unit is, where we have a word for it: "huyện"."""
    kind = edition.tree[code].kind
    return kind if kind in KIND_ORDER else edition.words.say("units_word")


def _levels(edition: Edition) -> tuple[str, ...]:
    """How many places there are on each level: "11 huyện, thành phố", "193 xã, phường, thị trấn"."""
    tree, words, found = edition.tree, edition.words, []
    level = [unit for unit in tree.children(tree.root.code) if unit.place]
    while level:
        found.append(words.say("standby_counts", n=words.number(len(level)), kinds=words.kinds(level)))
        level = [child for unit in level for child in tree.children(unit.code) if child.place]
    return tuple(found)
