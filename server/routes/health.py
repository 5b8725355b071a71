"""Whether the server lives, and whether it takes participations in."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.folder.checkpoints import older
from server.state import PUMP_AGE_S_MAX, State, state_of
from server.web.answers import answer


class PumpHealth(msgspec.Struct):
    """How one store's pump does: ``turn_age_s`` since its last turn; its topics show position ``seq``. While
    ``is_behind`` they stand at a checkpoint, and the ledger is being replayed."""

    turn_age_s: float
    seq: int
    is_behind: bool


class Health(msgspec.Struct):
    """The body of /healthz and /readyz: ``status`` is "ok", "starting", "stopping", "stuck" or "dead".

    ``warnings`` are what an operator must look at, one line each; they change no status, for a server whose clock was
    set goes on, and to take the only one off the air would be worse.
    """

    status: str
    pumps: dict[str, PumpHealth]
    warnings: list[str]


def routes() -> list[BaseRoute]:
    """The two routes."""
    return [Route("/healthz", show_health, name="healthz"), Route("/readyz", show_ready, name="readyz")]


async def show_health(request: Request) -> Response:
    """200 while every pump turns; 503 once one is dead or has not turned for PUMP_AGE_S_MAX."""
    state = state_of(request)
    return answer(health_of(state), 200 if is_alive(state) else 503)


async def show_ready(request: Request) -> Response:
    """200 while participations are taken in; 503 while the server starts or stops."""
    state = state_of(request)
    health = health_of(state)
    if is_alive(state) and state.hub.is_draining:
        health.status = "stopping"
    elif is_alive(state) and not state.is_ready:
        health.status = "starting"
    return answer(health, 200 if health.status == "ok" else 503)


def is_alive(state: State) -> bool:
    """Whether no task has died and every pump turns."""
    return state.died is None and all(store.pump.turn_age_s <= PUMP_AGE_S_MAX for store in state.stores)


def health_of(state: State) -> Health:
    """The state of the pumps."""
    pumps = {
        store.name: PumpHealth(round(store.pump.turn_age_s, 3), store.pump.seq, store.pump.is_behind)
        for store in state.stores
    }
    status = "dead" if state.died else "ok" if is_alive(state) else "stuck"
    off = [
        f"clock: it is {abs(off_ms) / 1000:.0f} s {'behind' if off_ms > 0 else 'ahead of'} what sources of the "
        f"{store.name} store tell"
        for store in state.stores
        if (off_ms := store.intake.witnesses.off_ms) is not None
    ]
    refused = [
        f"{ledger.path.name}: nothing is stored now: {ledger.refusal}"
        for ledger in (store.ledger for store in state.stores)
        if ledger.refusal is not None
    ]
    admin = [fault for fault in state.admin_faults().values() if fault is not None]
    lost = [older(store.ledger.path.name, seq) for store in state.stores if (seq := store.pump.counters.lost_seq)]
    return Health(status, pumps, [*state.clock.warnings, *off, *refused, *admin, *lost])
