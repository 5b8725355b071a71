"""Finds the secret that signed a body: each candidate is tried once, in a thread where that takes long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from server.auth.senders import Full, Reserve
from server.auth.signatures import Signature
from server.auth.sources import Grant, Sources, Trial

HASHED_BYTES_MAX = 128 * 1024
"""Bytes, over all candidate secrets, that are hashed in the event loop: well under a millisecond."""
STRANGERS_AT_ONCE = 1
KNOWN_AT_ONCE = 2
"""Bodies that are hashed in threads at a time. Bodies from known addresses do not queue behind those of strangers."""
CHECK_WAIT_S = 10.0
"""How long a body waits for its turn before its sender is told to retry."""


class Checks:
    """The checks of one server."""

    def __init__(self, sources: Callable[[], Sources], wait_s: float = CHECK_WAIT_S) -> None:
        self._sources = sources
        self._wait_s = wait_s
        self._turns = {False: asyncio.Semaphore(STRANGERS_AT_ONCE), True: asyncio.Semaphore(KNOWN_AT_ONCE)}

    async def whose(
        self, signature: Signature, body: bytes, reserve: Reserve, *, named: str | None, rehearsal: bool | None
    ) -> tuple[str, Grant] | None:
        """The digest of the secret that made a signature over a body, and what it allows; None where none in force did.

        ``named`` is the source that the sender says it is; ``rehearsal`` the store that it means, whose secrets are
        tried first.

        Raises:
            Full: If its turn did not come.
        """
        tried: set[str] = set()
        for for_unknown in (False, True):
            found = self._sources().trials(named, for_unknown=for_unknown)
            left = [trial for trial in found if trial.digest not in tried]
            left.sort(key=lambda trial: (trial.grant.rehearsal is not rehearsal, trial.digest != reserve.digest))
            right = await self._first(left, signature, body, is_known=reserve.is_known)
            # The secret may have been revoked meanwhile.
            if right is not None and right.digest in {trial.digest for trial in self._sources().trials(named)}:
                return right.digest, right.grant
            tried.update(trial.digest for trial in left)
        return None

    async def _first(
        self, trials: Sequence[Trial], signature: Signature, body: bytes, *, is_known: bool
    ) -> Trial | None:
        if len(body) * len(trials) <= HASHED_BYTES_MAX:
            return first_right(trials, signature, body)
        async with self._turn(is_known=is_known):
            return await asyncio.to_thread(first_right, trials, signature, body)

    @asynccontextmanager
    async def _turn(self, *, is_known: bool) -> AsyncIterator[None]:
        turns = self._turns[is_known]
        try:
            async with asyncio.timeout(self._wait_s):
                await turns.acquire()
        except TimeoutError:
            raise Full from None
        try:
            yield
        finally:
            turns.release()


def first_right(trials: Sequence[Trial], signature: Signature, body: bytes) -> Trial | None:
    """The first whose secret made the signature over the body."""
    return next((trial for trial in trials if trial.signer.has_made(signature, body)), None)
