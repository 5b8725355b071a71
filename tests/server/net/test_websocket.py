"""The protocol subclass: what it leans on in uvicorn, and the frames it prepares."""

import inspect

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from server.net.websocket import text_frame

BLAME = f"uvicorn {uvicorn.__version__} has changed what server/net/websocket.py leans on"

METHODS = {
    "connection_made": ["self", "transport"],
    "connection_lost": ["self", "exc"],
    "handle_connect": ["self", "event"],
    "handle_close": ["self", "event"],
    "handle_ping": ["self"],
    "data_received": ["self", "data"],
    "eof_received": ["self"],
    "on_task_complete": ["self", "task"],
    "handle_parser_exception": ["self"],
    "keepalive_timeout": ["self"],
    "pause_writing": ["self"],
    "resume_writing": ["self"],
    "shutdown": ["self"],
    "run_asgi": ["self"],
    "send": ["self", "message"],
    "send_receive_event_to_app": ["self"],
}
ATTRIBUTES = [
    "transport", "queue", "conn", "loop", "handshake_complete", "close_sent", "disconnected", "close_timer",
    "close_timeout", "initial_response", "read_paused", "writable",
    "frames", "curr_msg_data_type",
]  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_uvicorn_has_the_method(name: str) -> None:
    method = getattr(WebSocketsSansIOProtocol, name, None)
    assert method is not None, f"{BLAME}: no method {name}"
    assert list(inspect.signature(method).parameters) == METHODS[name], f"{BLAME}: other parameters of {name}"


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_uvicorn_sets_the_attribute(name: str) -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.__init__)
    assert f"self.{name} " in source or f"self.{name}:" in source, f"{BLAME}: no attribute {name}"


def test_the_scope_is_made_before_the_application_runs() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.handle_connect)
    assert "self.scope: WebSocketScope = {" in source, f"{BLAME}: the scope is made elsewhere"
    assert '"extensions": {' in source, f"{BLAME}: the scope has no extensions"
    assert "create_task(self.run_asgi())" in source, f"{BLAME}: the application may run before the scope is complete"


def test_a_connection_whose_application_returned_stays_open_while_a_close_timer_runs() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.run_asgi)
    assert "if self.close_timer is None:\n            self.transport.close()" in source, f"{BLAME}: when it closes"


def test_nothing_but_the_application_needs_its_scope_and_request() -> None:
    users = {"handle_connect", "run_asgi", "send"}
    for name, method in inspect.getmembers(WebSocketsSansIOProtocol, inspect.isfunction):
        for attribute in ("self.scope", "self.request", "self.response"):
            assert name in users or attribute not in inspect.getsource(method), f"{BLAME}: {name} uses {attribute}"


def test_a_server_hands_its_shutdown_over() -> None:
    parameters = list(inspect.signature(uvicorn.Server.shutdown).parameters)
    assert parameters == ["self", "sockets"], f"{BLAME}: Server.shutdown{parameters}"


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_prepared_frame_is_what_websockets_would_send(size: int) -> None:
    payload = b"x" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)
