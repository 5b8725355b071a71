"""A contest and its folder: what is asked of whom, and when."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from streaming.contests.boundaries import Boundaries, read_boundaries
from streaming.contests.grid import Grid, read_grid
from streaming.contests.logos import Logos, read_logos
from streaming.contests.rule_book import Rules, read_milestones, read_rules
from streaming.contests.text import did_you_mean
from streaming.contests.theme_files import ThemeFiles, read_overlay_themes, read_theme
from streaming.contests.toml_table import Table, read_toml
from streaming.contests.units import Tree, Unit
from streaming.contests.units_csv import read_populations, read_units_csv, rows_of
from streaming.errors import ContestError, LedgerMismatch

RankBy = Literal["completed", "participants", "rate"]
TargetBy = Literal["completed", "participants"]
MapShown = Literal["hexagons", "boundaries", "none"]

STEPS_MAX = 6
"""More colours than this cannot be told apart on a map."""
STEPS_UNSET = (1, 10, 50, 200)
"""What the ledger says of a contest that sets no steps. They were the default before steps were chosen from the
numbers; to write anything else now would be an edit of every contest."""
YEARS_MS = (946_684_800_000, 4_102_444_800_000)
"""A round lies in 2000 to 2100; anything else is a slip of the keyboard."""

_SLUG = r"[a-z0-9][a-z0-9-]{0,31}"
_MINUTE_MS = 60_000


class Round(msgspec.Struct, frozen=True):
    """A week of the contest: an entry counts in it if opens_ms <= at < closes_ms. `n` counts from 1.

    One that ``waits`` opens when a button is pressed: until then it has no length, and no entry counts in it.
    """

    n: int
    name: str
    opens_ms: int
    closes_ms: int
    name_en: str = ""

    @property
    def waits(self) -> bool:
        """Whether it opens when a button is pressed."""
        return self.opens_ms == self.closes_ms


class Named(msgspec.Struct, frozen=True):
    """A channel or a group: the code that sources send, the name that screens show."""

    code: str
    name: str
    name_en: str


class Ranking(msgspec.Struct, frozen=True):
    """By which column siblings are ranked, and whether units that are no place are ranked apart."""

    by: RankBy = "completed"
    apart: bool = True


class Contest(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything about a contest that its numbers and its screens depend on.

    `steps` are the lower bounds of the map's colours, see `own_steps`; `target_by` says which column the targets were
    set for. The `_en` texts are empty where none was given. `hotline` is empty where
    there is none.
    """

    id: str
    title: str
    title_en: str = ""
    subtitle: str = ""
    subtitle_en: str = ""
    organisers: tuple[str, ...] = ()
    organisers_en: tuple[str, ...] = ()
    timezone: str = "Asia/Ho_Chi_Minh"
    rounds: tuple[Round, ...]
    channels: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    ranking: Ranking = Ranking()
    target_by: TargetBy = "completed"
    steps: tuple[int, ...] = STEPS_UNSET
    links: tuple[tuple[str, str], ...] = ()
    hotline: str = ""
    units: tuple[Unit, ...]

    @cached_property
    def tree(self) -> Tree:
        """The units as a tree."""
        return Tree(self.units)

    @property
    def own_steps(self) -> tuple[int, ...]:
        """The lower bounds of the map's colours; none where they are chosen from the numbers."""
        return self.steps if self.steps != STEPS_UNSET else ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: the same contest has the same in every process."""
        return hashlib.sha256(encode_contest(self)).hexdigest()


def encode_contest(contest: Contest) -> bytes:
    """Return the canonical JSON: fields in the order of the class, texts in NFC as they were read."""
    return msgspec.json.encode(contest)


def decode_contest(body: bytes) -> Contest:
    """Return the contest of a ledger's row.

    Raises:
        ContestError: If the bytes are no contest.
    """
    try:
        return msgspec.json.decode(body, type=Contest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ContestError(f"the JSON of a contest ({error})") from error


@dataclass(frozen=True)
class ContestFolder:
    """A contest with what its numbers do not depend on. `grid` and `boundaries` are None where it has none.

    `map` is the one that screens show unless they are asked for another, or none at all. `milestones` are totals of
    completed entries, `populations` people by unit.
    """

    path: Path
    contest: Contest
    grid: Grid | None
    boundaries: Boundaries | None
    rules: Rules = field(default_factory=Rules)
    milestones: tuple[int, ...] = ()
    populations: Mapping[str, int] = field(default_factory=dict)
    map: MapShown = "hexagons"
    theme: ThemeFiles = field(default_factory=ThemeFiles)
    overlay_themes: ThemeFiles = field(default_factory=ThemeFiles)
    logos: Logos = field(default_factory=Logos)

    @property
    def map_digest(self) -> str:
        """Names what the maps are made of: the same text, the same maps."""
        parts = (self.grid, self.boundaries)
        return " ".join((self.map, *(part.digest if part is not None else "-" for part in parts)))


def shipped_contest() -> Path:
    """Return the folder of the contest that comes with the product, Hà Giang 2022."""
    return Path(__file__).parent / "ha-giang-2022"


def load_contest(folder: Path) -> ContestFolder:
    """Read and check a contest folder.

    Raises:
        ContestError: Naming file, row, column, value and what was expected.
    """
    if not folder.is_dir():
        raise ContestError("a contest folder with contest.toml and units.csv", file=str(folder))
    top = read_toml(folder / "contest.toml")
    units = read_units_csv(folder / "units.csv")
    contest = _contest(top, units)
    _check_rate(contest, folder / "units.csv")
    grid, boundaries = _grid(folder, contest.tree), _boundaries(folder, contest.tree)
    return ContestFolder(
        path=folder,
        contest=contest,
        grid=grid,
        boundaries=boundaries,
        rules=read_rules(top.table("rules")),
        milestones=read_milestones(top.table("milestones")),
        populations=read_populations(folder / "units.csv"),
        map=_map(top, grid, boundaries),
        theme=read_theme(folder),
        overlay_themes=read_overlay_themes(folder),
        logos=read_logos(folder, top),
    )


def _grid(folder: Path, tree: Tree) -> Grid | None:
    path = folder / "hexgrid.json"
    return read_grid(path, tree) if path.exists() else None


def _boundaries(folder: Path, tree: Tree) -> Boundaries | None:
    path = folder / "boundaries.json"
    return read_boundaries(path, tree) if path.exists() else None


def _map(top: Table, grid: Grid | None, boundaries: Boundaries | None) -> MapShown:
    """The map that screens show; true boundaries by default only where the folder says nothing else of the land."""
    default = "boundaries" if boundaries is not None and grid is None else "hexagons"
    shown = top.choice("map", get_args(MapShown), default)
    if shown == "boundaries" and boundaries is None:
        top.fail("map", "boundaries.json in this folder too", value=shown)
    return cast("MapShown", shown)


def _contest(top: Table, units: tuple[Unit, ...]) -> Contest:
    top.only((*Contest.__struct_fields__[:-1], "rules", "milestones", "map", "logos"))
    timezone = top.text("timezone", "Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.fail("timezone", "the name of a time zone, such as Asia/Ho_Chi_Minh")
    ranking = top.table("ranking")
    ranking.only(("by", "apart"))
    return Contest(
        id=top.text("id", pattern=_SLUG),
        title=top.text("title"),
        title_en=top.text("title_en", ""),
        subtitle=top.text("subtitle", ""),
        subtitle_en=top.text("subtitle_en", ""),
        organisers=top.texts("organisers"),
        organisers_en=top.texts("organisers_en"),
        timezone=timezone,
        rounds=_rounds(top),
        channels=_named(top, "channels"),
        groups=_named(top, "groups"),
        ranking=Ranking(
            by=cast("RankBy", ranking.choice("by", get_args(RankBy), "completed")),
            apart=ranking.flag("apart", default=True),
        ),
        target_by=cast("TargetBy", top.choice("target_by", get_args(TargetBy), "completed")),
        steps=_steps(top),
        links=_links(top),
        hotline=top.text("hotline", ""),
        units=units,
    )


def _rounds(top: Table) -> tuple[Round, ...]:
    rounds: list[Round] = []
    for n, table in enumerate(top.tables("rounds"), start=1):
        table.only(("name", "name_en", "opens", "closes"))
        opens_ms, closes_ms = table.time_ms("opens"), table.time_ms("closes")
        for key, at_ms in (("opens", opens_ms), ("closes", closes_ms)):
            if not YEARS_MS[0] <= at_ms < YEARS_MS[1]:
                table.fail(key, "a time in the years 2000 to 2099")
        if closes_ms <= opens_ms:
            table.fail("closes", "a time after the round's opening")
        if rounds and opens_ms < rounds[-1].closes_ms:
            table.fail("opens", f"a time not before round {n - 1} closes: rounds stand in order, apart")
        name, name_en = table.text("name", f"Tuần {n}"), table.text("name_en", "")
        rounds.append(Round(n, name, opens_ms, closes_ms, name_en))
    if not rounds:
        top.fail("rounds", "at least one table [[rounds]] with opens and closes")
    return tuple(rounds)


def _named(top: Table, key: str) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for table in top.tables(key):
        table.only(("code", "name", "name_en"))
        code = table.text("code", pattern=_SLUG)
        if code in found:
            table.fail("code", f"a code used once in {key}")
        name = table.text("name")
        found[code] = Named(code, name, table.text("name_en", "") or name)
    return tuple(found.values())


def _steps(top: Table) -> tuple[int, ...]:
    steps = top.numbers("steps", ()) or STEPS_UNSET
    rising = all(low < high for low, high in pairwise((0, *steps)))
    if len(steps) > STEPS_MAX or not rising:
        top.fail("steps", f"1 to {STEPS_MAX} rising whole numbers from 1 on")
    return steps


def _links(top: Table) -> tuple[tuple[str, str], ...]:
    links: list[tuple[str, str]] = []
    for table in top.tables("links"):
        table.only(("name", "url"))
        # A screen turns it into a link, so nothing but a web address may pass.
        links.append((table.text("name"), table.text("url", pattern=r"https?://[^\s\"'<>]+")))
    return tuple(links)


def _check_rate(contest: Contest, path: Path) -> None:
    if contest.ranking.by != "rate":
        return
    # The deepest first: a unit has no target where one below it has none, and that is the one to mend.
    for unit in sorted(contest.units, key=lambda unit: -contest.tree.depth(unit.code)):
        if unit.place and contest.tree.target(unit.code) is None:
            expected = f"a target for “{unit.code}” {unit.full_name}, as contest.toml ranks by rate"
            raise ContestError(expected, file="units.csv", row=rows_of(path).get(unit.code), column="target")


def opened_now(folder: ContestFolder, now_ms: int) -> ContestFolder:
    """Return the folder with its contest's calendar moved so that round 1 opened at the last whole minute."""
    contest = folder.contest
    shift_ms = now_ms - now_ms % _MINUTE_MS - contest.rounds[0].opens_ms
    moved = tuple(
        msgspec.structs.replace(round_, opens_ms=round_.opens_ms + shift_ms, closes_ms=round_.closes_ms + shift_ms)
        for round_ in contest.rounds
    )
    return replace(folder, contest=msgspec.structs.replace(contest, rounds=moved))


def check_change(old: Contest, new: Contest, codes_with_rows: AbstractSet[str]) -> None:
    """Refuse an edit that would take the ground from under rows already in the ledger.

    Targets, names, dates and further units may change.

    Raises:
        LedgerMismatch: If it is another contest.
        ContestError: If a unit with entries vanished, or has units below it now.
    """
    if old.id != new.id:
        message = f"the data folder holds contest “{old.id}”, expected “{new.id}”: take another data folder"
        raise LedgerMismatch(message)
    for code in sorted(codes_with_rows):
        if code not in new.tree:
            name = old.tree[code].full_name if code in old.tree else "it"
            near = did_you_mean(code, [unit.code for unit in new.units])
            expected = f"this unit to stay, as {name} has entries{near}"
            raise ContestError(expected, file="units.csv", column="code", value=code)
        if not new.tree.is_leaf(code):
            expected = f"another parent for “{new.tree.children(code)[0].code}”: this unit has entries of its own"
            raise ContestError(expected, file="units.csv", column="parent", value=code)
