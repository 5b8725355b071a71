"""What a screen may say over its socket: two things, within bounds; the rest means nothing."""

import msgspec
import pytest

from server.control.renderer_faults import FaultTold, StrapTold
from server.live.said import TimeAsked, read


def test_the_time_is_asked_for_and_a_fault_is_told() -> None:
    assert read(b'{"type":"time","id":7}') == TimeAsked(7)
    told = {
        "type": "fault",
        "overlay": "lower-third",
        "code": "strap",
        "strap": {"name": "Nguyễn Văn A", "titles": ["Bí thư"]},
    }
    assert read(msgspec.json.encode(told)) == FaultTold(
        "lower-third", "strap", strap=StrapTold("Nguyễn Văn A", titles=("Bí thư",))
    )


@pytest.mark.parametrize(
    "message",
    [
        b"", b"hello", b"\xff", b"[]", b'{"type":"time"}', b'{"type":"time","id":-1}', b'{"type":"beat","id":1}',
        b'{"type":"fault"}', b'{"type":"fault","overlay":"total","code":"other"}',
        b'{"type":"fault","overlay":"total","code":"old","count":0}',
        b'{"type":"fault","overlay":"' + b"x" * 41 + b'","code":"old"}',
        b'{"type":"fault","overlay":"total","code":"host_value","what":"' + b"x" * 41 + b'"}',
        b'{"type":"fault","overlay":"lower-third","code":"strap","strap":{"name":"' + b"x" * 81 + b'"}}',
        b'{"type":"fault","overlay":"lower-third","code":"strap","strap":{"name":"A","titles":["1","2","3","4"]}}',
    ],
)  # fmt: skip
def test_anything_else_means_nothing(message: bytes) -> None:
    assert read(message) is None
