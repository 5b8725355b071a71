"""A good item, and what items are read with."""

from typing import Any

from streaming.contests.units import Tree
from streaming.intake.persons import digester
from tests.worlds.histories import UNITS

TREE = Tree(UNITS)
GOOD: dict[str, Any] = {"id": "a1", "kind": "completed", "unit": "A1", "at": "2022-09-08T09:31:02+07:00"}
DIGEST = digester(b"k" * 32, "web")
