"""The way to an app in memory, which a test may cut."""

import httpx2

from server.app import App, starlette_of


class Line(httpx2.AsyncBaseTransport):
    """The way to an app; ``fails`` says what becomes of request n: "", "busy", "cut before" or "cut after"."""

    def __init__(self, app: App, fails: dict[int, str] | None = None) -> None:
        self._app = httpx2.ASGITransport(app=starlette_of(app))
        self._fails = fails or {}
        self.requests = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        number, self.requests = self.requests, self.requests + 1
        fails = self._fails.get(number, "")
        if fails == "busy":
            return httpx2.Response(503, headers={"Retry-After": "0"}, json={"detail": "come back"})
        if fails == "cut before":
            raise httpx2.ConnectError("refused")
        response = await self._app.handle_async_request(request)
        await response.aread()
        if fails == "cut after":
            raise httpx2.ReadError("reset")
        return response
