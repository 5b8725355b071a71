"""Problems: our errors and Starlette's as problem+json (RFC 9457), and the one table of their statuses."""

from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from server.errors import (
    AdminUnavailable,
    CatchingUp,
    NoData,
    NoRight,
    NoSuchPicture,
    NoSuchStrap,
    NotSignedIn,
    PicturesFull,
    PictureUsed,
    SignInBusy,
    Stale,
    Starting,
    StillWriting,
    StrapChanged,
    StrapsFull,
    UnknownOverlay,
    UnknownUnit,
    WrongPicture,
    WrongStrap,
    WrongTake,
)
from streaming.decisions.decision import Decided
from streaming.errors import ClockWrong, DiemCauError, LedgerBusy, LedgerUnavailable, NotHeld, Undecidable, shown
from streaming.intake.bodies import NotReadHere, TooManyItems, Unreadable
from streaming.points.errors import LineGone, TooManyLines, WrongPoint
from streaming.points.screens import NoSuchScreen
from streaming.program.errors import (
    KeyUsedAgain,
    Locked,
    Moved,
    NotNow,
    OtherOutput,
    PressedTwice,
    UnknownOutput,
    WrongSteering,
)
from streaming.program.state import Done

PROBLEM = "application/problem+json"
ADMIN_RETRY_S = 2.0
VALUE_TOLD_CHARS_MAX = 80
"""Longest part of a rejected value that is echoed to its sender."""


class Problem(DiemCauError):  # noqa: N818 - it is named for the media type that it becomes
    """A request that cannot be answered as asked, as told to a program.

    Raised by routes, middleware and what reads requests for them; the layers below raise errors of their own.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        value: str | None = None,
        expected: str | None = None,
        retry_after_s: float | None = None,
        last: Decided | Done | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.value = value
        self.expected = expected
        self.retry_after_s = retry_after_s
        self.last = last
        super().__init__(detail)


class ProblemBody(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An error on the wire (RFC 9457); ``code`` is the stable name that programs compare."""

    type: str = msgspec.field(name="type")
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    value: str | None = None
    expected: str | None = None


class StaleBody(ProblemBody, kw_only=True):
    """The 409 of a decision that comes too late or too soon; ``last`` is a later decision by somebody else, or the
    account's own one that is still being written."""

    last: Decided


class StaleTakeBody(ProblemBody, kw_only=True):
    """The 409 of steering that comes too late or too soon; ``last`` is what was done to the output, and who did it."""

    last: Done


def wrong_value(field: str, value: str, expected: str) -> Problem:
    """A query parameter with a value that does not exist."""
    detail = f"{field}: found {shown(value)}, expected {expected}"
    return Problem(400, "wrong_value", detail, field=field, value=value[:VALUE_TOLD_CHARS_MAX], expected=expected)


def problem_of(error: Exception) -> Problem:
    """The one mapping of errors to statuses, a subclass before its class."""
    match error:
        case Problem():
            return error
        case Starting():
            return Problem(503, "starting", str(error), retry_after_s=error.retry_after_s)
        case CatchingUp():
            return Problem(503, "catching_up", str(error), retry_after_s=error.retry_after_s)
        case SignInBusy():
            return Problem(429, "busy", str(error), retry_after_s=error.retry_after_s)
        case NotSignedIn():
            return Problem(401, "not_signed_in", str(error))
        case NoRight():
            return Problem(403, "no_right", str(error))
        case UnknownUnit():
            value = error.code[:VALUE_TOLD_CHARS_MAX]
            return Problem(404, "unknown_unit", str(error), field=error.field, value=value)
        case UnknownOutput():
            value = error.name[:VALUE_TOLD_CHARS_MAX]
            return Problem(404, "unknown_output", str(error), field="output", value=value)
        case UnknownOverlay():
            value = error.name[:VALUE_TOLD_CHARS_MAX]
            return Problem(404, "unknown_overlay", str(error), field="overlay", value=value)
        case WrongTake():
            value, expected = error.value[:VALUE_TOLD_CHARS_MAX], error.expected
            return Problem(422, "wrong_value", str(error), field=error.field, value=value, expected=expected)
        case NoData():
            return Problem(409, "no_data", str(error), field="scene", value=error.lacks)
        case WrongPicture():
            value, expected = error.found[:VALUE_TOLD_CHARS_MAX], error.expected
            return Problem(422, error.code, str(error), field=error.field, value=value or None, expected=expected)
        case NoSuchPicture():
            return Problem(404, "unknown_picture", str(error))
        case PicturesFull():
            return Problem(409, "pictures_full", str(error), expected=error.expected)
        case PictureUsed():
            return Problem(409, "picture_used", str(error), value=error.output)
        case WrongStrap():
            value, expected = error.found[:VALUE_TOLD_CHARS_MAX], error.expected
            return Problem(422, error.code, str(error), field=error.field, value=value or None, expected=expected)
        case NoSuchStrap():
            return Problem(404, "unknown_strap", str(error))
        case NoSuchScreen():
            return Problem(404, "unknown_screen", str(error))
        case StrapChanged():
            return Problem(409, "strap_changed", str(error))
        case StrapsFull():
            return Problem(409, "straps_full", str(error), expected=error.expected)
        case PressedTwice():
            return Problem(409, "too_soon", str(error), last=error.last)
        case Moved():
            return Problem(409, "stale", str(error), last=error.last)
        case Locked():
            return Problem(409, "locked", str(error), field="output", value=error.lock.by)
        case OtherOutput():
            return Problem(403, "no_right", str(error))
        case NotNow():
            return Problem(409, error.code, str(error), field=error.field)
        case WrongSteering():
            value, expected = error.value[:VALUE_TOLD_CHARS_MAX], error.expected
            return Problem(422, "wrong_value", str(error), field=error.field, value=value, expected=expected)
        case WrongPoint():
            value, expected = error.value[:VALUE_TOLD_CHARS_MAX], error.expected
            return Problem(422, "wrong_value", str(error), field=error.field, value=value, expected=expected)
        case LineGone():
            return Problem(409, "line_gone", str(error), field="line")
        case TooManyLines():
            return Problem(429, "too_many_lines", str(error), field="line", retry_after_s=error.retry_after_s)
        case KeyUsedAgain():
            return Problem(422, "key_used_again", str(error))
        case NotHeld():
            return Problem(409, "not_held", str(error), field="unit", value=error.unit)
        case StillWriting():
            return Problem(409, "still_writing", str(error), last=error.last)
        case Stale():
            return Problem(409, "stale", str(error), last=error.last)
        case Undecidable():
            return Problem(422, "wrong_value", str(error), field=error.field)
        case TooManyItems():
            return Problem(413, error.code, str(error))
        case NotReadHere():
            return Problem(415, error.code, str(error))
        case Unreadable():
            return Problem(400, error.code, str(error))
        case ClockWrong():
            detail = f"{error}: nothing was stored, send the same again"
            return Problem(503, "clock", detail, retry_after_s=error.retry_after_s)
        case LedgerBusy():
            return Problem(429, "busy", str(error), retry_after_s=error.retry_after_s)
        case LedgerUnavailable():
            return Problem(503, "ledger_unavailable", str(error), retry_after_s=error.retry_after_s)
        case AdminUnavailable():
            # Without the error's own text, which names the folder.
            return Problem(503, "admin_busy", "admin.db cannot be written now", retry_after_s=ADMIN_RETRY_S)
        case HTTPException():
            status = HTTPStatus(error.status_code)
            return Problem(status, status.name.lower(), str(error.detail))
        case _:
            return Problem(500, "internal_error", "The server failed to answer; its log says why.")


def problem_response(problem: Problem) -> Response:
    """A problem as problem+json, with Retry-After where retrying helps."""
    body = ProblemBody(
        type="about:blank",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        field=problem.field,
        value=problem.value,
        expected=problem.expected,
    )
    if isinstance(problem.last, Done):
        body = StaleTakeBody(**msgspec.structs.asdict(body), last=problem.last)
    elif problem.last is not None:
        body = StaleBody(**msgspec.structs.asdict(body), last=problem.last)
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after_s is not None:
        headers["Retry-After"] = retry_after(problem.retry_after_s)
    return Response(msgspec.json.encode(body), problem.status, headers, PROBLEM)


def retry_after(seconds: float) -> str:
    """The value of Retry-After: whole seconds."""
    return str(max(1, round(seconds)))
