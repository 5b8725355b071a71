"""The screens: each page carries its first frame, so it is right before any script has run.

The address of a screen gives its shell, a small page that holds the screen in a frame and loads it anew when that must
be; with ``?frame=1`` it gives the screen itself.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import page as pages
from dashboard.pages import hall, unit
from dashboard.scenes.scene import Scene
from dashboard.scenes.scenes import SCENES, scenes_of
from dashboard.scenes.units import UNIT, UnitSettings
from dashboard.screens import BY_PATH, CARRIED, FRAME, Screen
from dashboard.words.words import Words
from server.auth.roles import Account, Role, account_in
from server.routes.language import lang_of
from server.routes.live import OUT
from server.state import State, state_of
from server.web.compressed import compressed
from server.web.problems import Problem
from server.web.render import fragment, page
from streaming.contests.units import Tree
from streaming.program.names import HALL, OF_TV
from streaming.program.output import Output
from streaming.topics.frames import Frame
from streaming.topics.topic import Topic

GROUND = "bg"
"""The parameter that says what is seen behind a clear screen; the shell keeps it, for it is the shell that shows it."""

SAYS_LIVE = "live"
"""The parameter by which a station's picture carries TRỰC TIẾP all the same."""

Show = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """One route for each of the screens here: the big one, and a unit's."""
    shown = {"/": (show_hall, title_of_hall), "/units/{code}": (show_unit, title_of_unit)}
    screens = [Route(path, held(BY_PATH[path], *how, followed), name=_template(path)) for path, how in shown.items()]
    return [*screens, Route("/scenes/{name}", show_scene, name="scenes")]


def held(
    screen: Screen, show: Show, title: Callable[[Request, Words], str], output_of: Callable[[Request], Output | None]
) -> Show:
    """The screen where it is asked for itself, else its shell. ``title`` raises a Problem where there is no screen."""

    async def answer(request: Request) -> Response:
        if FRAME in request.query_params:
            return await show(request)
        state = state_of(request)
        words = Words(lang_of(request), state.shown.contest.timezone)
        name, output = title(request, words), output_of(request)
        rehearsal = state.shown.rehearsal if output is None else output.store == "rehearsal"
        asked = [(name, value) for name in CARRIED if (value := request.query_params.get(name)) is not None]
        address = f"{quote(request.scope['path'])}?{urlencode([*asked, (FRAME, '1')])}"
        ground = request.query_params.get(GROUND)
        values = pages.shell(screen, words, name, address, rehearsal=rehearsal, ground=ground)
        return compressed(page("shell.html", values))

    return answer


def title_of_hall(request: Request, words: Words) -> str:
    return pages.title(state_of(request).shown.contest, words.lang)


def title_of_unit(request: Request, words: Words) -> str:
    tree = state_of(request).shown.contest.tree
    code = request.path_params["code"]
    if code not in tree:
        raise Problem(404, "unknown_unit", "there is no such unit")
    return f"{words.full_name(tree[code])} · {title_of_hall(request, words)}"


async def show_hall(request: Request) -> Response:
    """The big screen shows what is on air in the hall, ``?out=`` on another output; ``?scene=`` chooses something else,
    ``?lang=`` its language.

    An unknown scene or language shows the default one: a mistyped address must not put an error on the wall. But no
    output's screen shows another's.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    asked = request.query_params.get("scene")
    scene = asked if asked in scenes_of(state.folder) else SCENES[0].name if asked is not None else None
    lang = lang_of(request)
    edition, output = state.editions.of(lang), followed(request)
    # A station says by itself that it is live.
    says_live = output is None or OF_TV.fullmatch(output.name) is None or request.query_params.get(SAYS_LIVE) == "1"
    follows = None if output is None else following(state, output)

    def board() -> Topic:
        return state.shown.topic("board") if output is None else state.outputs.numbers.board(output.name)

    def make() -> Response:
        values = hall.page(
            board().view(),
            edition,
            scene=scene,
            follows=follows,
            now_ms=picture_ms(state, follows),
            frame_of=partial(frame_of, state, output),
            says_live=says_live,
        )
        return page(_template("/"), values)

    async def prepare() -> None:
        if not hall.is_prepared(edition):
            await state.workshop.do(partial(hall.prepare, edition))

    address = ("/", scene or "", lang, told(follows), "live" if says_live else "")
    return await state.pages.get(address, lambda: board().etag, make, prepare=prepare)


async def show_scene(request: Request) -> Response:
    """A scene as a fragment for a screen that is open: the same bytes for all, painted from its own store there.

    ``?item=`` names the take by which it is on air, ``?out=`` where; then it has the settings of that. Without one
    ``?unit=`` names the unit of a scene that is about one.

    Raises:
        Problem: 404, if there is no such scene, or that is not on air.
    """
    state = state_of(request)
    scene = scenes_of(state.folder).get(request.path_params["name"])
    if scene is None:
        raise Problem(404, "unknown_scene", "there is no such scene")
    output = output_of(request)
    item, follows = request.query_params.get("item"), following(state, output)
    if item is not None and (item, scene.name) != (str(follows.on_air.take), follows.on_air.name):
        raise Problem(404, "not_on_air", "this scene is not on air by that take", field="item")
    edition = state.editions.of(lang_of(request))
    code = _unit_of(scene, request, edition.tree) if item is None else None
    settings = None if code is None else UnitSettings(code)

    def board() -> Topic:
        return state.outputs.numbers.board(output.name)

    def make() -> Response:
        frames = partial(frame_of, state, output)
        cut = hall.cut_of(board().view(), edition, picture_ms(state, follows), output.name, frames)
        cut = cut if item is None else replace(cut, points=follows.points)
        return fragment(hall.fragment(scene, cut, None if item is None else follows.on_air, settings))

    async def prepare() -> None:
        if code is not None and not unit.is_prepared(edition, code):
            await state.workshop.do(partial(unit.prepare, edition, code))

    address = ("/scenes", scene.name, edition.lang, item or "", code or "", told(follows))
    return await state.pages.get(address, lambda: board().etag, make, prepare=prepare)


async def show_unit(request: Request) -> Response:
    """A unit's own page, with ``?out=`` as an output shows its numbers.

    Raises:
        UnknownOutput: If there is no such output.
    """
    state = state_of(request)
    code = request.path_params["code"]
    lang = lang_of(request)
    output = followed(request)
    store = state.shown if output is None else state.store(rehearsal=output.store == "rehearsal")
    if code not in store.contest.tree:
        values = pages.gone_page(lang, made=state.made, rehearsal=state.shown.rehearsal)
        return page("errors/error.html", values, 404)
    edition, follows = state.editions.of(lang), None if output is None else following(state, output)
    account = account_in(request.scope)
    is_point = _is_point_of(account, code, store.contest.tree)
    # All who are signed in get the same page, which asks who that is.
    is_signed_in = account is not None

    # A topic that nobody follows may be dropped while the page waits, so it is looked up when it is needed.
    def topic() -> Topic:
        return store.topic(f"unit/{code}") if output is None else state.outputs.numbers.unit(output.name, code)

    def position() -> str:
        point = store.find_topic(f"point/{code}") if is_point else None
        return f"{topic().etag} {point.etag if point else ''}"

    def make() -> Response:
        point = store.find_topic(f"point/{code}") if is_point else None
        values = unit.page(
            topic().view(),
            edition,
            code,
            now_ms=picture_ms(state, follows),
            follows=follows,
            point=point.view() if point else None,
            is_signed_in=is_signed_in,
        )
        return page(_template("/units/{code}"), values)

    async def prepare() -> None:
        if not unit.is_prepared(edition, code):
            await state.workshop.do(partial(unit.prepare, edition, code))

    kind = "point" if is_point else "in" if is_signed_in else ""
    return await state.pages.get(("/units", code, edition.lang, kind, told(follows)), position, make, prepare=prepare)


def output_of(request: Request) -> Output:
    """The output that a screen shows.

    Raises:
        UnknownOutput: If there is no such output.
    """
    return state_of(request).outputs.of(request.query_params.get(OUT, HALL))


def followed(request: Request) -> Output | None:
    """The output whose numbers a page follows: the one that it names, that of the hall where a big screen names neither
    one nor a scene; None for the store of the setting.

    Raises:
        UnknownOutput: If there is no such output.
    """
    is_wall = request.scope["path"] == "/" and "scene" not in request.query_params
    return output_of(request) if is_wall or OUT in request.query_params else None


def frame_of(state: State, output: Output | None, topic: str) -> Frame | None:
    """The frame of a number topic as an output shows it, of the store of the setting without one."""
    found = state.shown.find_topic(topic) if output is None else state.outputs.find_numbers(output.name, topic)
    return None if found is None else found.view()


def following(state: State, output: Output) -> pages.Following:
    return pages.Following(output.name, output.shows, output.shown_scene, state.outputs.points.of(output))


def told(follows: pages.Following | None) -> str:
    """What a page says of its output, as a part of its address in the cache."""
    if follows is None:
        return ""
    on_air = follows.on_air
    return f"{follows.output} {on_air.take} {on_air.step} {on_air.countdown} {follows.shows} {hash(follows.points)}"


def picture_ms(state: State, follows: pages.Following | None) -> int:
    return state.now_ms() if follows is None else follows.shows.picture_ms(state.now_ms())


def _is_point_of(account: Account | None, code: str, tree: Tree) -> bool:
    """Whether who asks is the connection point of the unit, or of one above it."""
    return account is not None and account.role is Role.POINT and account.unit in tree.path(code)


def _unit_of(scene: Scene[Any], request: Request, tree: Tree) -> str | None:
    """The unit that a scene is asked to be about, None where it is about none."""
    code = request.query_params.get("unit")
    return code if code is not None and scene.name == UNIT.name and code in tree else None


def _template(path: str) -> str:
    return BY_PATH[path].template
