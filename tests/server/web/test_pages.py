"""Pages: made once for all who ask, within a share of the loop and a bound of bytes, whoever asks for what."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.responses import Response
from structlog.testing import capture_logs

from dashboard.pages import hall, unit
from dashboard.words.words import LANGS
from server.web.allowance import Allowance
from server.web.pages import PAGE_FRESH_S, PAGE_KEPT_S, Pages
from server.web.problems import Problem
from server.web.workshop import Closed, Job, Workshop
from tests.worlds.apps import app_of, client_of
from tests.worlds.starts import real_starts

HALL = ("/", "live", "vi")


@dataclass
class Clock:
    """A clock that moves when somebody works or sleeps."""

    now_s: float = 100.0
    slept_s: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds
        await asyncio.sleep(0)

    def work(self, seconds: float) -> Callable[[], None]:
        def do() -> None:
            self.now_s += seconds

        return do


@dataclass
class Topic:
    """A position, and the pages made at it."""

    position: str = "1"
    made: list[str] = field(default_factory=list)

    def at(self) -> str:
        return self.position

    def make(self) -> Response:
        self.made.append(self.position)
        return Response(self.position)


def text(response: Response) -> str:
    return bytes(response.body).decode()


async def test_a_page_is_made_once_for_a_hall_that_opens_it_together_and_anew_when_it_is_old() -> None:
    clock, topic = Clock(), Topic()
    pages = Pages(clock)

    async def get(position: str) -> str:
        topic.position = position
        return text(await pages.get(HALL, topic.at, topic.make))

    assert [await get("1"), await get("1"), await get("2")] == ["1", "1", "1"]
    clock.now_s += PAGE_FRESH_S
    assert [await get("2"), await get("2")] == ["2", "2"]
    clock.now_s += PAGE_KEPT_S
    assert await get("2") == "2"
    assert topic.made == ["1", "2", "2"]


async def test_an_answer_that_may_not_be_old_is_made_at_each_position() -> None:
    topic, pages = Topic(), Pages(Clock())
    for position in ("1", "1", "2"):
        topic.position = position
        assert text(await pages.get(HALL, topic.at, topic.make, fresh_s=0)) == position
    assert topic.made == ["1", "2"]


async def test_who_asks_while_a_page_is_prepared_gets_that_one() -> None:
    topic, pages, go = Topic(), Pages(Clock()), asyncio.Event()

    async def prepare() -> None:
        await go.wait()

    asking = [asyncio.create_task(pages.get(HALL, topic.at, topic.make, prepare=prepare)) for _ in range(50)]
    await asyncio.sleep(0)
    topic.position = "2"  # A page is made from what stands when its turn has come, not from when it was asked for.
    go.set()
    assert {text(response) for response in await asyncio.gather(*asking)} == {"2"}
    assert topic.made == ["2"]


async def test_a_page_that_fails_or_whose_asker_goes_is_made_by_the_next_who_waits() -> None:
    topic, pages, go = Topic(), Pages(Clock()), asyncio.Event()

    def fail() -> Response:
        raise ValueError("no")

    async def prepare() -> None:
        await go.wait()

    gone = asyncio.create_task(pages.get(HALL, topic.at, topic.make, prepare=prepare))
    await asyncio.sleep(0)
    failing = asyncio.create_task(pages.get(HALL, topic.at, fail))
    patient = asyncio.create_task(pages.get(HALL, topic.at, topic.make))
    await asyncio.sleep(0)
    gone.cancel()
    assert text(await patient) == "1"
    with pytest.raises(ValueError, match="no"):
        await failing
    assert topic.made == ["1"]


async def test_what_is_kept_has_a_bound_in_bytes_and_the_longest_unasked_goes_first() -> None:
    pages = Pages(Clock(), bytes_max=30)
    made: list[str] = []

    async def get(code: str) -> None:
        def make() -> Response:
            made.append(code)
            return Response("x" * 10)

        await pages.get(("/units", code), lambda: "1", make)

    for code in ("a", "b", "c", "a", "d", "a", "b"):
        await get(code)
    assert made == ["a", "b", "c", "d", "b"]


async def test_more_who_wait_than_may_are_told_to_come_again() -> None:
    topic, pages, go = Topic(), Pages(Clock(), waiting_max=2), asyncio.Event()

    async def prepare() -> None:
        await go.wait()

    waiting = [
        asyncio.create_task(pages.get(("/units", code), topic.at, topic.make, prepare=prepare)) for code in ("a", "b")
    ]
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refused:
        await pages.get(("/units", "c"), topic.at, topic.make)
    assert (refused.value.status, refused.value.code, refused.value.retry_after_s) == (503, "busy", 2)
    go.set()
    await asyncio.gather(*waiting)
    assert text(await pages.get(("/units", "c"), topic.at, topic.make)) == "1"


async def test_work_rests_until_it_keeps_to_its_share() -> None:
    clock = Clock()
    allowance = Allowance(clock, clock.sleep, share=0.25, burst_s=0.05)
    await asyncio.gather(*(allowance.do(clock.work(0.01)) for _ in range(100)))
    worked_s = 1.0
    assert sum(clock.slept_s) == pytest.approx((worked_s - 0.05) / 0.25 - worked_s, rel=0.06)
    assert max(clock.slept_s) < 0.1


async def test_a_burst_after_a_rest_does_not_wait() -> None:
    clock = Clock()
    allowance = Allowance(clock, clock.sleep, share=0.25, burst_s=0.05)
    clock.now_s += 1_000
    for _ in range(5):
        await allowance.do(clock.work(0.01))
    assert clock.slept_s == []


async def test_what_is_asked_for_comes_between_the_jobs_of_the_workshop() -> None:
    workshop, done, begins = Workshop(), list[str](), threading.Event()
    jobs: list[Job] = [lambda _pause: begins.wait(), *(lambda _pause: done.append("beforehand") for _ in range(3))]
    others = await workshop.begin_alone(jobs, 0.001)
    asked = asyncio.create_task(workshop.do(lambda _pause: done.append("asked")))
    await asyncio.sleep(0)
    begins.set()
    await asked
    await others
    workshop.close()
    assert done == ["asked", "beforehand", "beforehand", "beforehand"]


async def test_the_workshop_breaks_off_at_a_pause_when_it_closes() -> None:
    workshop, has_begun = Workshop(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def job(pause: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(has_begun.set)
        while True:
            pause()

    endless = asyncio.create_task(workshop.do(job))
    await has_begun.wait()
    workshop.close()
    with pytest.raises(Closed):
        await endless


def test_all_maps_are_laid_out_without_a_rest_before_the_first_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.workshop.WORK_S", 0.0)
    monkeypatch.setattr("server.web.workshop.REST_S", 60.0)
    monkeypatch.setattr("server.app.HEAD_START_S", 60.0)
    app = app_of(tmp_path / "data", lang="en")
    with real_starts(), client_of(app) as client:
        for lang in LANGS:
            edition = app.state.editions.of(lang)
            assert hall.is_prepared(edition)
            assert all(unit.is_prepared(edition, each.code) for each in edition.tree)
        assert client.get("/?frame=1").status_code == 200


async def test_a_start_does_not_wait_for_a_map_that_takes_long_or_fails() -> None:
    workshop, ends, done = Workshop(), threading.Event(), list[str]()
    jobs: list[Job] = [lambda _pause: ends.wait(), lambda _pause: 1 // 0, lambda _pause: done.append("last")]
    others = await workshop.begin_alone(jobs, 0.001)
    assert not others.done()
    ends.set()
    with pytest.raises(ZeroDivisionError):
        await workshop.do(lambda _pause: 1 // 0)
    await others
    assert done == ["last"]
    workshop.close()


async def test_a_server_that_stops_leaves_the_jobs_of_the_workshop() -> None:
    workshop, has_begun, done = Workshop(), asyncio.Event(), list[str]()
    loop = asyncio.get_running_loop()

    def job(pause: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(has_begun.set)
        while True:
            pause()

    with capture_logs() as lines:
        others = await workshop.begin_alone([job, *[lambda _pause: done.append("late")] * 2], 0.001)
        await has_begun.wait()
        workshop.close()
        await others
    assert (done, lines) == ([], [])
    with pytest.raises(Closed):
        await workshop.do(lambda _pause: done.append("late"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/?frame=1&lang=vi", "/?frame=1&lang=xx&foo=1"),
        ("/?frame=1&scene=live", "/?frame=1&scene=nope&scene=live&x=%ff"),
        ("/units/P1?frame=1", "/units/P1?frame=2&lang=klingon&a=b"),
        ("/api/v1/standings", "/api/v1/standings?parent=VN&round=all"),
    ],
)
def test_what_somebody_types_makes_no_new_page(tmp_path: Path, one: str, other: str) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        first = client.get(one)
        kept = len(app.state.pages)
        assert client.get(other).content == first.content
        assert len(app.state.pages) == kept == 1


def test_a_page_is_laid_out_in_the_workshop_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        for path in ("/", "/units/P1", "/units/P1D1X1"):
            client.get(path, params={"frame": "1"})
        editions = app.state.editions
        assert hall.is_prepared(editions.of("vi"))
        assert unit.is_prepared(editions.of("vi"), "P1D1X2")

        def refuse(*_: object) -> None:
            raise AssertionError("laid out again")

        monkeypatch.setattr("dashboard.map.atlas.placed", refuse)
        monkeypatch.setattr("dashboard.words.names.width_em", refuse)
        app.state.pages.forget()
        for path in ("/?frame=1", "/?frame=1&scene=latest", *(f"/units/{code}?frame=1" for code in ("P1", "P1D1X1"))):
            assert client.get(path).status_code == 200


def test_a_page_for_which_there_is_no_room_says_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app) as client:
        monkeypatch.setattr(app.state.pages, "_waiting_max", 0)
        page, program = client.get("/units/P1?frame=1"), client.get("/api/v1/standings")
    assert [answer.status_code for answer in (page, program)] == [503, 503]
    assert [answer.headers["retry-after"] for answer in (page, program)] == ["2", "2"]
    assert page.headers["content-type"].startswith("text/html")
    assert program.headers["content-type"] == "application/problem+json"
