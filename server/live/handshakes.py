"""How fast sockets may come."""

HANDSHAKE_BURST_SHARE = 0.1
"""Share of a second's handshakes that may come at once. The rest comes evenly, so that no second has more than all."""


class Handshakes:
    """How many handshakes are left: ``per_s`` of them come evenly, but for a share that may come at once."""

    def __init__(self, per_s: int, now_s: float) -> None:
        self.left = per_s * HANDSHAKE_BURST_SHARE
        self._at_once = max(1.0, self.left)
        self._evenly = max(1.0, per_s - self._at_once)
        self._at_s = now_s

    def has_one(self, now_s: float) -> bool:
        """Whether one is left now."""
        self.left = min(self.left + (now_s - self._at_s) * self._evenly, self._at_once)
        self._at_s = now_s
        return self.left >= 1
