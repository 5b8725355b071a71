"""Answers that go piece by piece."""

import pytest
from starlette.types import Message

from server.web.pieces import PIECE_BYTES, InPieces


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, 2 * PIECE_BYTES + 1])
async def test_no_more_than_a_piece_is_handed_over_at_once(size: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    body = bytes(number % 251 for number in range(size))
    await InPieces(body, media_type="image/png")({"type": "http"}, None, send)  # type: ignore[arg-type] # never asked
    start, *pieces = sent
    assert (b"content-length", str(size).encode()) in start["headers"]
    assert b"".join(piece["body"] for piece in pieces) == body
    assert max(len(piece["body"]) for piece in pieces) <= PIECE_BYTES
    assert [piece["more_body"] for piece in pieces] == [True] * (len(pieces) - 1) + [False]
