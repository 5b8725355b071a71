"""The log: one JSON object a line on standard error, coloured lines on a terminal; no secret, no query, no traceback
that a client can ask for.

Query strings may hold tokens and positions, so paths are logged without them. uvicorn logs the whole path of each
WebSocket on ``uvicorn.error`` whatever its access log is set to, and a traceback for each text that is no UTF-8.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import IO, Any

import structlog

HIDDEN = "[hidden]"
SECRET_KEYS = frozenset({"authorization", "cookie", "secret", "token", "key", "person", "query", "query_string"})
"""Names of fields whose values never reach the log."""

_SECRETS = re.compile(
    r"whsec_[A-Za-z0-9+/=_\-]+|dc[bckp]_[A-Za-z0-9_\-]+|(?<=Bearer )\S+|(?<=Basic )\S+|(?<=/welcome[/#])[\w\-%]+",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+")
_UVICORN = "uvicorn.error"
_SOCKET_LINE = '%s - "WebSocket %s"'
_BY_THE_CLIENT = ("Invalid UTF-8 sequence", "parser failed", "opening handshake failed")
"""Errors that clients can cause at will: logged in one line, without a traceback."""
_EVERY_SOCKET = ("connection open", "connection closed", "connection rejected")
"""Lines of the WebSocket library about each connection; routes/live.py logs the same with the topic."""
_EVERY_REQUEST = ("Invalid HTTP request received", "Unsupported upgrade request")
"""uvicorn's line about each invalid request; it is answered 400 and not logged, since clients can cause it at will."""

Event = MutableMapping[str, Any]


def set_up(stream: IO[str] | None = None, *, as_json: bool | None = None, level: int = logging.INFO) -> None:
    """Send everything that is logged, ours and the libraries', to a stream (standard error).

    ``as_json`` None means JSON unless the stream is a terminal.
    """
    stream = sys.stderr if stream is None else stream
    is_json = not stream.isatty() if as_json is None else as_json
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(is_json=is_json)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    uvicorn = logging.getLogger(_UVICORN)
    uvicorn.filters = [quieten]
    # Its own handlers would print each line a second time, unfiltered.
    for name in ("uvicorn", _UVICORN, "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def quieten(record: logging.LogRecord) -> bool:
    """Whether to log a record of uvicorn; errors caused by clients are shortened."""
    said = str(record.msg)
    if said.startswith((_SOCKET_LINE, *_EVERY_SOCKET, *_EVERY_REQUEST)):
        return False
    if said.startswith(_BY_THE_CLIENT):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Redact fields named as secrets, and secrets and queries within texts."""
    for name, value in event.items():
        if name.lower() in SECRET_KEYS:
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """A text without secrets, credentials and the queries of paths."""
    return _SECRETS.sub(HIDDEN, _QUERY.sub(r"\1", text))


def _renderer(*, is_json: bool) -> structlog.typing.Processor:
    if is_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
