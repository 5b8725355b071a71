"""A hub behind our routes on a real server, for clients that follow it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import websockets
from starlette.applications import Starlette

from server.live.hub import Hub
from server.live.reports import Reports
from server.routes import live
from tests.worlds.serving import Contest, a_hub, serving


@dataclass
class Show:
    contest: Contest
    hub: Hub
    address: str

    def connect(self, path: str = "board", **options: Any) -> websockets.connect:
        return websockets.connect(f"ws://{self.address}/live/{path}", compression=None, **options)

    async def get(self, path: str = "board", **headers: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.get(
                f"http://{self.address}/live/{path}", headers={k.replace("_", "-"): v for k, v in headers.items()}
            )


@asynccontextmanager
async def showing(*, reports: Reports | None = None, **hub_changes: Any) -> AsyncIterator[Show]:
    contest, hub = Contest(), a_hub(**hub_changes)
    app = Starlette(routes=live.routes(contest.topics.find, hub, reports=reports))
    async with serving(app, hub) as address:
        yield Show(contest, hub, address)
