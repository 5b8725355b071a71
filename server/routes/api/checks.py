"""GET /api/v1/outputs/{output}/checks: what stands against a broadcast on it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Right, asker_of, needs
from server.control.checks import Checks, Facts, checks_of
from server.folder.files import ADMIN_FILE
from server.routes.api.outputs import output_of
from server.state import State, state_of
from server.web.answers import answer


def routes() -> list[BaseRoute]:
    """The one route; a line is ticked as anything is done to an output."""
    return [Route("/api/v1/outputs/{output}/checks", needs(Right.SEE_OUTPUTS)(show_checks), name="checks of output")]


async def show_checks(request: Request) -> Response:
    """Answer with every line."""
    return answer(checks(state_of(request), output_of(request, asker_of(request, Right.SEE_OUTPUTS), "read")))


def checks(state: State, output: str) -> Checks:
    """Every line of an output; what is looked at is the live store, whichever the output shows now."""
    found, store, now_ms = state.outputs.of(output), state.live, state.now_ms()
    admin = [ADMIN_FILE] if any(fault is not None for fault in state.admin_faults().values()) else []
    ledger = [store.ledger.path.name] if store.ledger.refusal or store.ledger.failure else []
    off_ms = store.intake.witnesses.off_ms
    sources = store.watch.topic.state.get("sources") or ()
    return checks_of(found, Facts(
        now_ms,
        bounds=tuple(state.hub.bounds().get(output, ())),
        sources={source.name: source.state for source in sources if source.state != "off"},
        gone=state.outputs.choosing.gone(found, "live"),
        faults=(*admin, *ledger),
        is_clock_off=bool(state.clock.warnings) or off_ms is not None,
    ))  # fmt: skip
