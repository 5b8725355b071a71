"""A server of its own process, for the test of what it logs: prints its port, serves until its input ends."""

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.middleware.guard import Guard
from server.net.websocket import DrainingServer, Socket
from server.ops import logs
from server.routes import live
from tests.worlds.serving import Contest, a_hub, free_port


async def fail(request: Request) -> Response:
    authorization = request.headers.get("authorization")
    raise RuntimeError(f"{request.url.path}?{request.url.query} with {authorization}")


async def main() -> None:
    logs.set_up()
    hub = a_hub()
    routes = [*live.routes(Contest().topics.find, hub), Route("/fail", fail)]
    app = Starlette(routes=routes, middleware=[Middleware(Guard)])
    with free_port() as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False, ws=Socket, lifespan="off", loop="uvloop")
        server = DrainingServer(config, hub.drain)
        serving = asyncio.create_task(server._serve([listening]))
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(main())
