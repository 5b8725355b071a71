"""Fan-out: the audiences of all topics, who is let into them, and what all hear: beats, pings, the order to go.

Everything here runs in the event loop's thread.
"""

import asyncio
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import msgspec
import structlog

from server.live.audience import Asked, Audience, FanoutCounters, Follower
from server.live.handshakes import Handshakes
from server.live.paced import PacedAudience
from server.live.presence import Presence
from server.net.websocket import (
    CLOSE_DRAINING,
    CLOSE_KEY_REVOKED,
    CLOSE_MOVED,
    CLOSE_SIGNED_OUT,
    PING_FRAME,
    Socket,
    text_frame,
)
from streaming.topics.topic import Topic

BEAT_S = 2.0
"""How often a socket hears something in a quiet contest, so that a screen can tell it from a lost link; with
BEAT_AFTER_S nobody waits longer than 3 s."""
PING_BEATS = 10
"""Each socket is pinged once in this many beats, every beat another share of them; one from which nothing came between
two pings is cut off. No timer per socket."""
UNWRITABLE_S = 10.0
"""A full socket that takes not a byte for this long is cut off; it is found at the next sweep, so within 11 s. One that
still takes some, however little, is not."""
EMPTY_AUDIENCE_S = 60.0
"""A topic that nobody has followed for this long is no longer prepared for sending."""
DRAIN_S = 3.0
"""Time over which a stopping server sends its sockets away."""
DRAIN_STEP_S = 0.1
KNOWN_SHARE = 0.05
"""Share of the sockets that only screens with a key or a session may take."""
PACE_LOOK_S = 0.05
"""How often it is looked whether a frame of those at a pace is due: their screens paint it 400 ms after its time."""
SWEEP_S = 1.0
"""How often stalled sockets and empty audiences are looked for."""
RETRY_MS = 1_000
"""Earliest return that a stopping server hints at; the hints are spread over RETRY_SPREAD_MS, or over as long as it
takes to let all in again at the rate of handshakes. Screens with a key or a session are the first."""
RETRY_SPREAD_MS = 4_000
RETRY_MS_MAX = 999_999
"""The longest return that is hinted at: screens read six digits, and take more for no hint at all."""

GONE = "there is no such topic any more"
"""Why a socket is closed whose topic is no more."""

REFUSALS = ("draining", "full", "address_full", "too_fast")
"""What may stand against a new socket."""

log = structlog.get_logger(__name__)


class Hub:
    """All followers of all topics.

    ``sockets_max`` bounds the sockets in all, ``sockets_per_address_max`` those of one client address and
    ``handshakes_per_s`` how fast they come; ``now_ms`` is the clock that beats tell, ``in_force`` whether a screen key
    of a name still counts, ``session_in_force`` whether a session of a digest does. ``told`` is what beats tell beside
    the time. ``on_revoked`` hears of a topic that was followed by a key which was revoked, and of that. ``beat_s``,
    ``sweep_s`` and ``unwritable_s`` stand for the constants of these names.
    """

    def __init__(
        self,
        *,
        sockets_max: int,
        sockets_per_address_max: int,
        handshakes_per_s: int,
        now_ms: Callable[[], int],
        in_force: Callable[[str], bool] = lambda _name: True,
        session_in_force: Callable[[str], bool] = lambda _digest: True,
        monotonic_s: Callable[[], float] = time.monotonic,
        beat_s: float = BEAT_S,
        sweep_s: float = SWEEP_S,
        unwritable_s: float = UNWRITABLE_S,
        told: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.sockets_max = sockets_max
        self.sockets_per_address_max = sockets_per_address_max
        self.handshakes_per_s = handshakes_per_s
        self.counters = FanoutCounters()
        # What operators see moves with what the gate holds back, so it is counted where no metric tells of it.
        self.operators_counters = FanoutCounters()
        self.is_draining = False
        self.now_ms = now_ms
        self.monotonic_s = monotonic_s
        self.beat_s = beat_s
        self.sweep_s = sweep_s
        self.unwritable_s = unwritable_s
        self.presence = Presence()
        self._in_force = in_force
        self.on_revoked: Callable[[str, str], None] = lambda _topic, _key: None
        self._session_in_force = session_in_force
        self.say(told)
        self._beats = 0
        self._joined = 0
        self._audiences: dict[tuple[Topic, int], Audience] = {}
        self._paced: dict[tuple[Topic, int], PacedAudience] = {}
        self._of_address: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        # Who is known has handshakes and places that no number of strangers uses up.
        self._handshakes = {is_known: Handshakes(handshakes_per_s, monotonic_s()) for is_known in (False, True)}

    @property
    def audiences(self) -> Iterable[Audience]:
        """The audiences, those that are empty included."""
        return tuple(self._audiences.values())

    def say(self, told: Mapping[str, str]) -> None:
        """Have beats tell this beside the time from now on."""
        self._says = dict(told)
        self._beat_end = msgspec.json.encode(self._says).removeprefix(b"{").removesuffix(b"}")

    def let_in(self, address: str, *, is_known: bool = False) -> str | None:
        """Take a place for a socket of a client address; returns what stands against it, None if nothing does.

        ``is_known`` is a screen with a key or a session: of those many may sit behind one address. ``let_go`` gives the
        place back.
        """
        objection = self._objection(address, is_known=is_known)
        if objection is not None:
            self.counters.refused[objection] += 1
            return objection
        self._handshakes[is_known].left -= 1
        self.counters.opened += 1
        self.counters.open += 1
        self._of_address[address] += 1
        return None

    def _objection(self, address: str, *, is_known: bool) -> str | None:
        if self.is_draining:
            return "draining"
        kept_free = 0 if is_known else int(self.sockets_max * KNOWN_SHARE)
        if self.counters.open >= self.sockets_max - kept_free:
            return "full"
        if not is_known and self._of_address[address] >= self.sockets_per_address_max:
            return "address_full"
        return None if self._handshakes[is_known].has_one(self.monotonic_s()) else "too_fast"

    def let_go(self, address: str) -> None:
        """Give the place of a socket of a client address back."""
        self.counters.open -= 1
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]

    def join(
        self,
        topic: Topic,
        socket: Socket,
        epoch: str | None,
        seq: int | None,
        *,
        key: str | None = None,
        session: str | None = None,
        is_known: bool = False,
        asked: Asked | None = None,
        pace_ms: int = 0,
    ) -> Follower:
        """Let a socket follow a topic from a position; what follows that position is sent at once.

        ``key`` names the screen key by which it was let in, ``session`` the session without which it would not have
        been; ``is_known`` is as for ``let_in``, also where the session was not needed; ``asked`` what it asked for
        that follows an output, ``pace_ms`` one of PACES_MS, or 0 for every frame; a topic whose frames may not wait has
        no paces. The socket's owner must tell the follower when the socket is full, drained or gone.
        """
        audience = self._audience(topic, pace_ms)
        self._joined += 1
        slot = self._joined % PING_BEATS
        follower = Follower(
            audience, socket, epoch, seq, slot=slot, key=key, session=session, is_known=is_known, asked=asked
        )
        audience.join(follower)
        if socket.is_paused:
            # Its first frame filled it, before it had an owner that could be told.
            audience.pause(follower)
        return follower

    def bounds(self) -> Mapping[str, list[int | None]]:
        """By how much each screen of each output may be wrong about the server's time, None where it has not told."""
        found: defaultdict[str, list[int | None]] = defaultdict(list)
        for audience in self.audiences:
            for follower in audience:
                if follower.asked is not None:
                    found[follower.asked.output].append(follower.bound_ms)
        return found

    def move(self, output: str, find: Callable[[str], Topic | None]) -> None:
        """Let those who follow an output follow the topics that it reads now, from where they stand; ``find`` gives the
        topic of a name there. One whose topic is gone is told to come back, and hears then that there is none."""
        for audience in self.audiences:
            for follower in audience:
                if follower.asked is None or follower.asked.output != output:
                    continue
                topic = find(follower.asked.name)
                if topic is None:
                    follower.socket.close(CLOSE_MOVED, GONE)
                elif topic is not audience.topic:
                    audience.release(follower)
                    follower.audience = self._audience(topic, audience.pace_ms)
                    follower.audience.join(follower)

    def dismiss(self, output: str, topics: Iterable[Topic]) -> None:
        """Send away who follows an output that is no more: its topics, or numbers as it showed them. They are told to
        come back, and hear then that there is none."""
        self.move(output, lambda _name: None)
        gone = set(topics)
        for audience in self.audiences:
            for follower in audience if audience.topic in gone else ():
                follower.socket.close(CLOSE_MOVED, GONE)

    def _audience(self, topic: Topic, pace_ms: int) -> Audience:
        key = topic, pace_ms if topic.may_be_paced else 0
        audience = self._audiences.get(key)
        if audience is None:
            counters = self.counters if topic.is_public else self.operators_counters
            if key[1]:
                audience = self._paced[key] = PacedAudience(*key, counters, self.monotonic_s)
            else:
                audience = Audience(topic, counters, self.monotonic_s)
            self._audiences[key] = audience
        return audience

    async def run(self) -> None:
        """Beat, keep the paces and look after connection points until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat_on())
            group.create_task(self._keep_paces())
            group.create_task(self.presence.run())

    async def _beat_on(self) -> None:
        while True:
            for _ in range(max(1, round(self.beat_s / self.sweep_s))):
                await asyncio.sleep(self.sweep_s)
                self.sweep()
            self.beat()

    async def _keep_paces(self) -> None:
        while True:
            await asyncio.sleep(PACE_LOOK_S)
            self.turn()

    def turn(self) -> None:
        """Send to those at a pace what is due."""
        now_ms = self.now_ms()
        for audience in tuple(self._paced.values()):
            audience.turn(now_ms)

    def greeting(self, told: Mapping[str, str]) -> bytes | None:
        """The beat that a page hears before its first frame, if beats tell something else than it has been told."""
        is_other = any(told.get(name, value) != value for name, value in self._says.items())
        return self._beat_frame() if is_other else None

    def _beat_frame(self) -> bytes:
        told = b"," + self._beat_end if self._beat_end else b""
        return text_frame(b'{"v":1,"type":"beat","at":%d%b}' % (self.now_ms(), told))

    def beat(self) -> None:
        """Send every socket the server's time, and a ping to those whose turn it is."""
        frame = self._beat_frame()
        self._beats += 1
        self.counters.beats += 1
        for audience in self.audiences:
            audience.beat(frame)
            for follower in audience:
                if follower.slot == self._beats % PING_BEATS:
                    self._ping(follower)

    def _ping(self, follower: Follower) -> None:
        if follower.stuck_since_s is not None:
            return  # Its ping would not arrive; the sweep looks after it.
        socket = follower.socket
        heard_bytes, socket.heard_bytes = socket.heard_bytes, 0
        if heard_bytes:
            follower.write(PING_FRAME)
        else:
            # Not even an answer to the last ping: the other end is gone, and the line has not told.
            self.counters.silent += 1
            socket.abort()

    def sweep(self) -> None:
        """Cut off stalled sockets, close those of revoked keys and ended sessions, drop audiences long empty."""
        now_s = self.monotonic_s()
        for audience in self.audiences:
            audience.abort_stalled(now_s - self.unwritable_s)
            for follower in audience:
                if follower.key is not None and not self._in_force(follower.key):
                    self.on_revoked(audience.topic.name, follower.key)
                    follower.socket.close(CLOSE_KEY_REVOKED, "the screen key was revoked")
                elif follower.session is not None and not self._session_in_force(follower.session):
                    follower.socket.close(CLOSE_SIGNED_OUT, "the session has ended")
            if not len(audience) and audience.empty_since_s <= now_s - EMPTY_AUDIENCE_S:
                audience.drop()
                del self._audiences[audience.topic, audience.pace_ms]
                self._paced.pop((audience.topic, audience.pace_ms), None)
        # One line for all that were refused meanwhile: a storm must not flood the log too.
        refused = self.counters.refused - self._told
        if refused:
            log.warning("sockets refused", open=self.counters.open, **refused)
            self._told += refused

    async def drain(self, spread_s: float = DRAIN_S) -> None:
        """Send every socket away, spread over ``spread_s``; from now on none is let in.

        Each close names a time to come back, and those are spread too: a server that starts again is not stormed. First
        come the screens that are known: the hall, the points, the control room.
        """
        self.is_draining = True
        followers = [follower for audience in self.audiences for follower in audience]
        if not followers:
            return
        followers.sort(key=lambda follower: not follower.is_known)
        retry_spread_ms = max(RETRY_SPREAD_MS, 1_000 * len(followers) // self.handshakes_per_s)
        retry_spread_ms = min(retry_spread_ms, RETRY_MS_MAX - RETRY_MS)
        steps = max(1, math.ceil(spread_s / DRAIN_STEP_S))
        per_step = math.ceil(len(followers) / steps)
        log.info("sending sockets away", sockets=len(followers), over_s=spread_s)
        for number, follower in enumerate(followers):
            if number and number % per_step == 0:
                await asyncio.sleep(spread_s / steps)
            retry_ms = RETRY_MS + retry_spread_ms * number // len(followers)
            follower.socket.close(CLOSE_DRAINING, f"retry_ms={retry_ms}")
