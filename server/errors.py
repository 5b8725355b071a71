"""What goes wrong in the server beside requests. One table, ``server/web/problems.py``, turns each into an answer."""

from streaming.decisions.decision import Decided
from streaming.errors import Declined, DiemCauError, shown

CATCHING_UP_RETRY_S = 5
STARTING_RETRY_S = 1
SIGN_IN_RETRY_S = 5


class SettingsError(DiemCauError):
    """A setting that cannot be used as it stands; the start stops with EXIT_SETTINGS."""


class AdminUnavailable(DiemCauError):  # noqa: N818 - a state of the file, which passes or is mended
    """admin.db cannot be read or written now: nothing was changed."""


# For now.


class Starting(Declined):
    """The data folder is not open yet, or no more; ask again after ``retry_after_s``."""

    retry_after_s = STARTING_RETRY_S

    def __init__(self) -> None:
        super().__init__("the server is starting or stopping")


class CatchingUp(Declined):
    """The fold does not know all rows yet; ask again after ``retry_after_s``."""

    retry_after_s = CATCHING_UP_RETRY_S

    def __init__(self, message: str = "the ledger is being replayed") -> None:
        super().__init__(message)


class SignInBusy(Declined):
    """Too many passwords wait to be hashed; this was no try. Ask again after ``retry_after_s``."""

    retry_after_s = SIGN_IN_RETRY_S

    def __init__(self) -> None:
        super().__init__("too many sign in at once")


# For whoever asks.


class NotSignedIn(Declined):
    """An account is needed, and nobody is signed in."""

    def __init__(self) -> None:
        super().__init__("sign in first, at /sign-in")


class NoRight(Declined):
    """The account may not do this, or not here."""


# Of what was asked.


class UnknownUnit(Declined):
    """There is no unit of ``code``; ``field`` is what it was asked for as."""

    def __init__(self, field: str, code: str) -> None:
        self.field = field
        self.code = code
        super().__init__(f"{field}: there is no such unit")


class WrongTake(Declined):
    """A scene that there is not, or a setting that it cannot have: ``field`` is ``value``, ``expected`` says what it
    could be."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        self.field = field
        self.value = value
        self.expected = expected
        super().__init__(f"{field}: found {shown(value)}, expected {expected}")


class UnknownOverlay(Declined):
    """There is no overlay of a ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("overlay: there is no such overlay")


class NoData(Declined):
    """A ``scene`` that has nothing to show yet; ``lacks`` names what it waits for."""

    def __init__(self, scene: str, lacks: str) -> None:
        self.scene = scene
        self.lacks = lacks
        super().__init__(f"scene: {scene} has nothing to show yet ({lacks})")


class WrongPicture(Declined):
    """A file that holds no picture to be shown: ``code`` is why, ``found`` what was found instead of what was
    ``expected``, "" where that can only be told as a whole."""

    def __init__(self, code: str, expected: str, found: str, field: str = "file") -> None:
        self.code = code
        self.field = field
        self.found = found
        self.expected = expected
        super().__init__(f"{field}: {f'found {shown(found)}, ' if found else ''}expected {expected}")


class NoSuchPicture(Declined):
    """There is no picture of this digest, or no more."""

    def __init__(self) -> None:
        super().__init__("there is no such picture")


class PicturesFull(Declined):
    """There is no room for another picture."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        super().__init__(f"expected {expected}: remove one that nobody needs first")


class PictureUsed(Declined):
    """A picture that ``output`` shows, or is to."""

    def __init__(self, output: str) -> None:
        self.output = output
        super().__init__(f"{output} shows it, or has it prepared or in its rundown")


class WrongStrap(Declined):
    """A strap that cannot be shown, or is there already: ``code`` is why, of which ``field``, what was found and what
    was expected."""

    def __init__(self, code: str, field: str, found: str, expected: str) -> None:
        self.code = code
        self.field = field
        self.found = found
        self.expected = expected
        super().__init__(f"{field}: {f'found {shown(found)}, ' if found else ''}expected {expected}")


class NoSuchStrap(Declined):
    """There is no strap of this id, or no more."""

    def __init__(self) -> None:
        super().__init__("there is no such strap")


class StrapChanged(Declined):
    """A strap, or the list of them, is not as who asks has seen it."""

    def __init__(self) -> None:
        super().__init__("it was changed since: look again")


class StrapsFull(Declined):
    """There is no room for another strap."""

    def __init__(self, count_max: int) -> None:
        self.expected = f"at most {count_max} straps"
        super().__init__(f"expected {self.expected}: remove one that nobody needs first")


class Stale(Declined):
    """Somebody else has decided since the operator looked; ``last`` is what they decided. The next look ends it."""

    def __init__(self, last: Decided, decided: str = "decided since") -> None:
        self.last = last
        super().__init__(f"{last.by} {decided}: {last.kind} of {last.unit or 'everything'}")


class StillWriting(Stale):
    """The operator's own last decision is still being written: it acts once the ledger has it, and should the ledger
    refuse it, the next one is taken."""

    def __init__(self, last: Decided) -> None:
        super().__init__(last, "decided, and that is still being written")
