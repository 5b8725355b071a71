"""GET /api/v1/pictures: the pictures that scenes may show; POST takes one in, and what is below its digest names it or
takes it away."""

from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.pictures.gallery import Picture
from server.auth.roles import Right, account_of, needs
from server.errors import Starting
from server.middleware.guard import AS
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import body_of, json_of, or_busy

NAME = "name"
FILE_WAIT_S = 60.0
"""A file must have come whole within this: 16 MiB take half a minute over a line of 5 Mbit/s."""
HEARD_OUT_BYTES = 80 * 1024 * 1024
"""Of a file that is too large that much is let pass by, so that whoever sent it is told."""
BODY_BYTES_MAX = 4 * 1024


class PictureShown(msgspec.Struct):
    """A picture, where its bytes are, and the first output that shows it or is to, None if there is none."""

    digest: str
    name: str
    address: str
    width: int
    height: int
    bytes: int
    added: int
    by: str
    used_by: str | None


class PicturesShown(msgspec.Struct):
    """Every picture, the newest first, and what a file may be: bytes of one, pictures, bytes of all."""

    pictures: list[PictureShown]
    file_bytes_max: int
    count_max: int
    bytes_max: int


class NameAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What a picture is to be called."""

    name: str


_name = msgspec.json.Decoder(NameAsked)


def routes() -> list[BaseRoute]:
    """The routes."""
    of_one = "/api/v1/pictures/{digest}"
    return [
        Route("/api/v1/pictures", needs(Right.SEE_ROOM)(show_pictures), name="pictures"),
        Route("/api/v1/pictures", needs(Right.PICTURES)(add), methods=["POST"], name="add picture"),
        Route(of_one, needs(Right.PICTURES)(rename), methods=["POST"], name="name picture"),
        Route(of_one, needs(Right.PICTURES)(remove), methods=["DELETE"], name="remove picture"),
    ]


async def show_pictures(request: Request) -> Response:
    """Answer with every picture."""
    refuse_unknown(request.query_params, (AS,))
    return answer(shown(state_of(request)))


async def add(request: Request) -> Response:
    """Take in the file that is the body, called ``?name=``."""
    refuse_unknown(request.query_params, (NAME, AS))
    state, by = _open(request), account_of(request, Right.PICTURES).by
    async with state.uploads.turn():
        bytes_max = state.settings.picture_bytes_max
        body = await body_of(request, bytes_max, FILE_WAIT_S, heard_out=HEARD_OUT_BYTES)
        picture = await or_busy(state.pictures.add(body, request.query_params.get(NAME, ""), by))
    return answer(_shown(picture, state))


async def rename(request: Request) -> Response:
    """Call a picture by another name."""
    refuse_unknown(request.query_params, (AS,))
    state = _open(request)
    asked = await json_of(request, _name, BODY_BYTES_MAX)
    return answer(_shown(await or_busy(state.pictures.rename(request.path_params["digest"], asked.name)), state))


async def remove(request: Request) -> Response:
    """Take a picture away that nothing shows."""
    refuse_unknown(request.query_params, (AS,))
    await or_busy(_open(request).pictures.remove(request.path_params["digest"]))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def shown(state: State) -> PicturesShown:
    """Every picture, and the bounds."""
    settings = state.settings
    return PicturesShown(
        [_shown(each, state) for each in state.pictures.gallery.all],
        settings.picture_bytes_max,
        settings.pictures_max,
        settings.pictures_bytes_max,
    )


def _shown(picture: Picture, state: State) -> PictureShown:
    return PictureShown(
        picture.digest, picture.name, picture.address, picture.width, picture.height, picture.bytes, picture.added,
        picture.by, state.pictures.used_by(picture.digest),
    )  # fmt: skip


def _open(request: Request) -> State:
    state = state_of(request)
    if state.hub.is_draining or not state.is_ready:
        raise Starting
    return state
