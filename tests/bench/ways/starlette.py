"""A plain Starlette endpoint on stock uvicorn: a loop of send_text over the open sockets."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.bench.ways.program import Task, messages, ready, task


class Server(uvicorn.Server):
    """Says when sockets may come."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start."""
        await super().startup(sockets)
        ready(os.getpid())


def app(given: Task) -> Starlette:
    """The application."""
    clients: set[WebSocket] = set()

    async def follow(client: WebSocket) -> None:
        await client.accept()
        clients.add(client)
        try:
            while True:
                await client.receive_text()
        except WebSocketDisconnect:
            clients.discard(client)

    async def send() -> None:
        async for message in messages(given):
            text = message.decode()
            for client in tuple(clients):
                with suppress(WebSocketDisconnect):
                    await client.send_text(text)
        signal.raise_signal(signal.SIGTERM)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(send())
            yield

    return Starlette(routes=[WebSocketRoute("/live/bench", follow)], lifespan=lifespan)


def main(given: Task) -> None:
    """Serve."""
    config = uvicorn.Config(
        app(given),
        host="127.0.0.1",
        port=given.port,
        loop="uvloop",
        log_level="warning",
        ws_per_message_deflate=False,
    )
    Server(config).run()


if __name__ == "__main__":
    main(task())
