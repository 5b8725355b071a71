"""An audience: the followers of one topic, and who of them gets which bytes.

A follower is a position, not a queue. Those in step get the bytes of one prepared frame in one loop; one whose socket
is full is left out, keeps its position, and gets whatever brings that position to now once the socket has drained.
There is no task, queue or lock per message. Everything here runs in the event loop's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from server.net.websocket import Socket, text_frame
from streaming.topics.topic import EVERYBODY, Topic

BEAT_AFTER_S = 1.0
"""Who got a frame within this time needs no beat: it has heard the server."""
CAUGHT_UP_FRAMES_MAX = 64
"""Frames kept per topic and position for those that come back together, as after a restart."""

Write = Callable[[bytes], None]


@dataclass
class FanoutCounters:
    """Counters since the start, for metrics. A delivery is one frame to one socket."""

    opened: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    deliveries: int = 0
    delivered_bytes: int = 0
    beats: int = 0
    slow: int = 0
    aborted: int = 0
    silent: int = 0
    conflated: int = 0
    failed_writes: int = 0
    paced_frames: int = 0
    open: int = 0
    first: dict[str, int] = field(default_factory=lambda: {"current": 0, "brought_up": 0, "snapshot": 0})


class Asked(NamedTuple):
    """What a socket has asked for that follows an output: the name of a topic, which the output reads from where its
    numbers come from now."""

    output: str
    name: str


class Follower:
    """One socket's place in an audience. While it is in step its position is the audience's, else its own.

    ``bound_ms`` is by how much its screen may be wrong about the server's time, as far as it has told.
    """

    __slots__ = (
        "asked",
        "audience",
        "bound_ms",
        "epoch",
        "is_known",
        "key",
        "seq",
        "session",
        "slot",
        "socket",
        "stuck_since_s",
        "waiting_bytes",
        "write",
    )

    def __init__(
        self,
        audience: "Audience",
        socket: Socket,
        epoch: str | None,
        seq: int | None,
        *,
        slot: int = 0,
        key: str | None = None,
        session: str | None = None,
        is_known: bool = False,
        asked: Asked | None = None,
    ) -> None:
        self.audience = audience
        self.asked = asked
        self.socket = socket
        self.slot = slot
        self.key = key
        self.session = session
        self.is_known = is_known or key is not None or session is not None
        self.write: Write = socket.write
        self.epoch = epoch
        self.seq = seq
        self.stuck_since_s: float | None = None
        """While its socket is full: since when that has taken nothing, as far as has been looked."""
        self.waiting_bytes = 0
        self.bound_ms: int | None = None

    def paused(self) -> None:
        """The socket is full."""
        self.audience.pause(self)

    def resumed(self) -> None:
        """The socket has drained."""
        self.audience.resume(self)

    def left(self) -> None:
        """The socket closes."""
        self.audience.leave(self)


class Audience:
    """The followers of one topic, or of one at a pace of their own.

    Each is in exactly one of three places: ``in step`` got the last published frame; ``ahead`` joined or caught up
    after it, so its position lies between that frame and the next; ``paused`` has a full socket.
    """

    pace_ms = 0
    """At most one frame in this time leaves for them; 0 for each that the topic publishes."""

    def __init__(self, topic: Topic, counters: FanoutCounters, monotonic_s: Callable[[], float]) -> None:
        self.topic = topic
        self.empty_since_s = monotonic_s()
        self._published_at_s = float("-inf")
        self._counters = counters
        self._monotonic_s = monotonic_s
        self._epoch = topic.epoch
        self._seq = topic.published_seq
        self._in_step: dict[Follower, Write] = {}
        self._ahead: dict[Follower, Write] = {}
        self._paused: dict[Follower, None] = {}
        self._writes: list[Write] | None = None
        self._caught_up: dict[tuple[str | None, int | None], bytes] = {}
        self._caught_up_at = ("", -1)
        self.listen()

    def __len__(self) -> int:
        return len(self._in_step) + len(self._ahead) + len(self._paused)

    def __iter__(self) -> Iterator[Follower]:
        yield from [*self._in_step, *self._ahead, *self._paused]

    @property
    def paused_now(self) -> int:
        """Followers whose socket is full now."""
        return len(self._paused)

    def listen(self) -> None:
        """Be told by the topic from now on."""
        self.topic.listeners.add(self.publish)

    def drop(self) -> None:
        """Stop listening to the topic."""
        self.topic.listeners.discard(self.publish)

    def join(self, follower: Follower) -> None:
        """Add a follower that stands at a position (None: at none) and send it what follows that position."""
        self._ahead[follower] = follower.write
        if follower.socket.is_paused:
            self.pause(follower)
        else:
            self._counters.first[self._catch_up(follower)] += 1

    def leave(self, follower: Follower) -> None:
        """Forget a follower; nothing is written to it any more."""
        if self._in_step.pop(follower, None) is not None:
            self._writes = None
        self._ahead.pop(follower, None)
        self._paused.pop(follower, None)
        if not len(self):
            self.empty_since_s = self._monotonic_s()

    def release(self, follower: Follower) -> None:
        """Let a follower go to another audience, with its position."""
        if follower in self._in_step:
            follower.epoch, follower.seq = self._epoch, self._seq
        self.leave(follower)

    def pause(self, follower: Follower) -> None:
        """Leave a follower out until it is resumed; it keeps its position, and nothing is queued for it."""
        if self._in_step.pop(follower, None) is not None:
            self._writes = None
            follower.epoch, follower.seq = self._epoch, self._seq
        elif self._ahead.pop(follower, None) is None:
            return
        self._counters.slow += 1
        follower.stuck_since_s = self._monotonic_s()
        follower.waiting_bytes = follower.socket.waiting_bytes
        self._paused[follower] = None

    def resume(self, follower: Follower) -> None:
        """Take a follower in again and bring it from its position to now."""
        if follower not in self._paused:
            return
        del self._paused[follower]
        follower.stuck_since_s = None
        self._ahead[follower] = follower.write
        if not self.has_all(follower):
            self._catch_up(follower)

    def has_all(self, _follower: Follower) -> bool:
        """Whether a follower has got what the others have, so that it waits with them for the next frame."""
        return False

    def publish(self, base: int, seq: int, payload: bytes) -> None:
        """Send a topic's shared frame to every follower that it fits; called by the topic."""
        frame = text_frame(payload)
        fits = base == EVERYBODY or base <= self._seq < seq
        if not fits and self._in_step:
            # Frames of this topic went by unheard; whoever stood at the old position is brought up one by one.
            for follower in self._in_step:
                follower.epoch, follower.seq = self._epoch, self._seq
            self._ahead |= self._in_step
            self._in_step.clear()
            self._writes = None
        behind = []
        for follower in [*self._ahead]:
            if base == EVERYBODY or base <= (-1 if follower.seq is None else follower.seq) < seq:
                self._in_step[follower] = self._ahead.pop(follower)
                self._writes = None
            elif follower.seq is None or follower.seq < base:
                behind.append(follower)
        self._counters.conflated += len(self._paused)
        self._epoch, self._seq = self.topic.epoch, seq
        self._published_at_s = self._monotonic_s()
        if self._writes is None:
            self._writes = [*self._in_step.values()]
        self._write_all(self._writes, frame)
        for follower in behind:
            self._catch_up(follower)

    def beat(self, frame: bytes) -> None:
        """Send a frame that changes no position to every follower whose socket is not full and who heard nothing of
        late."""
        is_quiet = self._monotonic_s() - self._published_at_s >= BEAT_AFTER_S
        self._write_all([*(self._in_step.values() if is_quiet else ()), *self._ahead.values()], frame)

    def abort_stalled(self, since_s: float) -> None:
        """Cut off the sockets that have been full, and have taken nothing, since before a monotonic time. One that
        takes little by little is slow, and stays."""
        for follower in [*self._paused]:
            waiting_bytes = follower.socket.waiting_bytes
            if waiting_bytes < follower.waiting_bytes:
                follower.stuck_since_s = self._monotonic_s()
                follower.waiting_bytes = waiting_bytes
            elif follower.stuck_since_s is not None and follower.stuck_since_s <= since_s:
                self._counters.aborted += 1
                follower.socket.abort()

    def _write_all(self, writes: list[Write], frame: bytes) -> None:
        """Write the frame to each. A write that fails costs only its own socket its frame: that socket is dying."""
        self._counters.deliveries += len(writes)
        self._counters.delivered_bytes += len(writes) * len(frame)
        rest = iter(writes)
        while True:
            try:
                for write in rest:
                    write(frame)
            except (OSError, RuntimeError):
                self._counters.failed_writes += 1
            else:
                return

    def _catch_up(self, follower: Follower) -> str:
        """Bring a follower from its position to now; returns which way: current, brought_up or snapshot."""
        topic = self.topic
        epoch, seq = follower.epoch, follower.seq
        is_within = epoch == topic.epoch and seq is not None and topic.since <= seq <= topic.seq
        # Whether the ledger has such a row is not asked: the answer would tell what the gate holds back.
        is_ahead = topic.is_behind and epoch == topic.epoch and seq is not None and topic.seq < seq
        if is_ahead or (is_within and seq == topic.seq):
            return "current"
        frame = self._frame_after(epoch, seq) if is_within else self._frame_after(None, None)
        # The position moves before the write, because the write may find the socket full.
        follower.epoch, follower.seq = topic.epoch, topic.seq
        self._write_all([follower.write], frame)
        return "brought_up" if is_within else "snapshot"

    def _frame_after(self, epoch: str | None, seq: int | None) -> bytes:
        now = (self.topic.epoch, self.topic.seq)
        if self._caught_up_at != now or len(self._caught_up) >= CAUGHT_UP_FRAMES_MAX:
            self._caught_up, self._caught_up_at = {}, now
        frame = self._caught_up.get((epoch, seq))
        if frame is None:
            frame = text_frame(self.topic.after(epoch, seq) or b"")
            self._caught_up[epoch, seq] = frame
        return frame
