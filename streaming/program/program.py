"""The topics that tell what an output shows: to everybody, to operators, to its presenter, to its button."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from streaming.fold.cursor import Cut
from streaming.program.button import button_of
from streaming.program.output import Output
from streaming.program.points import PointsAired, RollCalled
from streaming.program.presenter import presenter_of
from streaming.program.told import RendererFault
from streaming.topics.state import State
from streaming.topics.topic import Topic


class Beside(NamedTuple):
    """What operators are told beside an output itself, and is kept nowhere: the scenes that cannot be taken, and why
    not; whether it is on the switcher's program; the scene of respect that it would show if nobody held it; whether
    what it shows is one. ``roll`` is the roll call, ``aired`` what everybody sees of it; ``faults`` is what went
    wrong on the renderers of its overlays."""

    lacks: Mapping[str, str] | None = None
    tally: bool | None = None
    solemn: str | None = None
    is_solemn: bool = False
    roll: RollCalled | None = None
    aired: PointsAired | None = None
    faults: tuple[RendererFault, ...] = ()


class Program:
    """The topics of one output. Nobody else publishes them.

    ``topic`` is public and tells what is on air and nothing else: it moves with that alone, so that not even its
    position tells what is prepared. ``control`` is for operators and the output's director, ``presenter`` and
    ``button`` for tablets on stage, each with what these must know. ``epoch`` is a name that no
    other run has given; a change of store begins another one, for what stood over other numbers is nothing to go on
    from.
    """

    def __init__(self, output: Output, epoch: str, now_ms: int, beside: Beside | None = None) -> None:
        self.topic = Topic(f"program/{output.name}", (), rehearsal=False)
        self.control = Topic(f"control/program/{output.name}", (), rehearsal=False, is_public=False)
        self.presenter = Topic(f"presenter/{output.name}", (), rehearsal=False, is_public=False)
        self.button = Topic(f"button/{output.name}", (), rehearsal=False, is_public=False)
        self._epoch = epoch
        self._epochs = 0
        self._store: str | None = None
        self._told: dict[Topic, State] = {}
        self.tell(output, now_ms, beside)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All of them."""
        return self.topic, self.control, self.presenter, self.button

    def tell(self, output: Output, now_ms: int, beside: Beside | None = None) -> None:
        """Tell whoever follows what is different now, and operators what stands ``beside`` it."""
        begins, self._store = output.store != self._store, output.store
        if begins:
            self._epochs += 1
        lacks, tally, solemn, is_solemn, roll, aired, faults = beside or Beside()
        control = msgspec.structs.replace(
            output.told(), lacks=lacks or None, tally=tally, solemn=solemn, faults=faults or None
        )
        face = msgspec.structs.replace(output.face(now_ms, is_solemn=is_solemn), points=aired)
        self._move(self.topic, face, now_ms, begins=begins)
        self._move(self.control, control, now_ms, begins=begins)
        self._move(self.presenter, presenter_of(output, roll), now_ms, begins=begins)
        self._move(self.button, button_of(output, now_ms), now_ms, begins=begins)

    def _move(self, topic: Topic, state: State, now_ms: int, *, begins: bool) -> None:
        if begins:
            topic.rehearsal = self._store == "rehearsal"
            topic.begin(f"{self._epoch}.{self._epochs}", Cut(0, now_ms, None, 0))
        elif self._told[topic] == state:
            return
        self._told[topic] = state
        topic.move(Cut(topic.seq + 1, now_ms, None, 0), {}, state)
        if begins:
            topic.publish_all()
        else:
            topic.publish()
