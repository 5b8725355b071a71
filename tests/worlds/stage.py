"""Tablets on stage before an app in memory."""

from itertools import count
from typing import Any

from starlette.testclient import TestClient

from server.app import App
from server.auth.roles import STAGE_PATHS, Stage
from tests.worlds.apps import beside
from tests.worlds.people import WRITES

_numbers = count(1)


class Tablet:
    """A browser that has opened a link of the stage."""

    def __init__(self, client: TestClient, app: App, stage: Stage, key: str = "", host: str = "testclient") -> None:
        self.output, self.stage, self.name = "hall", stage, f"{stage}-{next(_numbers)}"
        self.key = key or app.keys.add(self.name, self.output, stage=stage)
        self.client = beside(client, host)
        self.opened = self.open()

    def open(self, key: str = "") -> Any:
        """Open the link, as its page's script does."""
        form = {"token": f"http://127.0.0.1:8000{STAGE_PATHS[self.stage]}#{key or self.key}"}
        return self.client.post(STAGE_PATHS[self.stage], data=form, headers=WRITES, follow_redirects=False)

    def page(self) -> Any:
        """The page that it shows."""
        return self.client.get(STAGE_PATHS[self.stage])

    def follow(self, topic: str) -> Any:
        """What it is answered of a topic."""
        return self.client.get(f"/live/{topic}?as=key:{self.name}", headers=WRITES)

    def do(self, what: str, **body: Any) -> Any:
        """Ask something of its output."""
        path = f"/api/v1/outputs/{self.output}/{what}?as=key:{self.name}"
        return self.client.post(path, json=body, headers=WRITES)
