"""`websockets.broadcast()` on the asyncio server of the websockets library, on uvloop."""

import os

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from server.net.listening import BACKLOG
from tests.bench.ways.program import Task, messages, ready, task


async def follow(connection: ServerConnection) -> None:
    """Keep a connection until the client goes."""
    await connection.wait_closed()


async def main(given: Task) -> None:
    """Serve."""
    async with serve(follow, "127.0.0.1", given.port, compression=None, backlog=BACKLOG) as server:
        ready(os.getpid())
        async for message in messages(given):
            broadcast(server.connections, message.decode())


if __name__ == "__main__":
    uvloop.run(main(task()))
