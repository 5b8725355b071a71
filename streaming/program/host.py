"""The room's line to the presenter."""

from streaming.characters import bad_character_in
from streaming.program.action import Action, Case
from streaming.program.errors import WrongSteering
from streaming.program.output import Output
from streaming.program.state import HostLine

LINE_CHARS_MAX = 280


class Say(Action, frozen=True, kw_only=True):
    """Tells the presenter something, in place of what was told before; an empty text takes it away."""

    did = "host"
    aspect = "host"
    is_urgent = True

    text: str

    def check(self, case: Case) -> None:
        """See whether a host can take it in."""
        if len(self.text.strip()) > LINE_CHARS_MAX or bad_character_in(self.text) is not None:
            expected = f"at most {LINE_CHARS_MAX} characters in one line, none of which is a control character"
            raise WrongSteering("text", self.text, expected)

    def apply(self, case: Case) -> list[Output]:
        """Tell it."""
        text = self.text.strip()
        return [case.output.with_(host=HostLine(case.hand.by, case.at.now_ms, text) if text else None)]
