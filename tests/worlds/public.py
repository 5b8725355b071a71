"""Everything that anybody may ask of an app, walked as somebody who is not signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.exports.feed_files import FORMS
from dashboard.overlays.overlays import BY_NAME as OVERLAYS
from dashboard.scenes.scenes import SCENES
from dashboard.words.words import LANGS
from server.app import App
from server.auth.roles import right_of
from server.web.allowance import Allowance
from server.web.pages import Pages
from streaming.participation import Kind
from streaming.topics.topic import Topic
from tests.worlds.apps import LEAF, UNIT, app_of, client_of, take
from tests.worlds.whole import sized

TOKEN = "a-token-for-the-metrics"  # noqa: S105 - of these tests alone
NAMES = [scene.name for scene in SCENES]
FOLLOWED = ("board", "round/1", "breakdown", f"unit/{UNIT}", f"unit/{LEAF}")
POLLED = tuple(f"/live/{name}" for name in FOLLOWED)
FEEDS = "/api/v1/feeds/"
POSITIONS = 12
"""Positions from which a topic is asked; what is kept back comes from row 6 on."""
TIMES = re.compile(r"^process_|^#|^diemcau_beats")
"""Metrics that move with the time alone, or with whatever the machine does."""
NOW = re.compile(r'data-now-ms="\d+"|data-gauge="clock">[\d:]+')
"""What pages say of the time of day, which is no secret."""
OLD: list[tuple[str, Kind, str | None]] = [
    (LEAF, "completed", "old"), ("P1D1X2", "completed", None), (LEAF, "started", None)
]  # fmt: skip


class Public:
    """An app with entries in it, walked as somebody who is not signed in."""

    def __init__(self, app: App, client: TestClient) -> None:
        self.app = app
        self.client = client
        tree = app.folder.contest.tree
        above = tree.path(LEAF)
        near = {*above, *(child.code for code in above for child in tree.children(code))}
        # Where something moves, and whom it is ranked with; every other unit with --whole.
        self.codes = [unit.code for unit in tree if sized(unit.code in near, whole=True)]

    def topics(self) -> Iterator[Topic]:
        for store in self.app.state.stores:
            for code in self.codes:
                store.topic(f"unit/{code}")
            yield from store.pump.topics.all
        yield from (program.topic for program in self.app.state.outputs.programs)

    def addresses(self, route: Route) -> Iterator[str]:
        """Every address that a route has, as far as numbers can stand there."""
        path = route.path
        if path.startswith("/static/") or "GET" not in (route.methods or ()):
            return
        if path == "/":
            yield from (f"/?scene={scene}&lang={lang}&frame=1" for scene in NAMES for lang in LANGS)
        elif "{topic" in path:
            yield from (f"/live/{topic.name}" for topic in self.topics())
        elif "{code}" in path:
            yield from (path.replace("{code}", code) + "?frame=1" for code in self.codes)
        elif path == "/api/v1/standings":
            for code in self.codes:
                for extra in ("", "&round=1", "&by=participants", "&by=rate", "&rehearsal=1"):
                    yield f"{path}?parent={code}{extra}"
        elif path.startswith(FEEDS):
            yield from self.feeds(path)
        elif path == "/scenes/{name}":
            yield from (f"/scenes/{scene}" for scene in NAMES)
            yield from (f"/scenes/unit?unit={code}" for code in self.codes)
        elif path == "/overlays/{name}":
            yield from (f"/overlays/{name}?frame=1" for name in OVERLAYS)
        elif path.startswith("/overlays/{name}/"):
            # Pages and packages to be taken away, of which the strap has each.
            yield path.replace("{name}", "lower-third")
        elif path != "/metrics":
            yield re.sub(r"\{\w+\}", "x", path)

    def feeds(self, path: str) -> Iterator[str]:
        """Every address of a feed; of the forms that say the same, one for each unit."""
        if path == f"{FEEDS}total.{{form}}":
            yield from (f"{FEEDS}total.{form}{asked}" for form in FORMS for asked in ("", "?rehearsal=1", "?round=1"))
            return
        tree = self.app.folder.contest.tree
        for code in self.codes:
            if path == f"{FEEDS}unit.{{form}}":
                yield f"{FEEDS}unit.json?unit={code}"
            elif tree.children(code):
                asked = f"?parent={code}&rows=9"
                yield from (f"{FEEDS}standings.{form}{asked}" for form in FORMS)
                yield from (f"{FEEDS}standings.json{asked}&{more}" for more in ("by=rate", "round=1", "rehearsal=1"))

    def forget(self) -> None:
        """Have every page made anew."""
        self.app.state.pages.forget()
        self.app.state.chosen_pages.forget()

    def walk(self) -> dict[str, str | int]:
        """Everything that can be asked: its status, position and text, of metrics all but TIMES."""
        self.forget()  # A page is kept for half a second; what is made anew must not tell either.
        found: dict[str, str | int] = {}
        for route in self.app.routes():
            if isinstance(route, Route) and right_of(route.endpoint) is None:
                for address in self.addresses(route):
                    answer = self.client.get(address)
                    found[address] = _said(answer)
                    if address in POLLED:
                        found |= self.positions(address, answer.json()["epoch"])
        metrics = self.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert metrics.status_code == 200
        found["/metrics"] = "\n".join(line for line in metrics.text.splitlines() if not TIMES.search(line))
        return found

    def positions(self, address: str, epoch: str) -> dict[str, int]:
        """What is answered to who polls a topic from each position, those of rows that are kept back among them."""
        tags = [f'W/"{epoch}-{seq}"' for seq in range(POSITIONS)]
        return {
            f"{address} {tag}": self.client.get(address, headers={"If-None-Match": tag}).status_code for tag in tags
        }

    def of_output(self, name: str) -> dict[str, str]:
        """Everything that can be asked of one output: its topic, its numbers, its page."""
        self.forget()
        numbers = [f"{address}?out={name}" for address in POLLED]
        ranked = [f"/api/v1/standings?out={name}", f"/units/{UNIT}?out={name}&frame=1"]
        ranked += [f"/points/{UNIT}?out={name}&frame=1"]
        ranked += [f"{FEEDS}total.json?out={name}", f"{FEEDS}standings.xml?out={name}"]
        pages = [f"/?out={name}&frame=1", *(f"/scenes/{scene}?out={name}" for scene in NAMES)]
        found = {}
        for address in (f"/live/program/{name}", *numbers, *ranked, *pages):
            answer = self.client.get(address)
            found[address] = _said(answer)
        return found


def _said(answer: httpx2.Response) -> str:
    return f"{answer.status_code} {answer.headers.get('etag')} {NOW.sub('', answer.text)}"


@contextmanager
def public(folder: Path, **given: Any) -> Iterator[Public]:
    """An app with a few entries, and whoever walks it."""
    app = app_of(folder, metrics_token=TOKEN, **given)
    with client_of(app) as client:
        # What is walked is what stands on pages, and not how long they take: on a busy machine the first may use up the
        # share of many seconds, and the next be told to come again.
        app.state.pages, app.state.chosen_pages = (Pages(allowance=Allowance(lambda: 0.0)) for _ in range(2))
        take(app.state.live, OLD)
        yield Public(app, client)
