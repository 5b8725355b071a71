"""A socket in memory, for tests of the fan-out."""

from typing import Any, cast

import msgspec

from server.live.audience import Asked
from server.live.hub import Hub
from server.net.websocket import PING_FRAME, Socket, text_frame
from tests.worlds.screen import Screen
from tests.worlds.serving import Contest


class Wire:
    """A socket in memory: keeps what is written, is full after ``room`` frames, tells its follower as ours does."""

    def __init__(self, room: int | None = None) -> None:
        self.follower: Any = None
        self.is_paused = False
        self.heard_bytes = 1
        self.waiting_bytes = 0
        self.answers = True
        self.reason = ""
        self.aborted = False
        self.room = room
        self.frames: list[bytes] = []

    def write(self, frame: bytes) -> None:
        assert not self.is_paused, "written to past pause_writing"
        assert not self.aborted, "written to after it was cut off"
        if frame == PING_FRAME:
            self.heard_bytes = 2 * self.answers
            return
        self.frames.append(frame)
        if self.room is not None and len(self.frames) >= self.room:
            self.pause()

    def pause(self) -> None:
        if not self.is_paused:
            self.is_paused = True
            if self.follower is not None:
                self.follower.paused()

    def drain(self) -> None:
        if self.is_paused:
            self.room = None
            self.is_paused = False
            self.follower.resumed()

    def close(self, _code: int, reason: str) -> None:
        self.reason = reason
        self.follower.left()

    def abort(self) -> None:
        self.aborted = True
        self.follower.left()


def join(hub: Hub, stage: Contest, wire: Wire, name: str = "board", output: str | None = None, **position: Any) -> None:
    topic = stage.topics.find(name)
    assert topic is not None
    asked = None if output is None else Asked(output, name)
    wire.follower = hub.join(topic, cast("Socket", wire), position.get("epoch"), position.get("seq"), asked=asked)


def screen_of(wire: Wire) -> Screen:
    """A screen that got what was written to the wire."""
    screen = Screen()
    for frame in frames_of(wire):
        screen.take(msgspec.json.encode(frame))
    assert not screen.asks_again
    return screen


def frames_of(wire: Wire) -> list[dict[str, Any]]:
    """The number frames that were written to the wire."""
    frames = [msgspec.json.decode(unframed(frame), type=dict[str, Any]) for frame in wire.frames]
    return [frame for frame in frames if frame["type"] != "beat"]


def unframed(frame: bytes) -> bytes:
    size = frame[1]
    start = 2 if size < 126 else 4 if size == 126 else 10
    assert text_frame(frame[start:]) == frame
    return frame[start:]


def fresh(stage: Contest, name: str = "board") -> Screen:
    topic = stage.topics.find(name)
    assert topic is not None
    screen = Screen()
    screen.take(topic.snapshot())
    return screen
