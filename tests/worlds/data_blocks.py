"""What a page is opened with, as its script reads it."""

import re
from typing import Any

import msgspec


def block(text: str, name: str) -> Any:
    """The JSON of a page's block of a name."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found
    return msgspec.json.decode(found[1])
