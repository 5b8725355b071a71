"""How large a test is that is slow by nature: small in every run, as designed with ``run.py test --whole``."""

import os
from typing import TypeVar

from hypothesis import settings

from tests.suite import WHOLE_VARIABLE

EXAMPLES_WHOLE = 2_500
"""Of each property of whole histories, with ``--whole``."""

Size = TypeVar("Size")


def sized(small: Size, whole: Size) -> Size:
    """One of the two; asked when a test file is read, so that parameters and settings may be made of it."""
    return whole if os.environ.get(WHOLE_VARIABLE) == "1" else small


def examples(small: int) -> settings:
    """How many histories a property is tried on."""
    return settings(max_examples=sized(small, whole=EXAMPLES_WHOLE), deadline=None)
