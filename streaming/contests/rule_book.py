"""What a contest says of its rules and milestones: two optional tables of contest.toml."""

from itertools import pairwise

import msgspec

from streaming.contests.toml_table import Table

UNIT_PACE, SOURCE_PACE, POPULATION, PERSON_RATE, REJECTS = (
    "unit_pace", "source_pace", "population", "person_rate", "rejects"
)  # fmt: skip
HOLDING_RULES = (UNIT_PACE, POPULATION, PERSON_RATE)
"""The rules that are about a unit, and so may hold it."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a contest: ``hold`` names the rules that hold the unit they are about; the others alert.

    A pace trips above ``…_factor`` times the own past, and not below ``…_min`` entries in five minutes.
    """

    hold: tuple[str, ...] = ()
    unit_pace_factor: int = 10
    unit_pace_min: int = 50
    source_pace_factor: int = 10
    source_pace_min: int = 200
    person_per_minute: int = 5
    rejects_per_minute: int = 100


RULES = (UNIT_PACE, SOURCE_PACE, POPULATION, PERSON_RATE, REJECTS)
SETTING_MAX = 1_000_000
MILESTONE_MAX = 10**9


def read_rules(table: Table) -> Rules:
    """The table [rules]; a key that is not there has its default.

    Raises:
        ContestError: Naming the key and what was expected.
    """
    table.only(Rules.__struct_fields__)
    hold = table.texts("hold")
    for rule in hold:
        if rule not in HOLDING_RULES:
            table.fail("hold", f"rules that are about a unit: {', '.join(HOLDING_RULES)}", value=rule)
    settings: dict[str, int] = {}
    defaults = Rules()
    for key in Rules.__struct_fields__[1:]:
        value = table.number(key, getattr(defaults, key))
        if not 1 <= value <= SETTING_MAX:
            table.fail(key, f"a whole number from 1 to {SETTING_MAX}")
        settings[key] = value
    return Rules(hold=hold, **settings)


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
