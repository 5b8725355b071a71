"""GET /metrics: Prometheus text about the machinery. Nothing about the contest: held figures must not show here either,
be it as rows of the ledger or as ticks that they caused.
"""

import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.live.hub import REFUSALS, Hub
from server.net.connections import Connections
from server.web.problems import Problem, problem_response
from streaming.pump import Pump

TOPIC_KINDS = ("board", "round", "unit", "breakdown")
STORES = ("live", "rehearsal")
CUE_OFF_MS = 50
"""By so much screens of a hall may fire apart before it is seen."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A proxy on this machine sets one of these; the loopback address is then the proxy's, not the client's."""


class PumpedStore(Protocol):
    """What is measured of a store."""

    @property
    def name(self) -> str:
        """live or rehearsal."""

    @property
    def pump(self) -> Pump:
        """The pump that drives its topics."""


Stores = Callable[[], Iterable[PumpedStore]]


def routes(hub: Hub, stores: Stores, connections: Connections, token: str) -> list[BaseRoute]:
    """The route. ``stores`` gives the stores that are open now; ``token`` "" lets this machine alone ask."""
    registry = CollectorRegistry()
    registry.register(Counters(hub, stores, connections))
    ProcessCollector(registry=registry)

    async def show(request: Request) -> Response:
        """Answer requests from this machine, or with the token."""
        if not (_is_from_here(request) or _has_token(request, token)):
            return problem_response(Problem(403, "forbidden", "metrics are for this machine, or with the token"))
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return [Route("/metrics", show, name="metrics")]


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _has_token(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())


class Counters(Collector):
    """Reads the counters of the connections, the fan-out and the pumps when somebody asks; keeps none of its own."""

    def __init__(self, hub: Hub, stores: Stores, connections: Connections) -> None:
        self._hub = hub
        self._stores = stores
        self._connections = connections

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        yield from self._requests()
        yield from self._sockets()
        yield from self._screens()
        yield from self._deliveries()
        yield from self._pumps()

    def _requests(self) -> Iterator[Metric]:
        doors = self._connections
        yield CounterMetricFamily("diemcau_connections_refused", "Connections closed for want of room", doors.refused)
        yield CounterMetricFamily(
            "diemcau_connections_displaced", "Connections closed for a newer one of their address", doors.displaced
        )
        yield CounterMetricFamily("diemcau_connections_late", "Connections cut off past a deadline", doors.late)
        yield GaugeMetricFamily("diemcau_heads_awaited", "Connections whose request is not whole", len(doors.heads))
        yield GaugeMetricFamily("diemcau_answers_stalled", "Connections that take no answer now", len(doors.answers))

    def _sockets(self) -> Iterator[Metric]:
        counters = self._hub.counters
        yield GaugeMetricFamily("diemcau_sockets_open", "Sockets open now", counters.open)
        yield GaugeMetricFamily("diemcau_sockets_max", "Sockets that may be open", self._hub.sockets_max)
        full = sum(audience.paused_now for audience in self._hub.audiences)
        yield GaugeMetricFamily("diemcau_sockets_full", "Sockets left out now because they are full", full)
        followers = Counter({(store, kind): 0 for store in STORES for kind in TOPIC_KINDS})
        for audience in self._hub.audiences:
            if not audience.topic.is_public:
                continue
            kind = audience.topic.name.removeprefix("rehearsal/").partition("/")[0]
            followers[STORES[audience.topic.rehearsal], kind] += len(audience)
        by_topic = GaugeMetricFamily("diemcau_followers", "Sockets that follow a topic", labels=("store", "kind"))
        for labels, count in followers.items():
            by_topic.add_metric(labels, count)
        yield by_topic
        yield CounterMetricFamily("diemcau_sockets_opened", "Sockets let in", counters.opened)
        refused = CounterMetricFamily("diemcau_sockets_refused", "Sockets refused", labels=("reason",))
        for reason in REFUSALS:
            refused.add_metric((reason,), counters.refused[reason])
        yield refused
        yield CounterMetricFamily("diemcau_sockets_slow", "Times that a socket was full", counters.slow)
        yield CounterMetricFamily("diemcau_sockets_aborted", "Sockets cut off for staying full", counters.aborted)
        yield CounterMetricFamily("diemcau_sockets_silent", "Sockets cut off for not answering pings", counters.silent)
        yield CounterMetricFamily("diemcau_conflated", "Frames spared to full sockets", counters.conflated)

    def _screens(self) -> Iterator[Metric]:
        """How well the screens of each output know when a cue is. What a screen says of itself is not proved."""
        screens = GaugeMetricFamily("diemcau_screens", "Screens that show an output", labels=("output",))
        unsure = GaugeMetricFamily(
            "diemcau_screens_unsure", f"Those that may be off by more than {CUE_OFF_MS} ms", labels=("output",)
        )
        worst = GaugeMetricFamily(
            "diemcau_screen_clock_bound_seconds", "The most by which one that has told may be off", labels=("output",)
        )
        for output, found in sorted(self._hub.bounds().items()):
            known = [bound for bound in found if bound is not None]
            screens.add_metric((output,), len(found))
            unsure.add_metric((output,), len(found) - sum(bound <= CUE_OFF_MS for bound in known))
            worst.add_metric((output,), max(known, default=0) / 1000)
        yield from (screens, unsure, worst)

    def _deliveries(self) -> Iterator[Metric]:
        counters = self._hub.counters
        yield CounterMetricFamily("diemcau_deliveries", "Frames written to sockets", counters.deliveries)
        yield CounterMetricFamily(
            "diemcau_paced_frames", "Frames made for followers at a pace of their own", counters.paced_frames
        )
        yield CounterMetricFamily("diemcau_delivered_bytes", "Bytes written to sockets", counters.delivered_bytes)
        yield CounterMetricFamily("diemcau_failed_writes", "Writes to sockets that were dying", counters.failed_writes)
        yield CounterMetricFamily("diemcau_beats", "Heartbeats sent to all", counters.beats)
        first = CounterMetricFamily("diemcau_first_frames", "How sockets began to follow", labels=("way",))
        for way, count in counters.first.items():
            first.add_metric((way,), count)
        yield first

    def _pumps(self) -> Iterator[Metric]:
        frames = CounterMetricFamily("diemcau_frames", "Frames made for all followers", labels=("store",))
        size = CounterMetricFamily("diemcau_frame_bytes", "Bytes of those frames", labels=("store",))
        late = CounterMetricFamily("diemcau_late_frames", "Frames made for outputs with a delay", labels=("store",))
        waiting = GaugeMetricFamily("diemcau_moves_waiting", "Moves that wait for such outputs", labels=("store",))
        age = GaugeMetricFamily("diemcau_pump_turn_age_seconds", "Since the pump last turned", labels=("store",))
        lag = GaugeMetricFamily("diemcau_tick_lag_seconds", "From durable rows to their frames", labels=("store",))
        behind = GaugeMetricFamily("diemcau_behind", "Whether topics stand at a checkpoint", labels=("store",))
        wrong = CounterMetricFamily("diemcau_checkpoints_wrong", "Checkpoints that a replay refuted", labels=("store",))
        for store in self._stores():
            pump, labels = store.pump, (store.name,)
            frames.add_metric(labels, pump.counters.frames)
            size.add_metric(labels, pump.counters.frame_bytes)
            late.add_metric(labels, pump.counters.late_frames)
            waiting.add_metric(labels, len(pump.history))
            age.add_metric(labels, pump.turn_age_s)
            lag.add_metric(labels, pump.counters.lag_ms / 1000)
            behind.add_metric(labels, pump.is_behind)
            wrong.add_metric(labels, pump.counters.checkpoints_wrong)
        yield from (frames, size, late, waiting, age, lag, behind, wrong)
