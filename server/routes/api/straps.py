"""GET /api/v1/straps: the prepared straps of people, which a room and a director use; POST adds one, and what is below
its id edits, approves or removes it. The list as a workbook is in ``strap_files``."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.overlays.lower_third import NAME_CHARS_MAX, TITLE_CHARS_MAX, TITLES_MAX, Honorific
from dashboard.overlays.straps import NOTE_CHARS_MAX, STRAPS_MAX, Strap, StrapText
from server.auth.roles import Right, account_of, needs
from server.errors import Starting
from server.middleware.guard import AS
from server.state import State, state_of
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of, or_busy
from server.web.problems import wrong_value

BODY_BYTES_MAX = 16 * 1024
SEEN = "seen"
PLACE = Annotated[int, Meta(ge=1, le=STRAPS_MAX)]


class StrapsShown(msgspec.Struct):
    """Everybody in protocol order; the list is at ``version``, and takes ``count_max`` people."""

    version: int
    straps: tuple[Strap, ...]
    count_max: int = STRAPS_MAX
    name_chars_max: int = NAME_CHARS_MAX
    title_chars_max: int = TITLE_CHARS_MAX
    titles_max: int = TITLES_MAX
    note_chars_max: int = NOTE_CHARS_MAX


class StrapAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a strap is to say, and its ``place`` in the order, from 1; ``seen`` is the version of it that was looked at,
    of no account for a new one."""

    seen: int = 0
    place: PLACE | None = None
    honorific: Honorific = ""
    name: str
    titles: tuple[str, ...] = ()
    capitals: bool = False
    note: str = ""

    @property
    def text(self) -> StrapText:
        """What it says."""
        return StrapText(
            honorific=self.honorific, name=self.name, titles=self.titles, capitals=self.capitals, note=self.note
        )  # fmt: skip


class ApprovalAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether a strap is approved, as it was ``seen``."""

    seen: int
    on: bool = True


_strap = msgspec.json.Decoder(StrapAsked)
_approval = msgspec.json.Decoder(ApprovalAsked)


def routes() -> list[BaseRoute]:
    """The routes."""
    of_all = "/api/v1/straps"
    of_one = f"{of_all}/{{strap}}"
    return [
        Route(of_all, needs(Right.SEE_OUTPUTS)(show_straps), name="straps"),
        Route(of_all, needs(Right.STRAPS)(add), methods=["POST"], name="add strap"),
        Route(of_one, needs(Right.STRAPS)(edit), methods=["POST"], name="edit strap"),
        Route(of_one, needs(Right.STRAPS)(remove), methods=["DELETE"], name="remove strap"),
        Route(f"{of_one}/approve", needs(Right.STRAPS)(approve), methods=["POST"], name="approve strap"),
    ]


async def show_straps(request: Request) -> Response:
    """Answer with the list."""
    refuse_unknown(request.query_params, (AS,))
    return answer(shown(state_of(request)))


async def add(request: Request) -> Response:
    """Add one; answered with the list."""
    state, asked = _open(request), await json_of(request, _strap, BODY_BYTES_MAX)
    await or_busy(state.straps.add(asked.text, asked.place))
    return answer(shown(state))


async def edit(request: Request) -> Response:
    """Edit one; answered with the list."""
    state, asked = _open(request), await json_of(request, _strap, BODY_BYTES_MAX)
    await or_busy(state.straps.edit(request.path_params["strap"], asked.text, asked.seen, asked.place))
    return answer(shown(state))


async def approve(request: Request) -> Response:
    """Approve one, or take that back; answered with the list."""
    state, by = _open(request), account_of(request, Right.STRAPS).by
    asked = await json_of(request, _approval, BODY_BYTES_MAX)
    await or_busy(state.straps.approve(request.path_params["strap"], asked.seen, by, is_approved=asked.on))
    return answer(shown(state))


async def remove(request: Request) -> Response:
    """Take one away that was looked at as ``?seen=``."""
    refuse_unknown(request.query_params, (AS, SEEN))
    state = state_of(request)
    _check_open(state)
    seen = seen_of(request)
    if seen is None:
        raise wrong_value(SEEN, "", "the version of the strap that was looked at")
    await or_busy(state.straps.remove(request.path_params["strap"], seen))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def shown(state: State) -> StrapsShown:
    """The list, and the bounds."""
    return StrapsShown(state.straps.list.version, state.straps.list.straps)


def seen_of(request: Request) -> int | None:
    """The version that whoever asks has looked at; None if that is not said."""
    text = request.query_params.get(SEEN)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise wrong_value(SEEN, text, "the version that was looked at")
    return int(text)


def _open(request: Request) -> State:
    refuse_unknown(request.query_params, (AS,))
    state = state_of(request)
    _check_open(state)
    return state


def _check_open(state: State) -> None:
    if state.hub.is_draining or not state.is_ready:
        raise Starting
