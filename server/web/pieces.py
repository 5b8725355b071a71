"""Answers whose bytes many share, sent piece by piece: what a slow client has not taken is not copied for it whole.

Up to Python 3.11 a transport copies whatever of an answer its socket does not take at once. Of a picture of 3 MB that
600 screens ask for as it comes on air, that would be 1.8 GB.
"""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PIECE_BYTES = 64 * 1024
"""As much as a transport holds before whoever sends is made to wait."""


class InPieces(Response):
    """An answer with a body of bytes, sent PIECE_BYTES at a time."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it; each piece waits until the one before it is nearly taken."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for at in range(0, max(1, len(body)), PIECE_BYTES):
            piece, is_last = bytes(body[at : at + PIECE_BYTES]), at + PIECE_BYTES >= len(body)
            await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
