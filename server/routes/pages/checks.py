"""The page Kiểm tra trước giờ phát: what the system looks at and what people tick, before a broadcast on one output."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.page import data_block
from dashboard.pages.control import frame, output_title
from dashboard.pages.program import OutputLine
from server.auth.roles import Right, account_of, check_bound, needs
from server.routes.api.checks import checks
from server.routes.language import lang_of
from server.routes.live import OUT
from server.routes.pages.room import live_of, person_of
from server.state import state_of
from server.web.render import page
from streaming.program.names import HALL, NAMES
from streaming.program.ticks import NOTE_CHARS_MAX


def routes() -> list[BaseRoute]:
    """The one route."""
    return [Route("/control/checks", needs(Right.SEE_OUTPUTS)(show_checks), name="page of checks")]


async def show_checks(request: Request) -> Response:
    """Show the lines of the output that ``?out=`` names, the hall's without it, or the one that who asks is bound to.

    Raises:
        NoRight: If who asks is bound to another.
        UnknownOutput: If there is no such output.
    """
    account, state = account_of(request, Right.SEE_OUTPUTS), state_of(request)
    name = request.query_params.get(OUT, account.bound_to or HALL)
    check_bound(account, name)
    output, edition, person = state.outputs.of(name).name, state.editions.of(lang_of(request)), person_of(account)
    live = live_of(state.shown, sees_room=person.sees_room)
    seen = (each.name for each in state.outputs.all if account.bound_to in {None, each.name})
    values = frame(state.folder, edition.words, person, "checks", live, made=state.made)
    return page("control/checks.html", values | {
        "asked": f"out={output}&",
        "output": output,
        "output_title": output_title(edition.lang, output),
        "outputs": [
            OutputLine(it, output_title(edition.lang, it, "short"), it == output)
            for it in sorted(seen, key=NAMES.index)
        ],
        "checks": data_block(checks(state, output)),
        "may_steer": account.may(Right.STEER),
        "note_chars_max": NOTE_CHARS_MAX,
    })  # fmt: skip
