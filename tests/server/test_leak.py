"""Held is held: what the gate keeps back shows in nothing that anybody may ask, neither as a number nor as a move."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.screens import HALL_SCENES
from dashboard.words import LANGS
from server.app import App
from server.roles import right_of, topic_right
from server.store import Store
from streaming.rows import Draft
from streaming.topics import Topic
from tests.server.apps import NOW_MS, app_of, client_of, take

TOKEN = "a-token-for-the-metrics"  # noqa: S105 - of this test alone
LEAF, UNIT = "P1D1X1", "P1D1"
TIMES = re.compile(r"_seconds|_created|^process_|^#|^diemcau_beats")

Keep = Callable[[Store], None]


def decide(store: Store, **decision: object) -> None:
    store.ledger.append_now([Draft("decision", "account:1", None, None, msgspec.json.encode(decision))])
    store.pump.replay()


def arrive(store: Store) -> None:
    """What is to be kept back: entries of new people, in every column, at the leaf."""
    take(store, [(LEAF, "completed", f"new-{number}") for number in range(7)])
    take(store, [(LEAF, "started", None)] * 5)
    take(store, [(LEAF, "registered", None)] * 3)


def hold_all(store: Store) -> None:
    decide(store, kind="hold", unit=None)
    arrive(store)


def final(store: Store) -> None:
    decide(store, kind="hold", unit=None, final=True)
    arrive(store)


def hold_unit(store: Store) -> None:
    decide(store, kind="hold", unit=UNIT)
    arrive(store)


def quarantine(store: Store) -> None:
    head = store.ledger.head
    decide(store, kind="quarantine", entries=[["web", f"e{head + 1 + number}"] for number in range(7)])
    take(store, [(LEAF, "completed", f"new-{number}") for number in range(7)])


def delay(store: Store) -> None:
    decide(store, kind="delay", delay_ms=600_000)
    arrive(store)


def schedule(store: Store) -> None:
    closes_ms = store.contest.rounds[0].closes_ms
    decide(store, kind="schedule", round=1, before_close_ms=min(closes_ms - NOW_MS, 604_800_000), delay_ms=None)
    arrive(store)


def correction(store: Store) -> None:
    decide(store, kind="hold", unit=UNIT)
    decide(store, kind="correction", unit=LEAF, round=1, column="completed", delta=40, labelled=True, reason="nhập bù")


def void(store: Store) -> None:
    decide(store, kind="hold", unit=UNIT)
    decide(store, kind="void", entries=[["web", "e1"]], reason="trùng")


def milestone_under_hold(store: Store) -> None:
    decide(store, kind="hold", unit=None)
    decide(store, kind="milestone", value=10)
    arrive(store)


KEEPS: list[Keep] = [hold_all, final, hold_unit, quarantine, delay, schedule, correction, void, milestone_under_hold]


class Public:
    """An app with entries in it, walked as somebody who is not signed in."""

    def __init__(self, app: App, client: TestClient) -> None:
        self.app = app
        self.client = client
        self.codes = [unit.code for unit in app.folder.contest.tree]

    def topics(self) -> Iterator[Topic]:
        for store in self.app.state.stores:
            for code in self.codes:
                store.topic(f"unit/{code}")
            yield from store.pump.topics.all

    def addresses(self, route: Route) -> Iterator[str]:
        """Every address that a route has, as far as numbers can stand there."""
        path = route.path
        if path.startswith("/static/") or "GET" not in (route.methods or ()):
            return
        if path == "/":
            yield from (f"/?scene={scene}&lang={lang}" for scene in HALL_SCENES for lang in LANGS)
        elif "{topic" in path:
            yield from (f"/live/{topic.name}" for topic in self.topics())
        elif "{code}" in path:
            yield from (path.replace("{code}", code) for code in self.codes)
        elif path == "/api/v1/standings":
            for code in self.codes:
                for extra in ("", "&round=1", "&by=participants", "&by=rate", "&rehearsal=1"):
                    yield f"{path}?parent={code}{extra}"
        elif path != "/metrics":
            yield re.sub(r"\{\w+\}", "x", path)

    def walk(self) -> dict[str, str]:
        """Everything that can be asked: its status, position and text, times aside."""
        self.app.state.pages._pages.clear()  # A page is kept for half a second; what is made anew must not tell either.
        found = {}
        for route in self.app.routes():
            if isinstance(route, Route) and right_of(route.endpoint) is None:
                for address in self.addresses(route):
                    answer = self.client.get(address)
                    text = re.sub(r'"\w*(?:age|lag)\w*":[\d.e-]+', "", answer.text)
                    found[address] = f"{answer.status_code} {answer.headers.get('etag')} {text}"
        metrics = self.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert metrics.status_code == 200
        found["/metrics"] = "\n".join(line for line in metrics.text.splitlines() if not TIMES.search(line))
        return found


@contextmanager
def public(folder: Path) -> Iterator[Public]:
    app = app_of(folder, metrics_token=TOKEN)
    with client_of(app) as client:
        take(app.state.live, [(LEAF, "completed", "old"), ("P1D1X2", "completed", None), (LEAF, "started", None)])
        yield Public(app, client)


@pytest.mark.parametrize("keep", KEEPS, ids=lambda keep: keep.__name__)
def test_what_is_kept_back_is_nowhere(keep: Keep, tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        live = seen.app.state.live
        told: list[str] = []
        operators: list[str] = []
        before: dict[str, str] = {}
        replay = live.pump.replay

        def replay_and_look() -> None:
            replay()
            # The decision itself may be seen: it moves the position. What comes after it may not.
            if not before and live.pump.fold.decided is not None:
                before.update(seen.walk())
                for topic in seen.topics():
                    topic.listeners.add(partial(tell, topic.name))
                # An operator watches: what goes to them is counted in no metric.
                live.topic("control").listeners.add(partial(tell_operator, "control"))

        def tell(name: str, *_frame: object) -> None:
            told.append(name)

        def tell_operator(name: str, *_frame: object) -> None:
            operators.append(name)

        live.pump.replay = replay_and_look  # type: ignore[method-assign] # to look right after the decision
        whole = {
            scope: {code: list(n) for code, n in table.items()} for scope, table in live.pump.fold.whole.counts.items()
        }
        keep(live)
        assert before, "the decision was not seen"
        assert live.pump.fold.whole.counts != whole, "nothing was kept back"
        after = seen.walk()
        assert {address: text for address, text in after.items() if before[address] != text} == {}
        assert told == []
        assert operators


def test_the_walk_sees_what_is_let_through(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        before = seen.walk()
        take(seen.app.state.live, [(LEAF, "completed", None)])
        after = seen.walk()
        moved = {address for address in before if before[address] != after[address]}
        assert {"/live/board", "/live/round/1", f"/live/unit/{LEAF}", "/?scene=live&lang=vi", f"/units/{UNIT}"} <= moved
        assert f"/api/v1/standings?parent={UNIT}" in moved


def test_every_topic_that_anybody_may_follow_is_walked(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        names = {topic.name for topic in seen.topics()}
        assert {"board", "round/1", "breakdown", f"unit/{LEAF}", "rehearsal/board"} <= names
        assert all(topic_right(name) is None for name in names)
