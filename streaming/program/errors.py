"""What is refused of steering, and why; what is on air stays on air."""

from typing import TYPE_CHECKING

from streaming.errors import Declined

if TYPE_CHECKING:
    from streaming.program.state import Done, Lock


class UnknownOutput(Declined):
    """There is no output of a ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("output: there is no such output")


class Moved(Declined):
    """The output is not as whoever steers has seen it: ``last`` is what was done to it since, and who did it."""

    def __init__(self, last: "Done", said: str = "seen") -> None:
        self.last = last
        done = f"has put {last.scene.name} on air" if last.scene else f"did {last.did}"
        super().__init__(f"{said}: {last.by} {done}, which is version {last.version}")


class PressedTwice(Moved):
    """What comes within PRESS_AGAIN_MS of another press."""

    def __init__(self, last: "Done") -> None:
        super().__init__(last, "pressed twice")


class Locked(Declined):
    """Somebody holds the output: ``lock`` says who."""

    def __init__(self, lock: "Lock") -> None:
        self.lock = lock
        super().__init__(f"output: {lock.by} holds it")


class OtherOutput(Declined):
    """Who steers is bound to another output."""

    def __init__(self, output: str) -> None:
        super().__init__(f"output: this is for {output} alone")


class NotNow(Declined):
    """What cannot be done as the output stands; ``code`` names why for programs, ``field`` of what where that says
    more."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        self.code = code
        self.field = field
        super().__init__(message)


class WrongSteering(Declined):
    """A value that cannot be: ``field`` is ``value``, ``expected`` says what it could be."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        self.field = field
        self.value = str(value)
        self.expected = expected
        super().__init__(f"{field}: expected {expected}")


class KeyUsedAgain(Declined):
    """An Idempotency-Key that has named another action before."""

    def __init__(self) -> None:
        super().__init__("Idempotency-Key: it has named another action before")
