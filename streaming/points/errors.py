"""What is refused of what points say of themselves, and of the roll call."""

from streaming.errors import Declined, shown


class WrongPoint(Declined):
    """A value that cannot be: ``field`` is ``value``, ``expected`` says what it could be."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        self.field = field
        self.value = str(value)
        self.expected = expected
        super().__init__(f"{field}: found {shown(self.value)}, expected {expected}")


class LineGone(Declined):
    """The line that was looked at is not the point's last one, or there is none."""

    def __init__(self) -> None:
        super().__init__("line: the point has sent another one since, or none")


class TooManyLines(Declined):
    """A point that sends line after line; the next is taken after ``retry_after_s``."""

    def __init__(self, lines_max: int, window_s: int, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"line: at most {lines_max} of a point in {window_s} s")
