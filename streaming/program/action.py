"""What every action on an output is: its check and its effect. The files beside this one have them, by their sorts.

None of them knows a time of its own, nor whether anybody hears of what it does.
"""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import msgspec

from streaming.program.output import Aspect, At, Hand, Output


class Case(NamedTuple):
    """What an action acts on: every output by its name, the one meant, whose hand it is, and when."""

    outputs: Mapping[str, Output]
    output: Output
    hand: Hand
    at: At


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An action. ``did`` names it wherever it is told that it was done.

    ``aspect`` is what of the output it changes: whoever does it must have seen the last change of that, unless it
    ``is_urgent``. One that is a ``press`` is refused within PRESS_AGAIN_MS of another press of that name.
    """

    did: ClassVar[str]
    aspect: ClassVar[Aspect] = "picture"
    is_urgent: ClassVar[bool] = False
    press: ClassVar[str] = ""
    passes_locks: ClassVar[bool] = False
    """Whether it is for those too who do not hold the output; it then checks for itself."""

    @property
    def reason(self) -> str:
        """Why it is done; an action that asks for it has it as a field."""
        return ""

    def check(self, case: Case) -> None:
        """Check that it can be done as things stand.

        Raises:
            Declined: If not.
        """

    def apply(self, case: Case) -> list[Output]:
        """Every output as it is then, those that stay as they are left out."""
        raise NotImplementedError
