"""The page of the registry of screens: which are open, what each shows, and what can be done to it."""

from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.page import data_block
from dashboard.pages.control import frame
from dashboard.pages.hall import scenes_in
from dashboard.words.words import Words
from server.auth.roles import Right, account_of, needs
from server.control.screens import PREFIX
from server.errors import CatchingUp
from server.routes.language import lang_of
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page
from streaming.points.listed import NAME_CHARS_MAX
from streaming.points.screen import ADDRESS_CHARS_MAX
from streaming.topics.frames import Frame


class RegistryData(msgspec.Struct):
    """What the page's script reads: the topic of the screens that whoever looks may see, as it stands, whether he may
    order them anything, the titles of scenes, and the names of accounts by number."""

    topic: str
    first: Frame
    may_steer: bool
    scenes: Mapping[str, str]
    names: Mapping[str, str]


def routes(names: Callable[[], Mapping[int, str]]) -> list[BaseRoute]:
    """The one route; ``names`` gives the names of accounts by number."""

    async def show_registry(request: Request) -> Response:
        """Show the screens, to a director those of his output."""
        state, account = state_of(request), account_of(request, Right.SCREENS)
        person, words = person_of(account), Words(lang_of(request), state.shown.contest.timezone)
        topic = state.registry.find(PREFIX if account.bound_to is None else f"{PREFIX}/{account.bound_to}")
        if topic is None:
            raise CatchingUp("there is no such output yet")
        edition = state.editions.of(words.lang)
        found = RegistryData(
            topic.name,
            topic.view(),
            account.may(Right.STEER),
            {name: scene.title(edition) for name, scene in scenes_in(edition).items()},
            {str(number): name for number, name in names().items()},
        )
        live = live_of(state.shown, sees_room=person.sees_room)
        values = frame(state.folder, words, person, "screens", live, made=state.made)
        bounds = {"name_chars_max": NAME_CHARS_MAX, "address_chars_max": ADDRESS_CHARS_MAX}
        return page(
            "control/screens.html",
            values | {"screens": data_block(found), "may_steer": found.may_steer, "bounds": bounds},
        )

    return [Route("/control/screens", needs(Right.SCREENS)(show_registry), name="page of screens")]
