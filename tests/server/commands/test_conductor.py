"""The demo's operator: it shows the whole evening by itself, and lets go as soon as somebody else steers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from starlette.testclient import TestClient

from server.app import App
from server.commands.conductor import Conductor, Ended
from server.control.asked import StandbyAsked
from streaming.program.names import HALL
from streaming.program.output import Hand
from tests.worlds.apps import LEAF, NOW_MS, client_of, take
from tests.worlds.clocks import Clock
from tests.worlds.roles import app_with_roles


class Demo:
    """A demo's server whose entries come while its operator waits."""

    def __init__(self, app: App, client: TestClient, clock: Clock) -> None:
        self.app, self.clock = app, clock
        client.headers["Authorization"] = f"Bearer {app.keys.add('demo', HALL)}"
        asks = cast("httpx2.Client", client)
        self.conductor = Conductor(asks, now_ms=clock, sleep=self.sleep)
        self.shown: list[str] = []
        self.slept_s = 0.0
        self.meddles_at: str | None = None

    def sleep(self, seconds: float) -> None:
        output = self.app.state.outputs.of(HALL)
        self.shown.append(output.scene.name)
        self.slept_s += seconds
        self.clock.ms += round(seconds * 1000)
        if self.shown[-1] == "live" and "standings" not in self.shown:
            take(self.app.state.live, [(LEAF, "started", f"s{self.slept_s}"), (LEAF, "completed", f"c{self.slept_s}")])
        self.app.state.outputs.look()
        if self.shown[-1] == self.meddles_at:
            self.app.state.outputs.steer(HALL, Hand("account:1"), StandbyAsked(seen=output.version))


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    clock = Clock(NOW_MS)
    app = app_with_roles(tmp_path, now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        yield Demo(app, client, clock)


def test_it_goes_through_the_evening_in_two_minutes_and_stays_at_the_numbers(demo: Demo) -> None:
    demo.conductor.walk()
    shown = [name for at, name in enumerate(demo.shown) if at == 0 or demo.shown[at - 1] != name]
    assert shown[:1] + shown[-6:] == ["standby", "backdrop", "launch", "live", "latest", "standings", "thanks"]
    assert "anthem" in shown
    output = demo.app.state.outputs.of(HALL)
    assert output.scene.name == "live"
    assert len(output.running.began) == len(output.rundown.items)
    assert output.cues
    assert demo.slept_s < 150


def test_it_lets_go_as_soon_as_somebody_else_steers(demo: Demo) -> None:
    demo.meddles_at = "anthem"
    with pytest.raises(Ended):
        demo.conductor.walk()
    assert demo.app.state.outputs.of(HALL).take.by == "account:1"


def test_one_scene_waits_for_something_to_show(demo: Demo) -> None:
    waited: list[Any] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            take(demo.app.state.live, [(LEAF, "completed", "a")])
        demo.clock.ms += 1_000

    demo.conductor._sleep = sleep
    demo.conductor.show("standings")
    assert (demo.app.state.outputs.of(HALL).scene.name, len(waited)) == ("standings", 3)


def test_what_has_nothing_to_show_for_a_minute_is_told(demo: Demo) -> None:
    def sleep(seconds: float) -> None:
        demo.clock.ms += round(seconds * 1000)

    demo.conductor._sleep = sleep
    with pytest.raises(RuntimeError, match="take: "):
        demo.conductor.show("standings")
