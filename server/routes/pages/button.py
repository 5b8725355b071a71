"""The page of the button on stage, behind the door of its link."""

from starlette.requests import Request
from starlette.responses import Response

from dashboard.pages import button
from server.auth.roles import StageKey
from server.routes.language import lang_of
from server.state import state_of
from server.web.render import page


async def show_for_key(request: Request, key: StageKey) -> Response:
    """Show the button of the key's output.

    Raises:
        UnknownOutput: If somebody has taken the output away.
    """
    state = state_of(request)
    told = state.outputs.program(key.output).button.view()
    values = button.page(told, state.editions.of(lang_of(request)), output=key.output, me=key.by, now_ms=state.now_ms())
    return page("stage/button.html", values)
