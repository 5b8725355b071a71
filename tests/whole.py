"""How large a test is that is slow by nature: small in every run, as designed with ``run.py test --whole``."""

import os
from typing import TypeVar

from tests.suite import WHOLE_VARIABLE

Size = TypeVar("Size")


def sized(small: Size, whole: Size) -> Size:
    """One of the two; asked when a test file is read, so that parameters and settings may be made of it."""
    return whole if os.environ.get(WHOLE_VARIABLE) == "1" else small
