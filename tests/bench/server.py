"""The product's server as a process of its own, with two routes more: an endpoint that does nothing, and, where the
bench drives its clock, one that lets time pass.

What a durable POST costs is only known beside what any POST costs on the same server, loop and machine.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.app import App
from server.clock import wall_ms
from server.commands.serve import run
from server.middleware import guard
from server.net.listening import bound
from server.settings import Settings
from streaming.contests.contest import ContestFolder, load_contest, opened_now, shipped_contest
from tests.worlds.clocks import RunningClock

EMPTY_PATH = "/bench/empty"
CLOCK_PATH = "/bench/clock"
DRIVEN = "--driven"
ROWS_PER_S = 1_000_000
"""The limit per source, raised: the bench is one source that sends all it can."""

_ANSWER = b"{}"
_HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_ANSWER)).encode()),
        (b"cache-control", b"no-store"),
    ],
}


class Empty:
    """Reads the body and answers 200 `{}`, with the headers that a participation's answer has."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body", False):
            pass
        await send(_HEAD)
        await send({"type": "http.response.body", "body": _ANSWER})


class BenchApp(App):
    """The app as it is, and the empty endpoint."""

    def routes(self) -> list[BaseRoute]:
        """Every route."""
        first, *others = super().routes()
        return [first, Route(EMPTY_PATH, Empty()), *others]


class DrivenApp(BenchApp):
    """The same by a clock that also goes ahead by the milliseconds that are posted to CLOCK_PATH."""

    def __init__(
        self, settings: Settings, folder: ContestFolder, now_ms: Callable[[], int], on_dead: Callable[[str], None]
    ) -> None:
        self.driven = RunningClock(now_ms())
        super().__init__(settings, folder, self.driven, on_dead, self.driven.elapsed)

    def routes(self) -> list[BaseRoute]:
        """Every route."""
        return [*super().routes(), Route(CLOCK_PATH, self._go, methods=["POST"])]

    async def _go(self, request: Request) -> Response:
        self.driven.go(int(await request.body()))
        self.state.outputs.look()
        self.hub.beat()
        return Response(str(self.driven()))


def serve(data: Path, app_class: type[App] = BenchApp) -> int:
    """Serve the shipped contest, opened now, on a port that the system chooses; prints the address when ready."""
    # The empty endpoint must cost the guard what a participation costs it, neither more nor less.
    guard.BEARER_PATHS = guard.BEARER_PATHS | {EMPTY_PATH, CLOCK_PATH}
    shipped = load_contest(shipped_contest())
    folder = opened_now(shipped, wall_ms())
    settings = Settings(data=data, contest=shipped.path, port=0, rows_per_s=ROWS_PER_S, show="rehearsal")
    listeners = bound(settings.host, 0)
    return run(settings, folder, lambda url: print(f"Ready: {url}", flush=True), listeners, app_class)  # noqa: T201 - a pipe


if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1]), DrivenApp if DRIVEN in sys.argv else BenchApp))
