"""POST /api/v1/participations: the one way in, answered after what is good is on disk."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec
import structlog
from starlette.types import Message, Receive, Scope, Send

from server.auth.checks import Checks
from server.auth.senders import RETRY_S, Full, Senders
from server.auth.signatures import TOLERANCE_S, Malformed, Signature, read_signature
from server.auth.sources import NAME, SOURCE_IN_SCOPE, Grant, Sources
from server.web.problems import problem_of, retry_after
from server.web.rates import Rates
from streaming.errors import ClockWrong, LedgerBusy, LedgerUnavailable
from streaming.intake.bodies import Unreadable
from streaming.intake.intake import Intake, Receipt

log = structlog.get_logger(__name__)

BODY_BYTES_MAX = 4 * 1024 * 1024
"""Of one batch: ITEMS_MAX items of 400 bytes."""
BODY_TIMEOUT_S = 15.0
"""The deadline of a body; a slow one holds memory that others need."""
IDENTITY = frozenset({b"", b"identity"})
"""Content codings of a body that is not compressed."""
STORE_HEADER = b"diem-cau-store"
"""The store that a sender believes its secret is for, "live" or "rehearsal"; refused if it is for the other."""

NAMED = "source"
"""The parameter in which a sender may say which source it is, so that a signature is tried with that one's secrets."""
QUERY_BYTES_MAX = 1_000

Take = Callable[[int], None]
"""Reserves the bytes of a part of a body, or raises a refusal."""

_encoder = msgspec.json.Encoder()
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")


class _Refusal(Exception):  # noqa: N818 - an answer, never leaves this file
    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.code, self.detail, self.headers = status, code, detail, dict(headers or {})
        super().__init__(detail)


class Participations:
    """The ASGI endpoint; plain ASGI because every participation of a ceremony passes here."""

    def __init__(
        self,
        *,
        sources: Callable[[], Sources],
        intake: Callable[[bool], Intake],
        rates: Rates,
        body_bytes_max: int = BODY_BYTES_MAX,
        senders: Senders | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._sources = sources
        self._intake = intake
        self._rates = rates
        self._body_bytes_max = body_bytes_max
        self._senders = senders or Senders(body_bytes_max)
        self._checks = Checks(sources)
        self._now_s = now_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "POST":
                raise _Refusal(405, "method", "expected POST", {"Allow": "POST"})
            grant, receipt = await self._take(scope, receive)
        except _Refusal as refusal:
            await _answer(send, refusal.status, _problem(refusal), _PROBLEM, refusal.headers)
            return
        scope[SOURCE_IN_SCOPE] = grant.source
        await _answer(send, 200, _report(receipt, grant), _JSON, {})

    async def _take(self, scope: Scope, receive: Receive) -> tuple[Grant, Receipt]:
        headers = _headers(scope)
        self._check_head(headers)
        named = _named(scope["query_string"]) if scope["query_string"] else None
        address = (scope.get("client") or ("", 0))[0]
        grant = self._bearer(headers)
        body = None
        if grant is None:
            grant, body = await self._signed(headers, address, named, receive)
        else:
            self._senders.prove(address)
        if named is not None and grant.source != named:
            raise _Refusal(403, "wrong_source", "the secret is not one of the source that the address names")
        self._check_store(headers, grant)
        if wait_s := self._rates.wait_s(grant.source):
            retry = {"Retry-After": str(int(wait_s) + 1)}
            detail = f"more than {self._rates.per_s} rows a second"
            raise _Refusal(429, "too_many_rows", detail, retry)
        if body is None:
            body = await self._read(receive)
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        try:
            receipt = await self._intake(grant.rehearsal).take(grant.source, body, content_type, grant.scope)
        except Unreadable as error:
            self._rates.pay(grant.source, 1)
            raise _refused(error) from None
        except ClockWrong as error:
            log.error("participations not taken", source=grant.source, reason=str(error))
            self._rates.pay(grant.source, 1)
            raise _refused(error) from None
        except (LedgerBusy, LedgerUnavailable) as error:
            log.warning("participations not stored", source=grant.source, reason=str(error))
            retry = {"Retry-After": retry_after(error.retry_after_s)}
            status, code = (429, "busy") if isinstance(error, LedgerBusy) else (503, "not_stored")
            raise _Refusal(status, code, "this is not stored for certain, send the same again", retry) from None
        self._rates.pay(grant.source, receipt.accepted + receipt.duplicates + len(receipt.rejected))
        if conflict := receipt.conflict:
            raise _Refusal(409, conflict.code, conflict.message)
        return grant, receipt

    def _check_head(self, headers: dict[bytes, bytes]) -> None:
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._body_bytes_max:
            raise self._too_large()
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            # By the protocol the request then has no body, and its sender would be told that an empty batch was
            # accepted.
            detail = "the request says nothing of its body, expected Content-Length or Transfer-Encoding: chunked"
            raise _Refusal(411, "no_length", detail, {"Connection": "close"})
        encodings = headers.get(b"content-encoding")
        if encodings and not IDENTITY.issuperset(each.strip() for each in encodings.lower().split(b",")):
            raise _Refusal(415, "content_encoding", "the body is compressed, expected it as it is")

    def _too_large(self) -> _Refusal:
        detail = f"the body is larger than {self._body_bytes_max} bytes, expected several smaller batches"
        return _Refusal(413, "body_too_large", detail, {"Connection": "close"})

    def _bearer(self, headers: dict[bytes, bytes]) -> Grant | None:
        """The grant of a bearer secret; None where a signature is to be checked instead."""
        credentials = headers.get(b"authorization")
        if credentials is None:
            if b"webhook-signature" in headers:
                return None
            raise _unauthorized(
                "missing_secret", "expected Authorization: Bearer SECRET or a Standard Webhooks signature"
            )
        kind, _, secret = credentials.decode("latin-1").partition(" ")
        grant = self._sources().find(secret.strip()) if kind.lower() == "bearer" else None
        if grant is None:
            raise _unauthorized("wrong_secret", "the secret is not one that is in force")
        return grant

    def _compare_clock(self, grant: Grant, signature: Signature) -> None:
        """Compare the time of a valid signature with our clock, and refuse one that is not timely: for now, if most
        sources agree with its time and so our clock is wrong, else for good."""
        intake = self._intake(grant.rehearsal)
        intake.hear_clock(grant.source, round(signature.ahead_s * 1000))
        if signature.is_timely:
            return
        off_ms = intake.witnesses.off_ms
        if off_ms is not None and abs(signature.ahead_s - off_ms / 1000) <= TOLERANCE_S:
            error = ClockWrong(off_ms)
            log.error("participations not taken", source=grant.source, reason=str(error))
            raise _refused(error)
        minutes = TOLERANCE_S // 60
        detail = f"webhook-timestamp is more than {minutes} minutes from this server's clock"
        raise _unauthorized("wrong_signature", detail)

    async def _signed(
        self, headers: dict[bytes, bytes], address: str, named: str | None, receive: Receive
    ) -> tuple[Grant, bytes]:
        """Read a body and find whose secret signed it; a signature that no secret can have made is refused unread."""
        try:
            signature = read_signature(headers, self._now_s())
        except Malformed as error:
            raise _unauthorized("wrong_signature", str(error)) from None
        if not self._sources().trials(named) and not self._sources().trials(named, for_unknown=True):
            raise _unauthorized("wrong_signature", "no secret is in force that could have made this signature")
        length, store = headers.get(b"content-length", b""), headers.get(STORE_HEADER)
        rehearsal = None if store is None else store.lower() == b"rehearsal"
        try:
            with self._senders.reserve(address) as reserve:
                reserve.expect(int(length) if length.isdigit() else 0)
                body = await self._read(receive, reserve.take)
                found = await self._checks.whose(signature, body, reserve, named=named, rehearsal=rehearsal)
                if found is not None and signature.is_timely:
                    reserve.give_back()
        except Full:
            retry = {"Retry-After": str(RETRY_S), "Connection": "close"}
            raise _Refusal(503, "too_many_unknown", "too many signatures wait to be checked", retry) from None
        if found is None:
            raise _unauthorized("wrong_signature", "no secret in force made this signature over this body")
        digest, grant = found
        # A recorded signature may be replayed, so it does not make an address known until its time is checked.
        self._compare_clock(grant, signature)
        self._senders.prove(address, digest)
        return grant, body

    def _check_store(self, headers: dict[bytes, bytes], grant: Grant) -> None:
        expected = headers.get(STORE_HEADER)
        store = "rehearsal" if grant.rehearsal else "live"
        if expected is not None and expected.decode("latin-1").lower() != store:
            kind = "test" if grant.rehearsal else "live"
            raise _Refusal(403, "wrong_store", f"this is a {kind} secret: it writes to the {store} store")

    async def _read(self, receive: Receive, take: Take | None = None) -> bytes:
        # A small body arrives with its head, so most need no timer, which would cost as much as half the checks of an
        # item.
        message = _arrived(receive)
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S) if _is_part(message) else nullcontext():
                return await self._join(message, receive, take)
        except TimeoutError:
            detail = f"the body did not arrive within {BODY_TIMEOUT_S:.0f} s"
            raise _Refusal(408, "too_slow", detail, {"Connection": "close"}) from None

    async def _join(self, message: Message | None, receive: Receive, take: Take | None) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = message or await receive()
            if message["type"] == "http.disconnect":
                raise _Refusal(400, "unreadable", "the body broke off")
            part = message.get("body", b"")
            size += len(part)
            if size > self._body_bytes_max:
                raise self._too_large()
            if take is not None:
                take(len(part))
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)
            message = None


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name; several lines of one are joined by commas (RFC 9110 §5.3), as any proxy may have done."""
    lines: list[tuple[bytes, bytes]] = scope["headers"]
    headers = dict(lines)
    if len(headers) != len(lines):
        for name in headers:
            headers[name] = b", ".join(value for each, value in lines if each == name)
    return headers


def _named(query: bytes) -> str | None:
    """The source that a query string names; other parameters mean nothing here."""
    try:
        parameters = parse_qsl(query[:QUERY_BYTES_MAX].decode("latin-1"), keep_blank_values=True)
    except ValueError:
        parameters = []
    names = {value for name, value in parameters if name == NAMED}
    if len(names) > 1 or not all(NAME.fullmatch(name) for name in names):
        raise _Refusal(400, "wrong_source", f'"{NAMED}" names no source: expected one, as ?{NAMED}=web')
    return next(iter(names), None)


def _arrived(receive: Receive) -> Message | None:
    """The next message if it is there already, None if it has to be waited for; nothing is lost then."""
    waiting = cast("Coroutine[Any, Any, Message]", receive())
    try:
        waiting.send(None)
    except StopIteration as done:
        message: Message = done.value
        return message
    waiting.close()
    return None


def _is_part(message: Message | None) -> bool:
    return message is None or (message["type"] == "http.request" and message.get("more_body", False))


def _unauthorized(code: str, detail: str) -> _Refusal:
    return _Refusal(401, code, detail, {"WWW-Authenticate": "Bearer"})


def _refused(error: Unreadable | ClockWrong) -> _Refusal:
    problem = problem_of(error)
    retry = {} if problem.retry_after_s is None else {"Retry-After": retry_after(problem.retry_after_s)}
    return _Refusal(problem.status, problem.code, problem.detail, retry)


def _report(receipt: Receipt, grant: Grant) -> dict[str, Any]:
    return {
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "rejected": receipt.rejected,
        "outside_rounds": receipt.outside_rounds,
        "seq": receipt.seq,
        "rehearsal": grant.rehearsal,
    }


def _problem(refusal: _Refusal) -> dict[str, Any]:
    title = HTTPStatus(refusal.status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
    }


async def _answer(
    send: Send, status: int, content: dict[str, Any], kind: tuple[bytes, bytes], extra: Mapping[str, str]
) -> None:
    body = _encoder.encode(content)
    headers = [kind, (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    headers += [(name.lower().encode(), value.encode()) for name, value in extra.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
