"""The names of outputs: the hall's, the points', and those of directors."""

import re

HALL = "hall"
"""The output that screens show unless they are told another."""
POINTS = "points"
"""That of the connection points' screens, which shows what the hall does unless somebody wants it otherwise."""
RUNDOWN = "rundown"
"""Who takes what follows in a rundown by itself. Not the system: what that shows gives way to the opening."""
TV_OUTPUTS_MAX = 16
NAMES = (HALL, POINTS, *(f"tv{number}" for number in range(1, TV_OUTPUTS_MAX + 1)))
"""Every name that an output may have."""
NAMES_SAID = f"hall, points, tv1 to tv{TV_OUTPUTS_MAX}"
"""What an output may be called, for whoever has called one otherwise."""
OF_TV = re.compile(r"tv([1-9]|1[0-6])")
"""A director's output: tv1 to tv16."""


def is_name(name: str) -> bool:
    """Whether an output may be called so."""
    return name in NAMES
