"""A rehearsal is no part of the evening: what was launched, begun and stepped in it is not so after going live."""

from pathlib import Path

import pytest

from server.app import App
from server.control.asked import LaunchAsked, StoreAsked, TakeAsked
from server.control.asked_evening import NextAsked
from server.control.asking import Asked
from streaming.program.errors import NotNow
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS
from tests.worlds.clocks import Clock
from tests.worlds.opened import LAN, opened


def do(app: App, clock: Clock, asked: Asked) -> Output:
    clock.ms += PRESS_AGAIN_MS
    return app.state.outputs.steer(HALL, LAN, asked)


def launch(app: App, clock: Clock) -> Output:
    do(app, clock, TakeAsked(scene="launch"))
    return do(app, clock, LaunchAsked())


def test_it_is_launched_in_rehearsal_and_again_live_and_each_run_keeps_its_own_times(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock, show="rehearsal") as app:
        do(app, clock, NextAsked())
        rehearsed = launch(app, clock)
        assert rehearsed.running.launched == rehearsed.scene.take
        with pytest.raises(NotNow, match="launched"):
            do(app, clock, LaunchAsked())
        live = do(app, clock, StoreAsked(store="live"))
        running = live.running
        assert (running.run, running.began, running.launched, running.on) == (clock.ms, (), None, None)
        assert live.cue is None
        assert live.runs["rehearsal"] == rehearsed.running
        launched = launch(app, clock)
        assert launched.running.launched == launched.scene.take
        assert launched.cue is not None
        assert rehearsed.cue is not None
        assert launched.cue.id > rehearsed.cue.id
    with opened(tmp_path, clock, show="rehearsal") as app:
        kept = app.state.outputs.of(HALL)
        assert kept.store == "live"
        assert kept.running.launched == launched.running.launched
        clock.ms += PRESS_AGAIN_MS
        app.state.outputs.look()
        assert [row.store for row in app.state.shown_log.rows(HALL) if row.what == "launch"] == ["rehearsal", "live"]


def test_a_live_run_is_left_for_the_rehearsal_by_who_says_so_alone(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        # Nothing of a rundown was begun: there is no run to end.
        do(app, clock, StoreAsked(store="rehearsal"))
        do(app, clock, NextAsked())
        do(app, clock, StoreAsked(store="live"))
        began = do(app, clock, NextAsked())
        with pytest.raises(NotNow, match="ends_run"):
            do(app, clock, StoreAsked(store="rehearsal"))
        assert app.state.outputs.of(HALL) == began
        assert do(app, clock, StoreAsked(store="rehearsal", ends_run=True)).store == "rehearsal"
