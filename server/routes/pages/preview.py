"""What would be taken next on an output, as its screens would show it: for whoever sees what is prepared, and nobody
else."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard import page as pages
from dashboard.pages import hall
from server.auth.roles import Right, asker_of, check_bound, needs
from server.control.choosing import Choosing
from server.control.scene_settings import asked_of
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.screens import frame_of, picture_ms
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL
from streaming.program.output import Output
from streaming.program.points import SCENE
from streaming.program.state import SceneOnAir
from streaming.topics.topic import Topic

PATH = "/preview"


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route(PATH, needs(Right.SEE_OUTPUTS)(show_preview), name="preview")]


async def show_preview(request: Request) -> Response:
    """Show the scene that is chosen by hand, else that of the item that is taken next, else what is on air.

    Raises:
        UnknownOutput, NoRight: If there is no such output, or who asks is bound to another.
        NoData, WrongTake: If it cannot be taken as things stand.
    """
    state, asker = state_of(request), asker_of(request, Right.SEE_OUTPUTS)
    name = request.query_params.get(OUT, asker.bound_to or HALL)
    check_bound(asker, name)
    output, edition = state.outputs.of(name), state.editions.of(lang_of(request))

    def board() -> Topic:
        return state.outputs.numbers.board(output.name)

    def make() -> Response:
        scene, aired = _next(state.outputs.choosing, output), state.outputs.points
        points = aired.to_be(scene.settings) if scene.name == SCENE else None
        follows = pages.Following(output.name, output.shows, scene, points)
        values = hall.page(
            board().view(),
            edition,
            follows=follows,
            now_ms=picture_ms(state, follows),
            frame_of=partial(frame_of, state, output),
            is_preview=True,
        )
        answer = page("screens/hall.html", values)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def prepare() -> None:
        if not hall.is_prepared(edition):
            await state.workshop.do(partial(hall.prepare, edition))

    # Among the public pages, so that with them it takes its share of the loop and no more; nothing leads there but this
    # route. By the version, for whoever has just chosen another scene must see that one.
    address = (PATH, output.name, edition.lang, str(output.version))
    return await state.pages.get(address, lambda: board().etag, make, prepare=prepare)


def _next(choosing: Choosing, output: Output) -> SceneOnAir:
    """What would be on air after the next take."""
    preview = output.preview
    if preview is not None:
        settings = choosing.chosen(output, preview.name, asked_of(preview.settings))
        return SceneOnAir(preview.name, settings, 0, 0, preview.step)
    item = output.rundown.find(output.running.next)
    if item is None or item.scene is None:
        return output.scene
    return SceneOnAir(item.scene, choosing.of_item(output, item), 0, 0)
