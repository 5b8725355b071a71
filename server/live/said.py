"""What a screen may say over its socket: it asks for the time, and an overlay's page tells what is wrong with it."""

from typing import Annotated

import msgspec

from server.control.renderer_faults import FaultTold


class TimeAsked(msgspec.Struct, frozen=True, tag="time"):
    """A question for the time, by the number that who asks gave it; ``bound`` is by how many ms he may be wrong about
    it as yet, None where he does not know."""

    id: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    bound: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


Said = TimeAsked | FaultTold
_decoder = msgspec.json.Decoder(Said)


def read(message: bytes) -> Said | None:
    """The question for the time, ``{"type":"time","id":N,"bound":ms}``, or a fault, ``{"type":"fault","overlay":…,
    "code":…}``; None for anything else, which means nothing."""
    try:
        said: Said = _decoder.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return said
