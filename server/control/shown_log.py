"""The log of what was shown: every change that was seen on an output, and the marks for whoever cuts the recording.

It is noted in memory at once and written after, as outputs are: nothing on air waits for the disk. While that is full
or slow the last WAITING_MAX rows wait, and an alarm says so.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable

import structlog

from server.folder.kept_shown import KeptShown, Numbered, of_output
from streaming.characters import bad_character_in
from streaming.program.errors import WrongSteering
from streaming.program.output import Output
from streaming.program.shown import MARK_CHARS_MAX, Change, Figures, Shown, changes, fired, last_by, seen

WRITE_RETRY_S = 1.0
SLOW_S = 5.0
"""A write that has taken longer than this is as bad as one that failed."""
WAITING_MAX = 10_000
"""Rows that wait for a disk; of more, the oldest of whatever output has most are lost."""

log = structlog.get_logger(__name__)


class ShownLog:
    """The log of one server. ``figures`` tells the numbers that an output shows now."""

    def __init__(
        self,
        kept: KeptShown,
        *,
        now_ms: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.figures: Callable[[str], Figures] = lambda _output: Figures(0, 0, 0)
        self._kept = kept
        self._now_ms = now_ms
        self._monotonic_s = monotonic_s
        self._last: dict[str, Output] = {}
        self._cues: dict[str, int] = {}
        """The last cue of each output that is in the log."""
        self._givers: dict[str, str] = {}
        """Who gave the cue that each output has."""
        self._next_id = kept.last_id() + 1
        self._waiting: list[Numbered] = []
        self._waiting_since_s = 0.0
        self._has_waiting = asyncio.Event()
        self._failure: str | None = None
        self._lost = 0

    def begin(self, output: Output, before: Output | None) -> None:
        """Go on from what an output showed when an earlier run ended, None where it has never shown anything."""
        if before is None:
            self._note(output, Change("scene", output.take.by))
        else:
            self._last[output.name] = before
            if (cue := fired(before, self._now_ms())) is not None and self._has_launch(before.name, cue.id):
                self._cues[output.name] = cue.id
            self.tell(output)
        self._last[output.name] = output

    def tell(self, output: Output) -> None:
        """Note what has changed on an output."""
        old = self._last.get(output.name)
        if old is not None:
            # A take puts the cue away, be it that nobody has looked since it was seen.
            self._fire(old)
        self._last[output.name] = output
        found = [Change("scene", output.take.by)] if old is None else changes(old, output)
        if output.cue is not None and (old is None or output.cue != old.cue):
            self._givers[output.name] = last_by(output)
        for change in found:
            self._note(output, change)

    def look(self) -> None:
        """Note the cues that are seen by now."""
        for output in [*self._last.values()]:
            self._fire(output)

    def _fire(self, output: Output) -> None:
        cue = fired(output, self._now_ms())
        if cue is not None and self._cues.get(output.name, 0) < cue.id:
            self._cues[output.name] = cue.id
            by = self._givers.get(output.name) or last_by(output)
            self._note(output, Change("launch", by, cue.id), at_ms=output.fires_ms(cue))

    def mark(self, output: Output, by: str, text: str) -> None:
        """Mark this moment for whoever cuts the recording.

        Raises:
            WrongSteering: If the text is none that a line can have.
        """
        if len(text) > MARK_CHARS_MAX:
            raise WrongSteering("text", text, f"at most {MARK_CHARS_MAX} characters, found {len(text)}")
        if (bad := bad_character_in(text)) is not None:
            raise WrongSteering("text", text, f"no control character, found {bad}")
        self._note(output, Change("mark", by), text=text.strip())

    def forget(self, name: str) -> None:
        """An output is no more; what it showed stays."""
        self._last.pop(name, None)
        self._cues.pop(name, None)
        self._givers.pop(name, None)

    def rows(self, output: str | None = None) -> list[Shown]:
        """Everything that one output showed, or all did, in its order; blocks.

        Raises:
            AdminUnavailable: If the file cannot be read now.
        """
        waiting = list(self._waiting)
        found = dict(self._kept.read(output))
        found.update(waiting if output is None else of_output(waiting, output))
        return [found[id_] for id_ in sorted(found)]

    @property
    def fault(self) -> str | None:
        """Why the log is not on disk, as one line without the folder; None while it is, or soon will be."""
        if not self._waiting:
            return None
        if self._failure is None and self._monotonic_s() - self._waiting_since_s > SLOW_S:
            return f"{self._kept.name}: no commit within {SLOW_S:.0f} s"
        return self._failure

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        while True:
            await self._has_waiting.wait()
            rows = list(self._waiting)
            if not self._settle(rows, await asyncio.to_thread(self._kept.append, rows)):
                await asyncio.sleep(WRITE_RETRY_S)

    def close(self) -> None:
        """Write what still waits; there is no loop any more."""
        self._settle(list(self._waiting), self._kept.append(self._waiting))

    def _has_launch(self, output: str, cue: int) -> bool:
        return any((row.what, row.value) == ("launch", cue) for row in self.rows(output))

    def _note(self, output: Output, change: Change, *, at_ms: int | None = None, text: str = "") -> None:
        scene, figures = seen(output), self.figures(output.name)
        item = output.rundown.find(output.running.on)
        run = self._run(output)
        row = Shown(
            at=self._now_ms() if at_ms is None else at_ms, output=output.name, run=run, store=output.store,
            what=change.what, by=change.by, scene=scene.name, settings=scene.settings, step=scene.step,
            seq=figures.seq, started=figures.started, completed=figures.completed,
            item="" if item is None else item.title, value=change.value, text=text,
            overlay=change.overlay, data=dict(change.data),
        )  # fmt: skip
        if not self._waiting:
            self._waiting_since_s = self._monotonic_s()
        self._waiting.append((self._next_id, row))
        self._next_id += 1
        if len(self._waiting) > WAITING_MAX:
            self._lose_one()
        self._has_waiting.set()

    def _lose_one(self) -> None:
        """Let the oldest row go of the output that has most of them, its marks apart: one that changes often, or is
        marked often, pushes out no other's rows."""
        of = [(row.output, row.what == "mark") for _, row in self._waiting]
        ((most, _),) = Counter(of).most_common(1)
        del self._waiting[of.index(most)]
        self._lost += 1

    def _run(self, output: Output) -> int | None:
        """The run that an output is in: its own, or that of what it follows."""
        names = set[str]()
        at: Output | None = output
        while at is not None and at.name not in names:
            if (own := at.runs.get(output.store)) is not None:
                return own.run
            names.add(at.name)
            at = None if at.follows is None else self._last.get(at.follows)
        return None

    def _settle(self, rows: Iterable[Numbered], failure: str | None) -> bool:
        if failure is not None:
            if self._failure is None:
                log.error("log of what was shown not written", reason=failure)
            self._failure = failure
            return False
        if self._failure is not None or self._lost:
            log.info("log of what was shown written again", lost=self._lost)
        self._failure, self._lost = None, 0
        written = {id_ for id_, _ in rows}
        self._waiting = [row for row in self._waiting if row[0] not in written]
        if self._waiting:
            self._waiting_since_s = self._monotonic_s()
        else:
            self._has_waiting.clear()
        return True
