"""Audiences at a pace: one frame in some seconds for screens that paint no more often, or sit behind a thin line.

A frame of theirs has what all frames since their last one had: the topic makes it from their position, as for anybody
who was away. When it leaves is told by the cuts' own time. Screens paint at beats, multiples of some seconds, the last
cut that is not after the beat, and all of them the same. So just before the topic goes to a cut behind a multiple of
the pace, its followers get where it stands; if no such cut comes, soon after that time.
"""

from collections.abc import Callable

from server.live.audience import Audience, FanoutCounters, Follower
from streaming.topics.topic import Topic

PACES_MS = (5_000, 3_000, 2_000, 1_000)
"""The paces that there are, so that the audiences of a topic are few: the beats of screens, and what divides them."""
SETTLED_MS = 250
"""How long after a multiple of the pace its last cut has been published: a tick, and some. Screens paint at 400 ms."""


def pace_of(asked_ms: int) -> int:
    """The pace for who asks for a frame in so many ms: the longest that divides it, so that whoever paints that often
    finds the cut of each beat; 0 if none does, for every frame."""
    return next((pace_ms for pace_ms in PACES_MS if asked_ms and asked_ms % pace_ms == 0), 0)


class PacedAudience(Audience):
    """The followers of one topic at one pace; ``turn`` is called often. What somebody does, they hear at once."""

    def __init__(self, topic: Topic, pace_ms: int, counters: FanoutCounters, monotonic_s: Callable[[], float]) -> None:
        super().__init__(topic, counters, monotonic_s)
        self.pace_ms = pace_ms
        self._settled = -1

    def listen(self) -> None:
        """Be told by the topic from now on."""
        self.topic.paced.add(self)

    def drop(self) -> None:
        """Be told no more."""
        self.topic.paced.discard(self)

    def has_all(self, follower: Follower) -> bool:
        """Whether a follower has got what the others have, so that it waits with them for the next frame."""
        at = (follower.epoch, self.topic.epoch)
        return at == (self._epoch, self._epoch) and follower.seq is not None and follower.seq >= self._seq

    def before(self, at_ms: int) -> None:
        """Send where the topic stands, if it is about to go to a cut of another beat."""
        if -(at_ms // -self.pace_ms) != -(self.topic.at_ms // -self.pace_ms):
            self.flush()

    def published(self) -> None:
        """Send where the topic stands, if somebody has acted since the last frame."""
        if self.topic.acted_seq > self._seq:
            self.flush()

    def turn(self, now_ms: int) -> None:
        """Send where the topic stands, if a multiple of the pace has passed by it."""
        settled = (now_ms - self.topic.lag_ms - SETTLED_MS) // self.pace_ms
        if settled != self._settled:
            self._settled = settled
            if self.topic.at_ms <= settled * self.pace_ms:
                self.flush()

    def flush(self) -> None:
        """Send one frame with all that the topic has published since the last, if there is anything."""
        topic = self.topic
        if topic.epoch != self._epoch or topic.published_seq <= self._seq:
            return
        if not self._in_step and not self._ahead:
            # Whoever is full has a position of its own.
            self._counters.conflated += len(self._paused)
            self._seq = topic.seq
            return
        payload = topic.after(self._epoch, self._seq)
        assert payload is not None  # noqa: S101 - it has published since
        self._counters.paced_frames += 1
        self.publish(self._seq, topic.seq, payload)
