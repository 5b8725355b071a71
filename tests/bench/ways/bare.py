"""The limit: the bytes of one prepared frame by os.write, in a plain loop over the sockets."""

import base64
import hashlib
import os
import select
import socket
import sys
import time
from contextlib import suppress

from server.net.listening import BACKLOG
from server.net.websocket import SEND_BUFFER_BYTES, text_frame
from tests.bench.ways.program import Message, Task, ready, task

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
HEAD_BYTES_MAX = 4096
STEP_S = 1.0
"""A wait for sockets takes no longer than this."""


def answer(request: bytes) -> bytes:
    """The answer to an opening handshake (RFC 6455 §4.2.2).

    Raises:
        ValueError: If it has no key.
    """
    for line in request.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"sec-websocket-key":
            accept = base64.b64encode(hashlib.sha1(value.strip() + GUID, usedforsecurity=False).digest())
            return (
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
    raise ValueError("an opening handshake without a key")


def accept_until_told(listener: socket.socket) -> list[socket.socket]:
    """Answer handshakes until a line, or the end, comes on standard input; returns the open sockets."""
    coming: dict[int, socket.socket] = {}
    opened: list[socket.socket] = []
    events = select.epoll()
    events.register(listener, select.EPOLLIN)
    events.register(sys.stdin, select.EPOLLIN)
    while True:
        for file, _ in events.poll(STEP_S):
            if file == sys.stdin.fileno():
                sys.stdin.readline()
                events.close()
                return opened
            if file == listener.fileno():
                with suppress(BlockingIOError):
                    while True:
                        one, _address = listener.accept()
                        one.setblocking(False)
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
                        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        coming[one.fileno()] = one
                        events.register(one, select.EPOLLIN)
            elif file in coming:
                # The listeners send a handshake in one piece, and nothing before its answer.
                events.unregister(file)
                one = coming.pop(file)
                one.send(answer(one.recv(HEAD_BYTES_MAX)))
                opened.append(one)


def send(opened: list[socket.socket], given: Task) -> None:
    """Send to all at a steady rate, until standard input ends."""
    files = [one.fileno() for one in opened]
    message = Message(given.text)
    began_s = time.monotonic()
    sent = 0
    while True:
        sent += 1
        wait_s = max(0.0, began_s + sent / given.hz - time.monotonic())
        if select.select([sys.stdin], [], [], wait_s)[0]:
            return
        frame = text_frame(message.now())
        for file in files:
            with suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                os.write(file, frame)


def main(given: Task) -> None:
    """Serve."""
    with socket.create_server(("127.0.0.1", given.port), backlog=BACKLOG) as listener:
        listener.setblocking(False)
        ready(os.getpid())
        opened = accept_until_told(listener)
        send(opened, given)


if __name__ == "__main__":
    main(task())
