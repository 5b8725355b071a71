"""Answers by the Idempotency-Key of the device that asked: it may ask again, and nothing is done twice."""

from collections import OrderedDict
from typing import NamedTuple

from streaming.program.errors import KeyUsedAgain

ANSWERS_KEPT_MAX = 512
ANSWERS_OF_ONE_MAX = 64
"""So that a device which asks for ever does not have those of others forgotten."""
ANSWER_KEPT_MS = 600_000
"""A device that has not heard for longer than this asks anew."""
KEY_CHARS_MAX = 128


class _Answer(NamedTuple):
    asked: bytes
    version: int
    at_ms: int


class Answers:
    """The last answers. ``asked`` is a digest of what was asked for: address and body; ``at_ms`` is by a clock
    that nobody sets."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str], _Answer] = OrderedDict()

    def find(self, by: str, key: str, asked: bytes, at_ms: int) -> int | None:
        """The version that was answered to the same question, None if it was not asked of late.

        Raises:
            KeyUsedAgain: If the key has named another question.
        """
        found = self._answers.get((by, key))
        if found is None or at_ms - found.at_ms > ANSWER_KEPT_MS:
            return None
        if found.asked != asked:
            raise KeyUsedAgain
        return found.version

    def keep(self, by: str, key: str, asked: bytes, version: int, at_ms: int) -> None:
        """Remember an answer."""
        self._answers.pop((by, key), None)
        self._answers[by, key] = _Answer(asked, version, at_ms)
        own = [each for each in self._answers if each[0] == by]
        if len(own) > ANSWERS_OF_ONE_MAX:
            del self._answers[own[0]]
        if len(self._answers) > ANSWERS_KEPT_MAX:
            self._answers.popitem(last=False)
