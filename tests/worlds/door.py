"""The endpoint of participations behind the smallest app, on two real ledgers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from starlette.applications import Starlette
from starlette.routing import Route

from server.auth.sources import Sources
from server.routes.api.participations import Participations
from server.web.rates import Rates
from streaming.contests.units import Tree
from streaming.intake.intake import Intake
from streaming.ledger.ledger import Ledger
from tests.worlds.histories import START_MS, UNITS, contest

PATH = "/api/v1/participations"


@dataclass
class Door:
    client: httpx2.AsyncClient
    live: Ledger
    rehearsal: Ledger
    sources: Sources
    secret: str
    test_secret: str
    heard: list[str]

    async def post(self, content: Any, secret: str | None = None, **headers: str) -> httpx2.Response:
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        given = {"authorization": f"Bearer {secret or self.secret}", "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(PATH, content=body, headers={name: v for name, v in given.items() if v})


@asynccontextmanager
async def opened(
    folder: Path, rows_per_s: int = 1_000_000, body_bytes_max: int = 100_000, **limits: Any
) -> AsyncIterator[Door]:
    sources = Sources(folder / "admin.db")
    secret, test_secret = sources.add("web"), sources.add("web", test=True)
    live, rehearsal = (Ledger(folder / name, now_ms=lambda: START_MS) for name in ("ledger.db", "rehearsal.db"))
    ledgers = (live, rehearsal)
    heard: list[str] = []
    for ledger in ledgers:
        ledger.open()
    intakes = [
        Intake(
            ledger,
            tree=lambda: Tree(UNITS),
            rounds=lambda: contest().rounds,
            person_key=b"k" * 32,
            now_ms=lambda: START_MS,
            heard=heard.append,
            items_max=1_000,
        )
        for ledger in ledgers
    ]
    endpoint = Participations(
        sources=lambda: sources,
        intake=lambda rehearsal: intakes[rehearsal],
        rates=Rates(rows_per_s),
        body_bytes_max=body_bytes_max,
        **limits,
    )
    transport = httpx2.ASGITransport(Starlette(routes=[Route(PATH, endpoint)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Door(client, live, rehearsal, sources, secret, test_secret, heard)
    for ledger in ledgers:
        ledger.close()


def item(id_: str = "a", **changes: Any) -> dict[str, Any]:
    return {"id": id_, "kind": "completed", "unit": "A1", "at": "2022-09-08T09:30:00+07:00"} | changes


def problem(response: httpx2.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "code", "detail"}
    assert body["status"] == response.status_code
    assert "Traceback" not in response.text
    return response.status_code, body["code"]
