"""What people see to before a broadcast, and tick by their names: a list of its own beside what the system looks at."""

from typing import Literal, get_args

from streaming.characters import bad_character_in
from streaming.program.action import Action, Case
from streaming.program.errors import WrongSteering
from streaming.program.hands import check_bound
from streaming.program.output import Output
from streaming.program.state import Tick

NOTE_CHARS_MAX = 120
TICK_MS = 12 * 3_600_000
"""A tick of yesterday's rehearsal says nothing of tonight."""

TickedLine = Literal["screens", "points", "host", "telephone", "director", "button", "backup", "spare"]
LINES: tuple[TickedLine, ...] = get_args(TickedLine)


class TickLine(Action, frozen=True, kw_only=True):
    """Ticks a line, or takes the tick away. Whoever holds the output has no say in that."""

    did = "checks"
    aspect = "checks"
    is_urgent = True
    passes_locks = True

    line: TickedLine
    on: bool
    note: str = ""

    def check(self, case: Case) -> None:
        """See whether it is their output, and the note a line."""
        check_bound(case.output, case.hand)
        if len(self.note.strip()) > NOTE_CHARS_MAX or bad_character_in(self.note) is not None:
            expected = f"at most {NOTE_CHARS_MAX} characters in one line, none of which is a control character"
            raise WrongSteering("note", self.note, expected)

    def apply(self, case: Case) -> list[Output]:
        """Change it."""
        ticks = {line: tick for line, tick in case.output.ticks.items() if line != self.line}
        if self.on:
            ticks[self.line] = Tick(case.hand.by, case.at.now_ms, self.note.strip())
        return [case.output.with_(ticks=ticks)]


def holds(tick: Tick | None, now_ms: int) -> bool:
    """Whether a line is ticked, and that is not of another day."""
    return tick is not None and now_ms - tick.at < TICK_MS
