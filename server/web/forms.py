"""Reads the bodies that our pages send, forms and JSON, within bounds."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import ParamSpec, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect, Request

from server.errors import AdminUnavailable
from server.web.problems import Problem, problem_of
from streaming.errors import shown
from streaming.intake.media_type import read_media_type

FORM_BYTES_MAX = 8 * 1024
FORM_FIELDS_MAX = 20
BODY_TIMEOUT_S = 10.0
FORM_TYPE = "application/x-www-form-urlencoded"

_FIELD = re.compile(r"(?:required|unknown) field `(\w+)`")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; where a name is repeated, the last one.

    Raises:
        Problem: 400, 408, 413 or 415 if it is not a form, arrives too slowly or is too large.
    """
    if media_of(request) != FORM_TYPE:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "no_form", f"expected {FORM_TYPE}")
    body = await body_of(request, FORM_BYTES_MAX)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX))
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "no_form", "the form cannot be read") from None


def media_of(request: Request) -> str:
    """The media type of a request's body, in lower case; "" where the request names none.

    Raises:
        Problem: 415 if it names several, or a charset other than UTF-8.
    """
    said = ", ".join(request.headers.getlist("content-type"))
    try:
        media, charset = read_media_type(said)
    except ValueError as error:
        detail = f"Content-Type {shown(said)}: {error}"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media_type", detail) from None
    if charset:
        detail = f"charset {shown(charset)} is not read here, expected UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "charset", detail)
    return media


async def body_of(request: Request, bytes_max: int, wait_s: float | None = None, *, heard_out: int = 0) -> bytes:
    """The whole body, within ``wait_s``, by default BODY_TIMEOUT_S. Of one that is larger ``heard_out`` bytes are let
    pass by before it is refused: a browser that still sends when it is answered shows no answer.

    Raises:
        Problem: 400, 408 or 413 if it breaks off, comes too slowly or is too large.
    """
    body, passed = bytearray(), 0
    wait_s = BODY_TIMEOUT_S if wait_s is None else wait_s
    too_large = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"body: expected at most {bytes_max} bytes")
    try:
        async with asyncio.timeout(wait_s):
            async for part in request.stream():
                passed += len(part)
                if passed <= bytes_max:
                    body += part
                elif passed > heard_out:
                    raise too_large
    except TimeoutError:
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "too_slow", f"body: expected within {wait_s:.3g} s") from None
    except ClientDisconnect:
        raise Problem(HTTPStatus.BAD_REQUEST, "gone", "the client has gone") from None
    if passed > bytes_max:
        raise too_large
    return bytes(body)


async def json_of(
    request: Request,
    decoder: msgspec.json.Decoder[Result],
    bytes_max: int,
    wait_s: float | None = None,
    *,
    otherwise: bytes = b"",
) -> Result:
    """What a decoder reads of the body, which is JSON whatever it says it is, but never in another charset;
    ``otherwise`` is what an empty body stands for.

    Raises:
        Problem: 422, naming the field, if it is not what the decoder expects; else as ``body_of`` and ``media_of``.
    """
    media_of(request)
    try:
        return decoder.decode(await body_of(request, bytes_max, wait_s) or otherwise)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # "Expected `int`, got `str` - at `$.delta`", "Object missing required field `seen`"
        said, _, where = str(error).partition(" - at `$")
        named = _FIELD.search(said)
        field = where.strip("`.").partition("[")[0] or (named[1] if named else None)
        raise Problem(422, "wrong_value", f"{field or 'body'}: {said}", field=field) from None


async def kept(write: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Run a function that writes to admin.db, in a thread.

    Raises:
        Problem: 503 if the file cannot be written now.
    """
    return await or_busy(asyncio.to_thread(write, *args, **kwargs))


async def or_busy(waited: Awaitable[Result]) -> Result:
    """Await something that writes to admin.db.

    Raises:
        Problem: 503 if the file cannot be written now.
    """
    try:
        return await waited
    except AdminUnavailable as error:
        raise problem_of(error) from error
