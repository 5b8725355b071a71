"""A small server for pages: the product's templates and static files, and topics that a test moves by hand."""

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import inline, static
from dashboard.overlays.address import read
from dashboard.overlays.overlays import BY_NAME as OVERLAYS
from dashboard.overlays.themes import themes_of
from dashboard.page import Following
from dashboard.pages import hall, overlay, point, presenter, unit
from dashboard.pages.script import script_of
from dashboard.scenes.scenes import BY_NAME
from dashboard.scenes.units import UnitSettings
from dashboard.theme.theme import theme_of
from dashboard.words.words import lang_of
from server.routes.pages.overlays import OF_PAGE
from server.routes.static import IMMUTABLE, MEDIA_TYPES
from server.web.render import fragment, page
from streaming.contests.contest import ContestFolder
from streaming.program.points import PointsAired
from streaming.program.presenter import PresenterState
from streaming.program.state import Cue, KeptOut, OverlayOnAir, ProgramState, SceneOnAir, Showing
from streaming.topics.frames import Frame, encode
from streaming.topics.state import State
from tests.browser.numbers import rows_of, topic_frame
from tests.worlds.editions import edition
from tests.worlds.ports import kept_port

CSP = (
    f"default-src 'self'; script-src 'self' {inline.policy()}; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'"
)
UNKEPT = {"Cache-Control": "no-store"}
FOR_GOOD = {"Cache-Control": IMMUTABLE}
SHOWS = Showing("live", 0, frozen=False)
ON_AIR = SceneOnAir("live", {"lead": "completed"}, take=1, since=1)
"""What the hall shows, for pages that follow it."""
ALL_SHOWN = {name: OverlayOnAir(True, {}, 0, 1, 1) for name in OVERLAYS}
BEAT_S = 0.5
QUICK_BEAT_MS = 200
"""Scenes repaint their figures this often, so that tests need not wait for seconds."""
_BEAT = re.compile(r'data-beat-ms="\d+"')


class Stand:
    """Serves the pages of one contest; `show` gives every topic its next frame."""

    def __init__(
        self, folder: ContestFolder, frame_of: Callable[[str], Frame], now_ms: int, beat_ms: int, port: int
    ) -> None:
        """Scenes have this beat; their own where it is 0."""
        self.folder = folder
        self.beat_ms = beat_ms
        self.frame_of = frame_of
        self.now_ms = now_ms
        self.refuse_sockets = False
        self.on_air: SceneOnAir | None = None
        self.points: PointsAired | None = None
        """What the hall's pages show that are asked for no scene; None for what the board suggests."""
        self.beside = {
            "program/hall": state_frame(
                "program/hall", ProgramState(scene=ON_AIR, output=SHOWS, overlays=ALL_SHOWN), now_ms
            ),
            "program/points": state_frame("program/points", ProgramState(scene=ON_AIR, output=SHOWS), now_ms),
            "presenter/hall": state_frame("presenter/hall", PresenterState(), now_ms),
        }
        """Topics that tell no numbers."""
        self.port = port
        self._queues: list[tuple[str, asyncio.Queue[bytes]]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address without a closing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve; again on the same port after a stop."""
        app = Starlette(
            routes=[
                Route("/", self._hall),
                Route("/units/{code}", self._unit),
                Route("/points/{code}", self._point),
                Route("/words/{path:path}", self._words),
                Route("/control/presenter", self._presenter),
                Route("/scenes/{name}", self._scene),
                Route("/overlays/{name}", self._overlay),
                Route("/static/{digest}/{path:path}", self._static),
                Route("/theme/{digest}/{name}", self._theme),
                Route("/theme/{digest}/overlays/{name}", self._overlay_theme),
                Route("/live/{topic:path}", self._get),
                WebSocketRoute("/live/{topic:path}", self._socket),
            ]
        )
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, log_level="error", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """End at once, with all sockets."""
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        self._queues.clear()

    def put(self, on_air: SceneOnAir, cue: Cue | None = None, points: PointsAired | None = None) -> None:
        """Put a scene on air, a cue that is played, and points that are connected, for the pages that are opened from
        then on."""
        self.on_air, self.points = on_air, points
        state = ProgramState(scene=on_air, cue=cue, output=SHOWS, points=points)
        for topic in ("program/hall", "program/points"):
            self.beside[topic] = state_frame(topic, state, self.now_ms)

    def tell(self, topic: str, state: State) -> None:
        """Let a topic that tells no numbers say something else."""
        before = self.beside[topic]
        self.beside[topic] = state_frame(topic, state, self.now_ms, seq=before.seq + 1)
        self.show(self.beside[topic])

    def show(self, frame: Frame) -> None:
        """Send a frame to the followers of its topic."""
        payload = encode(frame)
        assert self._loop is not None
        for topic, queue in list(self._queues):
            if topic == frame.topic:
                self._loop.call_soon_threadsafe(queue.put_nowait, payload)

    @property
    def followers(self) -> int:
        """Sockets that are open."""
        return len(self._queues)

    def _page(self, template: str, values: dict[str, Any]) -> Response:
        answer = page(template, values)
        answer.body = self._quick(bytes(answer.body).decode()).encode()
        answer.headers["Content-Length"] = str(len(answer.body))
        answer.headers["Content-Security-Policy"] = CSP
        return answer

    async def _hall(self, request: Request) -> Response:
        query, follows = request.query_params, None
        if self.on_air is not None and "scene" not in query:
            follows = Following("hall", SHOWS, self.on_air, self.points)
        values = hall.page(
            self.frame_of("board"), edition(self.folder, lang_of(query.get("lang"))), scene=query.get("scene"),
            follows=follows, now_ms=self.now_ms, frame_of=self.frame_of,
        )  # fmt: skip
        return self._page("screens/hall.html", values)

    async def _scene(self, request: Request) -> Response:
        cut = hall.cut_of(
            self.frame_of("board"), edition(self.folder, lang_of(request.query_params.get("lang"))), self.now_ms,
            frame_of=self.frame_of,
        )  # fmt: skip
        scene, query = BY_NAME[request.path_params["name"]], request.query_params
        on_air = (self.on_air or ON_AIR) if "item" in query else None
        settings = UnitSettings(query["unit"]) if "unit" in query else None
        return fragment(self._quick(hall.fragment(scene, cut, on_air, settings)))

    async def _overlay(self, request: Request) -> Response:
        found, query = OVERLAYS[request.path_params["name"]], request.query_params
        shown_in = edition(self.folder, lang_of(query.get("lang")))
        if found.name == "map":
            # A server has laid it out before it answers, whatever was asked for first.
            shown_in.map(shown_in.tree.root.code)
        cut = hall.cut_of(self.frame_of("board"), shown_in, self.now_ms, "hall", frame_of=self.frame_of)
        asked = read(found, query.multi_items(), OF_PAGE)
        theme = themes_of(self.folder).known(query.get("theme"))
        if "piece" in query:
            return fragment(overlay.painted(found, asked.settings, cut, kept_out=self.kept_out))
        shown = (self.overlays or {}).get(found.name)
        follows = Following("hall", SHOWS, ON_AIR)
        values = overlay.page(
            found, cut, asked, follows=follows, shown=shown, cleared=0, kept_out=self.kept_out, theme=theme,
            asks_theme="theme" in query,
        )  # fmt: skip
        return self._page("overlays/page.html", values)

    @property
    def kept_out(self) -> tuple[KeptOut, ...]:
        """The boxes that overlays keep out of."""
        return msgspec.convert(self.beside["program/hall"].state.get("kept_out") or (), tuple[KeptOut, ...])

    @property
    def overlays(self) -> Mapping[str, OverlayOnAir] | None:
        """What is shown over another picture."""
        return msgspec.convert(self.beside["program/hall"].state.get("overlays"), dict[str, OverlayOnAir] | None)

    def _quick(self, text: str) -> str:
        return _BEAT.sub(f'data-beat-ms="{self.beat_ms}"', text) if self.beat_ms else text

    async def _presenter(self, request: Request) -> Response:
        lang = lang_of(request.query_params.get("lang"))
        board, own = self.frame_of("board"), edition(self.folder, lang)
        reader = presenter.Reader("account:1", by_link=False, sees_room=True)
        followed = Following("hall", SHOWS, ON_AIR)
        values = presenter.page(board, self.beside["presenter/hall"], own, reader, followed, now_ms=self.now_ms)
        return self._page("stage/presenter.html", values)

    async def _unit(self, request: Request) -> Response:
        code = request.path_params["code"]
        lang = lang_of(request.query_params.get("lang"))
        frame = self.frame_of(f"unit/{code}")
        return self._page("units/unit.html", unit.page(frame, edition(self.folder, lang), code, now_ms=self.now_ms))

    async def _point(self, request: Request) -> Response:
        code, query = request.path_params["code"], request.query_params
        values = point.page(
            self.frame_of("board"), self.frame_of(f"unit/{code}"), edition(self.folder, lang_of(query.get("lang"))),
            code, me=f"point:{code}", follows=Following("points", SHOWS, self.on_air or ON_AIR), now_ms=self.now_ms,
            frame_of=self.frame_of,
        )  # fmt: skip
        return self._page("points/screen.html", values)

    async def _words(self, request: Request) -> Response:
        lang = "en" if request.path_params["path"].endswith("en.js") else "vi"
        return Response(script_of(edition(self.folder, lang)).body, media_type="text/javascript")

    async def _static(self, request: Request) -> Response:
        name = request.path_params["path"]
        return Response(_bytes_of(name), media_type=MEDIA_TYPES[PurePosixPath(name).suffix], headers=FOR_GOOD)

    async def _theme(self, request: Request) -> Response:
        name = request.path_params["name"]
        media_type = MEDIA_TYPES[PurePosixPath(name).suffix]
        return Response(theme_of(self.folder).files[name], media_type=media_type, headers=FOR_GOOD)

    async def _overlay_theme(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in themes_of(self.folder).files:
            return Response(status_code=404)
        return Response(themes_of(self.folder).files[name], media_type=MEDIA_TYPES[PurePosixPath(name).suffix])

    def _frame(self, topic: str) -> Frame:
        return self.beside.get(topic) or self.frame_of(topic.removeprefix("rehearsal/"))

    async def _get(self, request: Request) -> Response:
        frame = self._frame(request.path_params["topic"])
        # Of another stand on this port another frame may have the same number, and no browser may keep it.
        etag = f'W/"{frame.epoch}-{frame.seq}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(encode(frame), media_type="application/json", headers={"ETag": etag} | UNKEPT)

    async def _socket(self, ws: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        if self.refuse_sockets:
            await ws.close()
            return
        await ws.accept()
        topic = ws.path_params["topic"]
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        entry = (topic, queue)
        self._queues.append(entry)
        await ws.send_text(encode(self._frame(topic)).decode())
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
            while True:
                try:
                    payload = await asyncio.wait_for(queue.get(), BEAT_S)
                except TimeoutError:
                    payload = msgspec.json.encode({"v": 1, "type": "beat", "at": self.now_ms})
                await ws.send_text(payload.decode())
        if entry in self._queues:
            self._queues.remove(entry)


def state_frame(topic: str, state: State, now_ms: int, seq: int = 1) -> Frame:
    """A snapshot of a topic that has no rows."""
    return Frame(
        type="snapshot", topic=topic, epoch="e", base=0, seq=seq, at=now_ms, heard=None, rehearsal=False, columns=(),
        rows={}, state=msgspec.to_builtins(state),
    )  # fmt: skip


@cache
def _bytes_of(name: str) -> bytes:
    """A static file, read once: each page asks for sixty of them."""
    return static.files()[name].read_bytes()


@contextlib.contextmanager
def standing(
    folder: ContestFolder, frame_of: Callable[[str], Frame], now_ms: int, beat_ms: int = QUICK_BEAT_MS
) -> Iterator[Stand]:
    """A stand that is stopped at the end."""
    with kept_port() as port:
        stand = Stand(folder, frame_of, now_ms, beat_ms, port)
        stand.start()
        try:
            yield stand
        finally:
            stand.stop()


class Air:
    """What the stand shows: a board that a test changes, with every unit's topic made from it."""

    def __init__(self, folder: ContestFolder, board: Frame) -> None:
        self.folder = folder
        self.board = board

    def frame_of(self, topic: str) -> Frame:
        return topic_frame(self.board, self.folder.contest, topic)

    def say(self, **state: Any) -> Frame:
        """Change the board's state; returns the delta that tells of it."""
        seq = self.board.seq + 1
        self.board = msgspec.structs.replace(self.board, seq=seq, state={**self.board.state, **state})
        return msgspec.structs.replace(
            self.board, type="delta", base=seq - 1, rows={}, columns=msgspec.UNSET, state=state
        )

    def add(self, code: str, entries: int) -> Frame:
        """Count more entries in a leaf; returns the delta that tells of it."""
        contest = self.folder.contest
        counts = {unit: [int(cell or 0) for cell in (*row[:4], row[7])] for unit, row in self.board.rows.items() if row}
        for above in contest.tree.path(code):
            counts[above] = [value + entries for value in counts[above]]
        before, rows = self.board.rows, rows_of(contest, counts)
        seq = self.board.seq + 1
        self.board = msgspec.structs.replace(self.board, seq=seq, rows=dict(rows), at=self.board.at + 200)
        changed = {unit: row for unit, row in rows.items() if before[unit] != row}
        return msgspec.structs.replace(
            self.board, type="delta", base=seq - 1, rows=changed, columns=msgspec.UNSET, state={}
        )
