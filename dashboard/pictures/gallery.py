"""The pictures that may be shown, by the digest of their bytes."""

from collections.abc import Iterable

import msgspec

PREFIX = "/pictures"
"""Where they are served."""


class Picture(msgspec.Struct, frozen=True):
    """A picture as it is kept: ``digest`` names its bytes for ever, ``ext`` their kind, ``name`` is what people call
    it; ``added`` is when, ms since the epoch, and ``by`` by whom. ``width`` and ``height`` are in pixels."""

    digest: str
    ext: str
    name: str
    width: int
    height: int
    bytes: int
    added: int
    by: str

    @property
    def address(self) -> str:
        """Where its bytes are; an address never changes its content."""
        return f"{PREFIX}/{self.digest}.{self.ext}"


class Gallery:
    """The pictures of a server, the newest first. Whoever keeps them changes it, in one step each time."""

    def __init__(self, pictures: Iterable[Picture] = ()) -> None:
        self.hang(pictures)

    def hang(self, pictures: Iterable[Picture]) -> None:
        """Show these from now on, and no others."""
        newest_first = sorted(pictures, key=lambda each: (-each.added, each.digest))
        self._by_digest = {each.digest: each for each in newest_first}

    @property
    def all(self) -> tuple[Picture, ...]:
        """Every picture."""
        return tuple(self._by_digest.values())

    def find(self, digest: str) -> Picture | None:
        """The picture of a digest."""
        return self._by_digest.get(digest)
