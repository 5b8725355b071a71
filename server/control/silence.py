"""Silence: which sources have not been heard for too long."""

from collections.abc import Collection, Mapping

from streaming.ledger.jumps import JUMP_MS_MIN

FUTURE_HEARD_MS = JUMP_MS_MIN
"""A source that was heard later than now by more than this was heard by a clock that ran ahead: nobody knows when."""


class Silence:
    """The sources of one store. Nobody is silent before a heartbeat's time in which we could have heard them: not when
    the server has just started, nor when the clock was set ahead."""

    def __init__(self) -> None:
        self._listens_ms: int | None = None
        self._awaited_ms: dict[str, int] = {}

    @property
    def listens(self) -> bool:
        """Whether it has begun."""
        return self._listens_ms is not None

    def begin(self, now_ms: int) -> None:
        """Listen from now on."""
        self._listens_ms = now_ms

    def shift(self, by_ms: int) -> None:
        """The clock was set by so much."""
        if self._listens_ms is not None:
            self._listens_ms += by_ms
        self._awaited_ms = {name: at_ms + by_ms for name, at_ms in self._awaited_ms.items()}

    def awaits(self, sources: Collection[str], heard: Mapping[str, int], now_ms: int, *, is_open: bool) -> None:
        """Note since when a source that has never spoken is waited for: while a round ``is_open``, and from the first
        call on at which it was known. Before the opening it need not be there yet."""
        awaited = [name for name in sources if is_open and name not in heard]
        self._awaited_ms = {name: self._awaited_ms.get(name, now_ms) for name in awaited}

    def since(self, source: str, heard_ms: int | None, heartbeat_s: int, now_ms: int) -> int | None:
        """Since when a source is silent; None while it is not."""
        since_ms = self._awaited_ms.get(source, now_ms) if heard_ms is None else heard_ms
        is_late = now_ms - since_ms > heartbeat_s * 1000 or since_ms - now_ms > FUTURE_HEARD_MS
        return since_ms if is_late else None

    def may_be_told(self, heartbeat_s: int, now_ms: int) -> bool:
        """Whether we have listened for so long that a silence is one."""
        return self._listens_ms is not None and now_ms - self._listens_ms > heartbeat_s * 1000
