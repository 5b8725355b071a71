"""The names of outputs: the hall's, the points', and those of directors."""

import re

HALL = "hall"
"""The output that screens show unless they are told another."""
POINTS = "points"
"""That of the connection points' screens, which shows what the hall does unless somebody wants it otherwise."""
TV_OUTPUTS_MAX = 16
OF_TV = re.compile(r"tv([1-9]|1[0-6])")
"""A director's output: tv1 to tv16."""


def is_name(name: str) -> bool:
    """Whether an output may be called so."""
    return name in {HALL, POINTS} or OF_TV.fullmatch(name) is not None
