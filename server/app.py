"""The ASGI app, past 350 lines by its table of routes: all wiring, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from dashboard.logos import served
from dashboard.made import made, show
from dashboard.overlays.themes import themes_of
from dashboard.pages import ahead
from dashboard.scenes import own, trial
from dashboard.theme.theme import theme_of
from server.auth.cookies import Cookies
from server.auth.keys import Keys
from server.auth.roles import POINT_BY, Asker, PointKey, Stage, StageKey
from server.auth.sign_in import Auth
from server.auth.sources import Sources
from server.auth.topic_rights import REHEARSAL, may_follow, topic_right
from server.clock import Timekeeper, elapsed_ms, wall_ms
from server.control.renderer_faults import FaultTold, Renderer
from server.errors import Starting
from server.folder.files import ADMIN_FILE
from server.live.hub import Hub
from server.live.reports import Reports
from server.middleware.edge import Edge, answer_error
from server.middleware.guard import LIVE_PATHS, Guard
from server.middleware.hosts import Hosts
from server.middleware.proxies import Proxies
from server.net.connections import CONNECTIONS_SHARE, Connections
from server.ops import metrics
from server.routes import health, live, pictures, reports, static, theme
from server.routes.api import (
    checks,
    decisions,
    entries,
    feeds,
    me,
    openapi,
    outputs,
    point_lists,
    points,
    rundown_files,
    standings,
    strap_files,
    straps,
    units,
)
from server.routes.api import overlays as api_overlays
from server.routes.api import pictures as api_pictures
from server.routes.api import screens as api_screens
from server.routes.api import shown as api_shown
from server.routes.api.participations import Participations
from server.routes.live import MADE_HEADER, SHOW_HEADER
from server.routes.pages import (
    accounts,
    button,
    control,
    evidence,
    links,
    overlays,
    point_doors,
    point_phones,
    point_screens,
    point_sheet,
    presenter,
    program,
    registry,
    screens,
    self_tests,
    shown,
    sign_in,
    stage,
    steered_overlays,
)  # fmt: skip
from server.routes.pages import checks as pages_checks
from server.routes.pages import pictures as page_of_pictures
from server.routes.pages import points as page_of_points
from server.routes.pages import sheet as page_of_sheet
from server.routes.pages import straps as page_of_straps
from server.settings import Settings, open_files_max
from server.state import Lifespan, State, open_state
from server.web.rates import Rates
from server.web.workshop import HEAD_START_S
from streaming.contests.contest import ContestFolder, load_contest
from streaming.contests.theme_files import text_of
from streaming.errors import Declined, DiemCauError, one_line
from streaming.intake.intake import Intake
from streaming.points.screen import ScreenReport
from streaming.points.screens import Screens
from streaming.points.topics import POINTS
from streaming.program.names import HALL
from streaming.topics.topic import Topic

PARTICIPATIONS = "/api/v1/participations"

log = structlog.get_logger(__name__)


class App:
    """One server: what ``create_app`` wires, and the state that its lifespan opens.

    ``on_dead`` is told which task has died; whoever runs the app must then end the process, because uvicorn goes on
    serving without it. ``failure`` says then, and after ``close``, what failed and what to do.
    """

    def __init__(
        self,
        settings: Settings,
        folder: ContestFolder,
        now_ms: Callable[[], int],
        on_dead: Callable[[str], None],
        elapsed_ms: Callable[[], int] = elapsed_ms,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.clock = Timekeeper(now_ms, elapsed_ms)
        self.now_ms = now_ms = self.clock.now_ms
        self.made = made(folder, settings.lang)
        self.told = {MADE_HEADER: self.made, SHOW_HEADER: show(rehearsal=settings.show == "rehearsal")}
        self.connections = Connections(
            int(open_files_max() * CONNECTIONS_SHARE), settings.connections_per_address_cap, proxies=settings.proxies
        )
        self.keys = Keys(settings.data / ADMIN_FILE, now_ms=now_ms)
        self.auth = Auth(settings.data / ADMIN_FILE, now_ms=now_ms)
        self.hub = Hub(
            sockets_max=settings.sockets_cap,
            sockets_per_address_max=settings.sockets_per_address_max,
            handshakes_per_s=settings.handshakes_per_s,
            now_ms=now_ms,
            in_force=self.is_key_in_force,
            session_in_force=self.auth.sessions.in_force,
            told=self._says(),
        )
        self.screens = Screens()
        self.participations = Participations(
            sources=self._sources,
            intake=self._intake,
            rates=Rates(settings.rows_per_s),
            body_bytes_max=settings.body_bytes_max,
        )
        self.hub.on_revoked = self._hear_revoked
        self.failure: str | None = None
        self._on_dead = on_dead
        self._state: State | None = None
        self._cookies: Cookies | None = None

    @property
    def state(self) -> State:
        """The open state.

        Raises:
            Starting: While the app has not started, and when it has stopped.
        """
        if self._state is None:
            raise Starting
        return self._state

    def cookies(self) -> Cookies | None:
        """The cookies of the data folder, None until it is open."""
        return self._cookies

    def open(self) -> State:
        """Open the data folder; the lifespan does it unless it was done before. See ``open_state`` for its errors.

        Raises:
            ContestError: If a logo of the contest cannot be shown.
        """
        if self._state is None:
            served(self.folder)
            self._state = open_state(
                self.settings, self.folder, self.hub, self.clock, self.keys, self.auth.accounts.names, self.screens
            )
            self._cookies = self._state.cookies
            self._state.outputs.numbers.on_other = self._follow_others
            self._say_store(self._state)
            self.auth.devices = self._state.devices
            try:
                self.auth.accounts.make()
            except BaseException:
                self.close()
                raise
        return self._state

    def close(self) -> None:
        """Close what ``open`` opened."""
        if self._state is not None:
            self._state.close()
            self.failure = self._state.failure or self.failure
            self._state = None

    def routes(self) -> list[BaseRoute]:
        """Every route."""
        told = Reports(self.screens, self.now_ms, self.behind)
        return [
            Route(PARTICIPATIONS, self.participations, name="participations"),
            *units.routes(),
            *standings.routes(),
            *feeds.routes(),
            *openapi.routes(),
            *reports.routes(told),
            *live.routes(self.find_topic, self.hub, self.may_follow, self.find_numbers, told, self.hear_fault),
            *sign_in.routes(self.auth),
            *accounts.routes(self.auth, self.folder.contest.tree),
            *decisions.routes(),
            *entries.routes(),
            *me.routes(),
            *outputs.routes(),
            *api_overlays.routes(),
            *api_screens.routes(),
            *checks.routes(),
            *pages_checks.routes(),
            *api_shown.routes(self.auth.accounts.names),
            *api_pictures.routes(),
            *rundown_files.routes(),
            *straps.routes(),
            *point_lists.routes(),
            *points.routes(),
            *strap_files.routes(),
            *control.routes(),
            *program.routes(self.auth.accounts.names),
            *steered_overlays.routes(self.auth.accounts.names),
            *page_of_pictures.routes(),
            *page_of_points.routes(self.auth.accounts.names),
            *page_of_straps.routes(self.auth.accounts.names),
            *shown.routes(self.auth.accounts.names),
            *page_of_sheet.routes(),
            *registry.routes(self.auth.accounts.names),
            *evidence.routes(self.auth.accounts.names),
            *presenter.routes(),
            *stage.routes(self.keys, {"presenter": presenter.show_for_key, "button": button.show_for_key}),
            *links.routes(self.keys),
            *point_doors.routes(),
            *point_sheet.routes(),
            *health.routes(),
            *metrics.routes(
                self.hub,
                lambda: self._state.stores if self._state else (),
                self.connections,
                self.settings.metrics_token,
            ),
            *static.routes(),
            *theme.routes(),
            *pictures.routes(),
            *screens.routes(),
            *point_phones.routes(),
            *point_screens.routes(),
            *self_tests.routes(),
            *overlays.routes(),
        ]

    def find_topic(self, name: str) -> Topic | None:
        """The topic of a name, whoever asks; those of the rehearsal store begin with "rehearsal/", those of programs
        have one name whatever numbers they show."""
        if (found := self.state.outputs.find(name) or self.state.registry.find(name)) is not None:
            return found
        if name == POINTS or name.startswith(f"{POINTS}/"):
            return self.state.points.topic(name.partition("/")[2] or None)
        is_rehearsal = name.startswith(REHEARSAL)
        return self.state.store(rehearsal=is_rehearsal).find_topic(name.removeprefix(REHEARSAL))

    def find_numbers(self, output: str, name: str) -> Topic | None:
        """A topic of numbers as an output shows them, by its name without "rehearsal/".

        Raises:
            UnknownOutput: If there is no such output.
        """
        return self.state.outputs.find_numbers(output, name)

    def behind(self, report: ScreenReport) -> int | None:
        """By how many rows its topic is ahead of where a screen says that it stands."""
        # Anybody may say anything: what is not public is not even looked up, for that would make it.
        if topic_right(report.topic) is not None:
            return None
        try:
            topic = self.find_numbers(report.out, report.topic) if report.out else self.find_topic(report.topic)
        except Declined:
            return None
        if report.seq is None or topic is None or not topic.is_public or topic.epoch != report.epoch:
            return None
        return max(0, topic.seq - report.seq)

    def may_follow(self, asker: Asker | None, name: str) -> None:
        """Let an account or a tablet, None for nobody, follow the topic of a name.

        Raises:
            NotSignedIn, NoRight: If it may not.
        """
        may_follow(asker, name, self.folder.contest.tree)

    def hear_fault(self, topic: str, renderer: Renderer, told: FaultTold) -> None:
        """Hear of a screen that follows the topic of an output what went wrong on it."""
        if self._state is not None:
            self._state.outputs.renderer_faults.hear(topic, renderer, told)

    def hear_wrong_key(self, key: str, path: str) -> None:
        """Hear that a screen key was shown that is not in force: once it was, or whoever shows it is a stranger."""
        name = self.keys.revoked(key)
        if name is not None:
            self._hear_revoked(path.removeprefix(LIVE_PATHS), name)

    def _hear_revoked(self, topic: str, key: str) -> None:
        if self._state is not None:
            self._state.outputs.renderer_faults.hear_revoked(topic, key)

    def find_pass(self, stage: Stage, shown: str) -> StageKey | None:
        """The key of a tablet's pass, None for one that is not in force, and until the data folder is open."""
        return self._state.passes.find(stage, shown) if self._state else None

    def find_point_pass(self, unit: str, shown: str) -> PointKey | None:
        """The key of a connection point's pass, None for one that is not in force, and until the data folder is
        open."""
        return self._state.point_keys.find_pass(unit, shown) if self._state else None

    def is_key_in_force(self, name: str) -> bool:
        """Whether the key of a name by which topics are followed is in force: a screen's, a tablet's or a point's."""
        if name.startswith(POINT_BY):
            return self._state is not None and self._state.point_keys.in_force(name)
        return self.keys.in_force(name)

    def _follow_others(self, output: str) -> None:
        self.hub.move(output, partial(self.find_numbers, output))
        if output == HALL:
            self._say_store(self.state)

    def _say_store(self, state: State) -> None:
        """Tell pages which store they are to show now: the control room's load themselves anew."""
        self.told[SHOW_HEADER] = show(rehearsal=state.shown.rehearsal)
        self.hub.say(self._says())

    def _says(self) -> dict[str, str]:
        return {"made": self.made, "show": self.told[SHOW_HEADER]}

    def _sources(self) -> Sources:
        return self.state.sources

    def _intake(self, is_rehearsal: bool) -> Intake:
        return self.state.store(rehearsal=is_rehearsal).intake

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[Lifespan]:
        """Open, run pumps and heartbeat, close."""
        state = self.open()
        seqs = {store.name: store.ledger.head for store in state.stores}
        log.info("open", contest=self.folder.contest.id, show=state.shown.name, rows=seqs)
        await self._take_theme(state)
        laying_out: asyncio.Task[None] | None = None
        try:
            jobs = ahead.jobs(state.editions, self.settings.lang)
            laying_out = await state.workshop.begin_alone(jobs, HEAD_START_S)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._watch(name, run)) for name, run in self._runs(state)]
                state.is_ready = True
                yield {"diemcau": state}
                state.is_ready = False
                for task in tasks:
                    task.cancel()
        finally:
            if laying_out is not None:
                laying_out.cancel()
            self.close()

    async def _take_theme(self, state: State) -> None:
        """Try the contest's own scenes, and say what of its theme is not used."""
        for fault in theme_of(self.folder).faults:
            log.warning("theme not used", fault=fault)
        for fault in themes_of(self.folder).faults:
            log.warning("overlay theme not used", fault=fault)
        for doubt in themes_of(self.folder).doubts:
            log.warning("overlay theme hard to read", doubt=doubt)
        tried = await asyncio.to_thread(trial.faults, self.folder)
        for scene, fault in tried.items():
            if fault:
                log.warning("theme scene not used", scene=scene, fault=fault)
            else:
                source = text_of(self.folder.theme.files[own.file_of(scene)], scene)
                state.editions.accept(scene, own.compiled(scene, source))

    def _runs(self, state: State) -> list[tuple[str, Coroutine[Any, Any, object]]]:
        runs: list[tuple[str, Coroutine[Any, Any, object]]] = [
            ("heartbeat", self.hub.run()),
            ("sessions", self.auth.sessions.run()),
            ("outputs", state.outputs.run()),
            ("points", state.points.run()),
            ("withdrawals", state.withdrawals.run()),
            ("openings", state.openings.run()),
            ("screens", state.registry.run()),
        ]
        for store in state.stores:
            runs.append((f"{store.name} pump", store.pump.run()))
            runs.append((f"{store.name} ledger", store.ledger.until_failed()))
            runs.append((f"{store.name} watch", store.watch.run()))
        return runs

    async def _watch(self, name: str, run: Coroutine[Any, Any, object]) -> None:
        """Run a task that must never end; when it does, say so and have the process ended."""
        try:
            await run
            log.critical("task ended", task=name)
        except Exception as error:
            log.critical("task died", task=name, exc_info=True)
            if isinstance(error, DiemCauError):
                self.failure = f"{name}: {one_line(str(error))}"
        self.state.died = name
        self._on_dead(name)


def create_app(
    settings: Settings,
    *,
    folder: ContestFolder | None = None,
    now_ms: Callable[[], int] = wall_ms,
    on_dead: Callable[[str], None] = lambda _name: None,
) -> Starlette:
    """Make an app on a data folder. ``folder`` is the contest if it is not to be read from the settings' folder.

    Raises:
        ContestError: If the contest folder cannot be used.
    """
    return starlette_of(App(settings, folder or load_contest(settings.contest), now_ms, on_dead))


def starlette_of(app: App) -> Starlette:
    """The ASGI application of an App."""
    made = Starlette(
        routes=app.routes(),
        lifespan=app.lifespan,
        middleware=[
            Middleware(Hosts, hosts=app.settings.hosts),
            *([Middleware(Proxies, app.settings.proxies)] if app.settings.proxies else []),
            Middleware(
                Guard,
                allowed_origins=app.settings.allowed_origins,
                find_key=app.keys.find,
                find_session=app.auth.sessions.find,
                find_control_key=app.keys.find_control,
                find_pass=app.find_pass,
                find_point_pass=app.find_point_pass,
                on_wrong_key=app.hear_wrong_key,
                cookies=app.cookies,
                told=app.told,
            ),
            Middleware(Edge, direct={PARTICIPATIONS: app.participations}),
        ],
        exception_handlers={HTTPException: answer_error},
    )
    # A redirect would name http and our own port to a screen that came by https through a proxy.
    made.router.redirect_slashes = False
    return made
