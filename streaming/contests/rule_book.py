"""What a contest says of its rules and milestones: two optional tables of contest.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from streaming.contests.toml_table import Table


@dataclass(frozen=True)
class RuleKind:
    """A rule that a contest may have: its settings with their defaults, and whether it is about a unit, and so may hold
    it. What it does stands in the file of its name in ``streaming.rules``."""

    name: str
    settings: Mapping[str, int]
    is_of_unit: bool


RULES = (
    RuleKind("unit_pace", {"unit_pace_factor": 10, "unit_pace_min": 50}, is_of_unit=True),
    RuleKind("source_pace", {"source_pace_factor": 10, "source_pace_min": 200}, is_of_unit=False),
    RuleKind("population", {}, is_of_unit=True),
    RuleKind("person_rate", {"person_per_minute": 5}, is_of_unit=True),
    RuleKind("rejects", {"rejects_per_minute": 100}, is_of_unit=False),
)
HOLDING_RULES = tuple(kind.name for kind in RULES if kind.is_of_unit)
DEFAULTS = {setting: default for kind in RULES for setting, default in kind.settings.items()}
SETTING_MAX = 1_000_000
MILESTONE_MAX = 10**9


@dataclass(frozen=True, init=False)
class Rules:
    """The settings of a contest: ``hold`` names the rules that hold the unit they are about; the others alert."""

    hold: tuple[str, ...]
    settings: Mapping[str, int]

    def __init__(self, hold: tuple[str, ...] = (), **settings: int) -> None:
        if unknown := settings.keys() - DEFAULTS.keys():
            raise TypeError(f"no such setting of a rule: {', '.join(sorted(unknown))}")
        object.__setattr__(self, "hold", hold)
        object.__setattr__(self, "settings", DEFAULTS | settings)

    def __getitem__(self, setting: str) -> int:
        return self.settings[setting]


def read_rules(table: Table) -> Rules:
    """The table [rules]; a key that is not there has its default.

    Raises:
        ContestError: Naming the key and what was expected.
    """
    table.only(("hold", *DEFAULTS))
    hold = table.texts("hold")
    for rule in hold:
        if rule not in HOLDING_RULES:
            table.fail("hold", f"rules that are about a unit: {', '.join(HOLDING_RULES)}", value=rule)
    settings: dict[str, int] = {}
    for key, default in DEFAULTS.items():
        value = table.number(key, default)
        if not 1 <= value <= SETTING_MAX:
            table.fail(key, f"a whole number from 1 to {SETTING_MAX}")
        settings[key] = value
    return Rules(hold, **settings)


def read_milestones(table: Table) -> tuple[int, ...]:
    """The table [milestones]: ``completed`` is rising totals of completed entries.

    Raises:
        ContestError: Naming the key and what was expected.
    """
    table.only(("completed",))
    milestones = table.numbers("completed", ())
    rising = all(low < high for low, high in pairwise(milestones))
    if milestones and (not rising or milestones[0] < 1 or milestones[-1] > MILESTONE_MAX):
        table.fail("completed", f"rising whole numbers from 1 to {MILESTONE_MAX}")
    return milestones
