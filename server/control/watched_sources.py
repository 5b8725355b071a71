"""The sources as operators see them: which are heard, which are silent, which are set aside and speak again."""

from collections.abc import Callable, Mapping
from typing import Literal

from server.control.alarms import Alarms
from server.control.silence import Silence
from server.control.watch_state import SourceShown
from streaming.contests.rounds import round_at
from streaming.intake.intake import Intake, SourceCounters
from streaming.pump import Pump

SOURCE_SILENT = "source_silent"
SOURCE_BACK = "source_back"
"""A source that is not waited for speaks again; it stays set aside until somebody waits for it."""


class WatchedSources:
    """The sources of one store. ``heartbeats`` gives, by source that may send, after how many seconds its silence
    alarms, ``titles`` what people call it."""

    def __init__(
        self,
        pump: Pump,
        intake: Intake,
        alarms: Alarms,
        heartbeats: Callable[[], Mapping[str, int]],
        titles: Callable[[], Mapping[str, str]],
    ) -> None:
        self._pump = pump
        self._intake = intake
        self._alarms = alarms
        self._heartbeats = heartbeats
        self._titles = titles
        self.silence = Silence()

    def look(self, now_ms: int) -> tuple[SourceShown, ...]:
        """Every source as it is now; alarms begin and end."""
        heartbeats, heard = self._heartbeats(), self._pump.heard_ms
        is_open = not self._pump.is_behind and round_at(self._pump.rounds, now_ms) is not None
        self.silence.awaits(heartbeats, heard, now_ms, is_open=is_open)
        found, aside = [], self._pump.fold.aside
        for each in aside:
            self._alarms.end(SOURCE_SILENT, each)
        self._alarms.keep(SOURCE_BACK, aside)
        for name in sorted({*heartbeats, *heard, *self._intake.counters}):
            counters = self._intake.counters.get(name, SourceCounters())
            heartbeat_s, heard_ms = heartbeats.get(name), heard.get(name)
            state: Literal["live", "silent", "awaited", "never", "off"] = "off"
            if heartbeat_s is not None:
                state = "awaited" if self._pump.is_behind else "never" if heard_ms is None else "live"
                since_ms = self.silence.since(name, heard_ms, heartbeat_s, now_ms)
                if since_ms is not None:
                    # One that was silent before a start, and is still, is no news.
                    is_known = self._alarms.has(SOURCE_SILENT, name)
                    is_told = is_known or self.silence.may_be_told(heartbeat_s, now_ms)
                    if heard_ms is not None:
                        state = "silent" if is_told else "awaited"
                    if is_told and name not in aside:
                        detail = {"heard": since_ms, "heartbeat_s": heartbeat_s}
                        self._alarms.sound(SOURCE_SILENT, name, now_ms, detail=detail)
                if name in aside and heard_ms is not None and heard_ms > aside[name].at_ms and since_ms is None:
                    self._alarms.sound(SOURCE_BACK, name, now_ms, detail={"at": aside[name].at_ms})
            found.append(SourceShown(
                name, state, heartbeat_s, heard_ms, counters.last_entry_ms, counters.lag_ms,
                counters.accepted, counters.duplicates, dict(counters.rejected),
                self._titles().get(name, ""),
            ))  # fmt: skip
        return tuple(found)
