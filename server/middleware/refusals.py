"""Refused requests, counted by reason and logged at most once a second, so that no client can flood the log."""

import asyncio
from collections import Counter

import structlog

from server.web.paths import path_logged

TELL_EVERY_S = 1.0
PATH_CHARS_MAX = 80
"""Longest part of a path that is logged, because the client chooses it."""

log = structlog.get_logger(__name__)


class Refusals:
    """The refusals of one server. The first after a quiet second is logged at once, later ones together."""

    def __init__(self, every_s: float = TELL_EVERY_S) -> None:
        self._every_s = every_s
        self._counts: Counter[str] = Counter()
        self._path = ""
        self._is_waiting = False

    def note(self, reason: str, path: str) -> None:
        """Count the refusal of a request of a path."""
        if not self._counts:
            self._path = path_logged(path)[:PATH_CHARS_MAX]
        self._counts[reason] += 1
        if not self._is_waiting:
            self._tell()

    def _tell(self) -> None:
        counts, self._counts = self._counts, Counter()
        self._is_waiting = bool(counts)
        if counts:
            log.warning("refused", first_path=self._path, **counts)
            asyncio.get_running_loop().call_later(self._every_s, self._tell)
