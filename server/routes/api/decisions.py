"""POST /api/v1/control/decisions: what operators decide; GET /api/v1/control/effect: what a release, or a correction,
would bring."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.auth.roles import Right, account_of, needs
from server.control import actions
from server.folder.files import STORES
from server.middleware.guard import AS
from server.state import state_of
from server.store import Store
from server.web.answers import answer, refuse_unknown
from server.web.forms import json_of
from server.web.problems import Problem, wrong_value
from streaming.decisions.action import Action
from streaming.decisions.corrections import Correct
from streaming.decisions.holds import Release

DECISION_BODY_WAIT_S = 2.0
"""A decision must have come whole within this, so that with DECIDE_WAIT_S it is answered before the page gives up."""


CORRECTION = ("unit", "round", "column", "delta")
"""What a correction is of which the effect is asked for."""


class DecisionAnswer(msgspec.Struct):
    """``seq`` is the decision's row; null while it is not written: a hold acts all the same, another once it is."""

    seq: int | None
    written: bool


def routes() -> list[BaseRoute]:
    """The routes."""
    return [
        Route("/api/v1/control/decisions", needs(Right.DECIDE)(decide), methods=["POST"], name="decisions"),
        Route("/api/v1/control/effect", needs(Right.SEE_ROOM)(show_effect), name="effect"),
        Route(
            "/api/v1/control/effect/correction",
            needs(Right.SEE_ROOM)(show_correction_effect),
            name="effect of a correction",
        ),
    ]


async def decide(request: Request) -> Response:
    """Make a decision in the store that it names, if that is the one that screens follow."""
    account = account_of(request, Right.DECIDE)
    if "store" not in request.query_params:
        raise wrong_value("store", "", " or ".join(STORES))
    store = store_of(request, ("store", AS))
    action: Action | actions.Seen | actions.KeepPlan
    action = await json_of(request, actions.decoder, actions.ACTION_BYTES_MAX, DECISION_BODY_WAIT_S)
    if isinstance(action, actions.Seen):
        if not store.watch.see(action.alarm):
            raise Problem(404, "no_such_alarm", "alarm: there is no such alarm", field="alarm")
        return answer(DecisionAnswer(None, written=True))
    if isinstance(action, actions.KeepPlan):
        state_of(request).openings.keep_plan("rehearsal" if store.rehearsal else "live", action.n)
        return answer(DecisionAnswer(None, written=True))
    receipt = await store.desk.decide(account.by, action)
    if isinstance(action, Release) and action.unit is None:
        state_of(request).withdrawals.released("rehearsal" if store.rehearsal else "live", account.by)
    return answer(DecisionAnswer(receipt.seq, receipt.is_written))


async def show_effect(request: Request) -> Response:
    """Tell what a release would bring; ``release`` is a unit's code, "all", or "every" for all and every unit."""
    store = store_of(request, ("store", "release", AS))
    code = request.query_params.get("release", "")
    if not code:
        raise wrong_value("release", "", 'a unit\'s code, "all" or "every"')
    return answer(store.desk.effect(None if code in {"all", "every"} else code, every=code == "every"))


async def show_correction_effect(request: Request) -> Response:
    """Tell what a correction would bring."""
    store = store_of(request, ("store", AS, *CORRECTION))
    asked = {name: request.query_params.get(name, "") for name in CORRECTION}
    try:
        made = asked | {"do": "correct", "reason": "?", "labelled": False, "seen": 0}
        action = msgspec.convert(made, Correct, strict=False)
    except msgspec.ValidationError as error:
        field = next((name for name in CORRECTION if f"$.{name}" in str(error)), "unit")
        raise wrong_value(field, asked[field], "what a correction may have") from None
    return answer(store.desk.effect_of_correction(action))


def store_of(request: Request, known: tuple[str, ...]) -> Store:
    """The store that screens follow, which ``store`` names if it is given; ``known`` are the parameters that may stand
    there.

    A page that was opened before the server went from the rehearsal to the real event still shows the other store:
    what it decides would act where nobody looks.

    Raises:
        Problem: 400, naming a parameter or value that does not exist; 409 if screens follow the other store.
    """
    query, shown = request.query_params, state_of(request).shown
    refuse_unknown(query, known)
    for named in query.getlist("store"):
        if named not in STORES:
            raise wrong_value("store", named, " or ".join(STORES))
        if named == shown.name:
            continue
        # Of two that differ one is wrong, whichever a reader would take.
        detail = f"store: found {named}, but the screens follow {shown.name}; load the page again"
        raise Problem(409, "other_store", detail, field="store")
    return shown
