"""An edition: everything on a contest's pages, in one language, that does not depend on a frame."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from jinja2 import Template
from markupsafe import Markup

from dashboard.map.atlases import Atlases
from dashboard.map.drawing import Picture
from dashboard.map.labels import Pause, no_pause
from dashboard.map.layout import Ground, Layout
from dashboard.map.light import Light, light
from dashboard.map.names import Names
from dashboard.pictures.gallery import Gallery
from dashboard.theme.template import Compiled
from dashboard.words.names import Name, named, together
from dashboard.words.rounds import own_texts
from dashboard.words.words import LANGS, Words, texts
from streaming.contests.contest import ContestFolder
from streaming.contests.units import Unit, UnitCode

LATELY_KEPT_MAX = 12_000
"""How many fixed parts of pages are cached, some 1 KB each: a unit's page has nine of them, a large city 612 units."""

T = TypeVar("T")


class Edition:
    """What the pages of one language need besides a frame: words, names and their fit, maps, data for scripts.

    Each thing is worked out once, when it is first asked for; nothing waits for another thread, so two that ask at once
    may each make it, and both make the same. Its memory is bounded by the contest's size, not by requests.
    """

    def __init__(self, folder: ContestFolder, lang: str, atlases: Atlases, made: str, gallery: Gallery) -> None:
        self.folder = folder
        self.gallery = gallery
        self.made = made
        self.contest = folder.contest
        self.tree = folder.contest.tree
        self.words = Words(lang, folder.contest.timezone)
        self._atlases = atlases
        self._map_names = Names(self.tree, self.words)
        self._names: dict[UnitCode, Name] = {}
        self._links: dict[tuple[str, str], Markup] = {}
        self._maps: dict[tuple[Ground, UnitCode], Layout] = {}
        self._kept: dict[Any, Any] = {}
        self._lately: OrderedDict[Any, Any] = OrderedDict()
        # The templates of the theme that were tried and found good, by the names of their scenes, and what these say
        # that their scenes are called, and which parts they show.
        self.own: dict[str, Template] = {}
        self.own_titles: dict[str, str] = {}
        self.own_parts: dict[str, frozenset[str]] = {}

    @property
    def lang(self) -> str:
        """The language."""
        return self.words.lang

    def once(self, make: Callable[["Edition"], T]) -> T:
        """What `make` makes of this edition, made the first time."""
        return self.keep(make, lambda: make(self))

    def keep(self, key: object, make: Callable[[], T]) -> T:
        """What `make` makes, made the first time that the key is asked for; for as long as the edition stands."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def lately(self, key: object, make: Callable[[], T]) -> T:
        """What `make` makes, made the first time that the key is asked for; the LATELY_KEPT_MAX made last are kept."""
        kept: T | None = self._lately.get(key)
        if kept is None:
            kept = self._lately[key] = make()
            # Each a single atomic step, because another thread may be doing the same.
            while len(self._lately) > LATELY_KEPT_MAX:
                self._lately.popitem(last=False)
        return kept

    def of_unit(self, code: str, make: Callable[["Edition", str], T]) -> T:
        """What `make` makes of a unit; see `lately`."""
        return self.lately(code, lambda: make(self, code))

    @property
    def texts(self) -> msgspec.Raw:
        """The texts of the language as JSON."""
        return self.keep(
            "texts", lambda: msgspec.Raw(msgspec.json.encode(own_texts(texts(self.lang), self.contest, self.lang)))
        )

    def named(self, unit: Unit) -> Name:
        """A unit's name with the classes that fit it to a line."""
        found = self._names.get(unit.code)
        if found is None:
            found = self._names[unit.code] = named(unit, self.words)
        return found

    def names(self, codes: tuple[UnitCode, ...]) -> dict[str, Name]:
        """The names of units that stand in one list, fitted together."""
        return self.lately(("names", codes), lambda: together({code: self.named(self.tree[code]) for code in codes}))

    def query(self, out: str) -> Markup:
        """What the address of a unit's page says after its question mark, for an attribute; ``out`` is the output as
        which the page is asked for, "" for none."""
        of_output = Markup("&amp;out={}").format(quote(out)) if out else ""
        return Markup("lang={}{}").format(self.lang, of_output)

    def link(self, code: str, out: str = "") -> Markup:
        """A unit's name as a link to its page, as an output shows it."""
        found = self._links.get((code, out))
        if found is None:
            found = self._links[code, out] = Markup('<a class="name" href="/units/{}?{}">{}</a>').format(
                quote(code), self.query(out), self._full_name(code)
            )
        return found

    def kinds_below(self, code: str) -> str:
        """What the units right below one are, the places among them if there are any."""
        children = self.tree.children(code)
        places = [child for child in children if child.place]
        return self.lately(("kinds_below", code), lambda: self.words.kinds(places or children))

    def kinds_taking_part(self, code: str) -> str:
        """What the units at the lowest level below one are, the places among them if there are any."""
        return self.lately(("kinds_taking_part", code), lambda: self._kinds_taking_part(UnitCode(code)))

    def _kinds_taking_part(self, code: UnitCode) -> str:
        waiting = [code]
        leaves: list[Unit] = []
        while waiting:
            children = self.tree.children(waiting.pop())
            waiting.extend(child.code for child in children if not self.tree.is_leaf(child.code))
            leaves.extend(child for child in children if self.tree.is_leaf(child.code))
        return self.words.kinds([leaf for leaf in leaves if leaf.place] or leaves)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The grounds on which the contest offers its map, the first unless another is asked for; () without a map."""
        return self._atlases.grounds

    def map(self, code: str, pause: Pause = no_pause, *, ground: Ground | None = None) -> Layout | None:
        """The map that a unit's page shows; None for a unit that is on none. A ground that the contest does not offer
        is as good as none asked for.

        Raises:
            KeyError: If there is no such unit.
        """
        shown = self._shown(ground)
        atlas = self._atlases.of(shown, pause) if shown is not None else None
        top = atlas.on_map.top(code) if atlas is not None else None
        if atlas is None or shown is None or top is None:
            return None
        if (shown, top) not in self._maps:
            self._maps[shown, top] = atlas.map(top, self._map_names, pause)
        return self._maps[shown, top]

    def _shown(self, ground: Ground | None) -> Ground | None:
        offered = self.grounds
        return ground if ground in offered else offered[0] if offered else None

    def picture(
        self, code: str, pause: Pause = no_pause, *, titled: bool, ground: Ground | None = None
    ) -> Picture | None:
        """The picture of the map that a unit's page shows; None for a unit that is on none."""
        layout = self.map(code, pause, ground=ground)
        if layout is None:
            return None
        title = self._full_name if titled else None
        return self.keep(("picture", layout.ground, layout.top, titled), lambda: Picture(layout, title, pause))

    def light(self, code: str) -> Light | None:
        """The light over a unit's map, None where it has none. It comes from the first place in official order: lists
        of units begin with the capital."""
        layout = self.map(code)
        return (
            None if layout is None else self.keep(("light", layout.top), lambda: light(layout, self._heart(layout.top)))
        )

    def _heart(self, code: UnitCode) -> frozenset[UnitCode]:
        first = next((unit.code for unit in self.tree.children(code) if unit.place), None)
        return frozenset(leaf.code for leaf in self.tree.leaves if first in self.tree.path(leaf.code))

    def _full_name(self, code: str) -> str:
        return self.words.full_name(self.tree[code])

    def map_head(self, code: str, ground: Ground) -> str:
        """What a unit's map is called: never a map where places are only packed together."""
        if ground != "packed":
            return self.words.say("map")
        layout = self.map(code, ground=ground)
        units = [self.tree[cell.code] for cell in layout.cells] if layout is not None else []
        return self.lately(("map_head", code), lambda: self.words.say("map_packed", kinds=self.words.kinds(units)))

    def has_map(self, code: str) -> bool:
        """Whether the map that a unit's page shows has been laid out, so that `map` gives it at once."""
        shown = self._shown(None)
        if shown is None:
            return True
        if not self._atlases.has(shown):
            return False
        top = self._atlases.of(shown).on_map.top(code)
        return top is None or (shown, top) in self._maps

    def has(self, make: Callable[["Edition"], object]) -> bool:
        """Whether `once` has made it."""
        return make in self._kept


class Editions:
    """The editions of a contest, one for each language. ``made`` names what pages are made of; ``gallery`` are the
    pictures that scenes may show, the same for all."""

    def __init__(self, folder: ContestFolder, made: str, gallery: Gallery | None = None) -> None:
        atlases = Atlases(folder)
        self.gallery = gallery or Gallery()
        self._of = {lang: Edition(folder, lang, atlases, made, self.gallery) for lang in LANGS}

    def accept(self, scene: str, own: Compiled) -> None:
        """Paint a scene by a template of the contest's theme from now on, and call it as that says."""
        for lang, edition in self._of.items():
            edition.own[scene] = own.template
            edition.own_parts[scene] = own.parts
            if own.titles:
                edition.own_titles[scene] = own.titles.get(lang, own.titles[LANGS[0]])

    def of(self, lang: str) -> Edition:
        """The edition in one of LANGS.

        Raises:
            KeyError: If it is none of them.
        """
        return self._of[lang]
