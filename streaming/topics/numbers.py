"""The public number topics of a store: boards, units, breakdown. They are moved from cut to cut."""

from collections.abc import Mapping

from streaming.contests.contest import Contest
from streaming.contests.units import UnitCode
from streaming.fold.cursor import Cut
from streaming.fold.tally import ALL
from streaming.topics.board import Board
from streaming.topics.frames import BREAKDOWN_COLUMNS, COLUMNS, Cells
from streaming.topics.moves import Move, Notes
from streaming.topics.state import Near, UnitState, number_state
from streaming.topics.taking_part import TakingPart
from streaming.topics.topic import Topic, TopicState

IDLE_FRAME_MS = 2_000
"""A topic in which nothing changes still tells its as-of time this often while the cut moves."""
BOARD, BREAKDOWN = "board", "breakdown"


def board_name(scope: int) -> str:
    """The name of the topic of the whole contest (ALL) or of a round."""
    return BOARD if scope == ALL else f"round/{scope}"


class NumberTopics:
    """Number topics that stand at one cut.

    Anybody may ask for any unit, and a contest may have tens of thousands: the topic of one is moved while somebody
    follows it, and else brought to the cut when it is asked for.
    """

    def __init__(self, *, rehearsal: bool) -> None:
        self.rehearsal = rehearsal
        self.notes = Notes()
        self._prefix = "rehearsal/" if rehearsal else ""
        self._topics: dict[str, Topic] = {}
        self._units: dict[str, Topic] = {}
        self._asked: set[str] = set()
        self._moved: set[str] = set()
        """Units whose topics stand at the cut: many who ask between two moves cost as much as one."""
        self._boards: dict[int, Board] = {}
        self._epoch = ""
        self._cut: Cut | None = None
        self._is_behind = False
        self._taking_part: TakingPart
        self._contest: Contest | None = None

    def find(self, name: str) -> Topic | None:
        """The topic of a name without "rehearsal/": board, round/1, unit/024, breakdown; None if there is none.

        Whoever follows it must begin in the same turn of the loop: else it may have been left behind, or forgotten.
        """
        if name in self._topics:
            return self._topics[name]
        kind, _, code = name.partition("/")
        if kind != "unit" or self._contest is None or UnitCode(code) not in self._contest.tree:
            return None
        self._asked.add(code)
        topic = self._units.get(code)
        if topic is None:
            topic = self._units[code] = self._new(name)
            self._begin(topic)
        if not topic.is_followed and code not in self._moved:
            self._move_unit(code)
            topic.publish()  # To nobody: the next frame is about what follows.
        return topic

    def forget(self) -> None:
        """Forget the topics of units that nobody follows, nor has asked for since the last time.

        Who asks again finds one that begins at the cut: a position from before gets a snapshot, that of the cut itself
        is current, for a position has one content.
        """
        self._units = {code: topic for code, topic in self._units.items() if topic.is_followed or code in self._asked}
        self._moved &= self._units.keys()
        self._asked.clear()

    def board(self, scope: int = ALL) -> Board:
        """The board of the whole contest (ALL) or of a round.

        Raises:
            KeyError: If there is no such round.
        """
        return self._boards[scope]

    def taking_part(self, code: str) -> tuple[int, int] | None:
        """How many places at the lowest level below a unit of the contest have anybody who started or finished, and how
        many there are; None where there is none."""
        return self._taking_part.of(code)

    @property
    def all(self) -> tuple[Topic, ...]:
        """Every public topic made so far."""
        return (*self._topics.values(), *self._units.values())

    @property
    def cut(self) -> Cut | None:
        """The cut that all topics stand at, None before the first."""
        return self._cut

    @property
    def epoch(self) -> str:
        """The epoch of all topics, "" before the first cut."""
        return self._epoch

    @property
    def contest(self) -> Contest | None:
        """The contest that they are of, None before the first cut."""
        return self._contest

    @property
    def is_behind(self) -> bool:
        """Whether others that they stand for may have told screens more."""
        return self._is_behind

    def dump(self) -> dict[str, TopicState]:
        """Every topic that stands at the cut, by its name without "rehearsal/"."""
        cut_seq = self._cut.seq if self._cut else 0
        return {self._short(topic): topic.dump() for topic in self.all if topic.seq == cut_seq}

    def restore(
        self,
        saved: Mapping[str, TopicState],
        notes: Notes,
        epoch: str,
        cut: Cut,
        contest: Contest,
        *,
        is_behind: bool = True,
    ) -> None:
        """Stand where others stood; ``is_behind`` says that these may have told screens more, until the next move."""
        self._epoch, self._cut, self._contest, self._is_behind = epoch, cut, contest, is_behind
        self.notes, self._taking_part = notes, TakingPart(contest.tree)
        self._moved.clear()
        for name, state in saved.items():
            kind, _, code = name.partition("/")
            topic = self._new(name)
            topic.restore(state, epoch, cut)
            if kind == "unit":
                self._units[code] = topic
                continue
            self._topics[name] = topic
            if kind != BREAKDOWN:
                board = self._boards[int(code) if code else ALL] = Board(contest)
                board.restore(topic.rows)
        self._taking_part.take(self._boards[ALL].rows)

    def stand_with(self, other: "NumberTopics") -> None:
        """Stand where others stand, so that whoever followed them can follow these; nowhere before their first cut."""
        if other.cut is not None and other.contest is not None:
            behind = other.is_behind
            self.restore(other.dump(), other.notes, other.epoch, other.cut, other.contest, is_behind=behind)

    def whole(self) -> Move:
        """Everything as a move to where these stand, for topics that stand elsewhere."""
        assert self._contest is not None  # noqa: S101 - asked for at a cut alone
        assert self._cut is not None  # noqa: S101 - the same
        return Move(
            epoch=self._epoch,
            contest=self._contest,
            cut=self._cut,
            rows={name: dict(topic.rows) for name, topic in self._topics.items()},
            states={name: number_state(name, topic.state) for name, topic in self._topics.items()},
            notes=self.notes,
            is_whole=True,
        )

    def take(self, move: Move, boards: Mapping[int, Board] | None = None) -> list[Topic]:
        """Go to a move's cut; returns the topics with something to publish. ``boards`` are those that stand there
        already, where the move was made of them.

        A new epoch begins all topics again and publishes the whole to everybody itself.
        """
        self._moved.clear()
        self._catch_up()
        begins, self._contest = move.epoch != self._epoch, move.contest
        if begins:
            assert move.is_whole  # noqa: S101 - nothing of another epoch stays
            self._lay_out(move)
        if boards is not None:
            self._boards = dict(boards)
        self._cut = move.cut
        if begins:
            for topic in self.all:
                self._begin(topic)
        changed = self._move_topics(move)
        if begins:
            for topic in self.all:
                topic.publish_all()
            return []
        moved = (*self._topics.values(), *(topic for topic in self._units.values() if topic.is_followed))
        return [topic for topic in moved if topic.name in changed or self._is_idle_due(topic)]

    def _catch_up(self) -> None:
        if self._is_behind:
            self._is_behind = False
            for topic in self.all:
                topic.is_behind = False

    def _lay_out(self, move: Move) -> None:
        self._epoch = move.epoch
        self._taking_part = TakingPart(move.contest.tree)
        self._boards = {_scope(name): Board(move.contest) for name in move.rows if name != BREAKDOWN}
        self._topics = {name: self._topics.get(name) or self._new(name) for name in move.rows}
        self._units = {
            code: topic
            for code, topic in self._units.items()
            if topic.is_followed and UnitCode(code) in move.contest.tree
        }

    def _move_topics(self, move: Move) -> set[str]:
        changed: set[str] = set()
        self.notes = move.notes
        for name, topic in self._topics.items():
            if name != BREAKDOWN:
                self._boards[_scope(name)].follow(move.rows[name])
            if topic.move(move.cut, move.rows[name], move.states[name]):
                changed.add(topic.name)
        self._taking_part.take(move.rows[BOARD])
        for code, topic in self._units.items():
            if topic.is_followed and self._move_unit(code):
                changed.add(topic.name)
        return changed

    def _move_unit(self, code: str) -> bool:
        """Bring one unit's topic to the cut: itself, its children, the siblings just ahead and behind."""
        assert self._contest is not None  # noqa: S101 - a unit topic is made under a contest
        assert self._cut is not None  # noqa: S101 - the same
        board, tree, topic = self._boards[ALL], self._contest.tree, self._units[code]
        ahead, behind = board.ranking(code).near(code)
        shown = {
            code,
            *(child.code for child in tree.children(UnitCode(code))),
            *filter(None, (ahead, behind)),
        }
        rows: dict[str, Cells | None] = {other: board.rows[other] for other in shown}
        # A sibling that is near no longer goes away from the topic.
        rows |= dict.fromkeys(topic.rows.keys() - shown)
        notes = self.notes
        is_corrected = code in notes.marked or any(code in tree.path(leaf) for leaf in notes.corrected or ())
        state = UnitState(
            act=notes.act,
            near=Near(ahead, behind),
            frozen=notes.frozen,
            corrected=is_corrected or None,
            taking_part=self._taking_part.of(code),
            share=board.share(code),
        )
        self._moved.add(code)
        return topic.move(self._cut, rows, state)

    def _is_idle_due(self, topic: Topic) -> bool:
        # Where a clock has been set back, what was published last may be later.
        is_fresh = 0 <= topic.at_ms - topic.published_at_ms < IDLE_FRAME_MS
        return topic.seq != topic.published_seq and not is_fresh

    def _new(self, name: str) -> Topic:
        columns = BREAKDOWN_COLUMNS if name == BREAKDOWN else COLUMNS
        topic = Topic(self._prefix + name, columns, rehearsal=self.rehearsal, may_be_paced=True)
        topic.is_behind = self._is_behind
        return topic

    def _begin(self, topic: Topic) -> None:
        assert self._cut is not None  # noqa: S101 - begun only at a cut
        topic.begin(self._epoch, self._cut)

    def _short(self, topic: Topic) -> str:
        return topic.name.removeprefix(self._prefix)


def _scope(name: str) -> int:
    """The round of a board's topic, ALL for that of the whole contest."""
    return int(name.partition("/")[2] or ALL)
