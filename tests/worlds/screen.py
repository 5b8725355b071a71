"""A screen as DESIGN §5 tells it to behave: what store.js does, in Python, for tests."""

from typing import Any

import msgspec


class Screen:
    """Applies frames; ``asks_again`` when a delta does not fit."""

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.seq: int | None = None
        self.columns: list[str] = []
        self.rows: dict[str, list[Any]] = {}
        self.state: dict[str, Any] = {}
        self.at = 0
        self.heard: int | None = None
        self.asks_again = False

    def take(self, payload: bytes | None) -> None:
        if payload is None:
            return
        frame = msgspec.json.decode(payload, type=dict[str, Any])
        if frame["type"] == "snapshot":
            self.columns, self.rows, self.state = frame["columns"], {}, {}
        else:
            assert frame["epoch"] == self.epoch
            assert self.seq is not None
            if frame["seq"] <= self.seq:
                return
            if frame["base"] > self.seq:
                self.asks_again = True
                return
        self.epoch, self.seq, self.at, self.heard = frame["epoch"], frame["seq"], frame["at"], frame["heard"]
        for kept, news in ((self.rows, frame["rows"]), (self.state, frame["state"])):
            for key, value in news.items():
                if value is None:
                    kept.pop(key, None)
                else:
                    kept[key] = value

    def hear(self, base: int, seq: int, payload: bytes) -> None:
        """What the fan-out does with a shared payload for a follower at this screen's position."""
        if base == -1 or (self.seq is not None and base <= self.seq < seq):
            self.take(payload)

    @property
    def shows(self) -> tuple[Any, ...]:
        return self.epoch, self.seq, self.at, self.heard, self.rows, self.state
