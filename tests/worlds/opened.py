"""An app that is open and not served, with the clock in the test's hand, and what is pressed in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from server.app import App
from server.control.asked import TakeAsked
from server.control.outputs import Outputs
from streaming.program.names import HALL
from streaming.program.output import Hand, Output
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import app_of
from tests.worlds.clocks import Clock

LAN = Hand("account:1")


@contextmanager
def opened(data: Path, clock: Clock, **settings: Any) -> Iterator[App]:
    app = app_of(data, now_ms=clock, elapsed_ms=clock.elapsed, **settings)
    app.open()
    try:
        yield app
    finally:
        app.close()


def asked(outputs: Outputs, scene: str, **settings: Any) -> TakeAsked:
    raw = {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in settings.items()}
    return TakeAsked(scene=scene, seen=outputs.of(HALL).version, settings=raw)


def press(app: App, clock: Clock, scene: str, **settings: Any) -> Output:
    clock.ms += PRESS_AGAIN_MS
    outputs = app.state.outputs
    return outputs.steer(HALL, LAN, asked(outputs, scene, **settings))
