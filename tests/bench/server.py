"""The product's server as a process of its own, with one route more: an endpoint that does nothing.

What a durable POST costs is only known beside what any POST costs on the same server, loop and machine.
"""

import sys
from pathlib import Path

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.app import App
from server.clock import wall_ms
from server.commands.serve import run
from server.middleware import guard
from server.net.listening import bound
from server.settings import Settings
from streaming.contests.contest import load_contest, opened_now, shipped_contest

EMPTY_PATH = "/bench/empty"
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


def serve(data: Path) -> int:
    """Serve the shipped contest, opened now, on a port that the system chooses; prints the address when ready."""
    # The empty endpoint must cost the guard what a participation costs it, neither more nor less.
    guard.BEARER_PATHS = guard.BEARER_PATHS | {EMPTY_PATH}
    shipped = load_contest(shipped_contest())
    folder = opened_now(shipped, wall_ms())
    settings = Settings(data=data, contest=shipped.path, port=0, rows_per_s=ROWS_PER_S, show="rehearsal")
    listeners = bound(settings.host, 0)
    return run(settings, folder, lambda url: print(f"Ready: {url}", flush=True), listeners, BenchApp)  # noqa: T201 - a pipe


if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1])))
