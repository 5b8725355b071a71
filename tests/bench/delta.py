"""How many bytes a change of one ward costs every screen that follows the board."""

from itertools import count

import msgspec

from streaming.contests.contest import encode_contest, load_contest, shipped_contest
from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.participation import Participation, content_digest, encode_body
from streaming.topics.frames import COLUMNS, Cells
from streaming.topics.topic import Topic
from streaming.topics.topics import Topics

RANK = COLUMNS.index("rank")
GAP = 8
"""Entries between one ward and the next in place within a district, so that one entry more moves nobody."""


class Deltas(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of a delta where no place changes, and the most that each re-ranked row adds, over all the cases tried."""

    plain_bytes: int
    reranked_row_bytes_max: float
    reranked_rows_max: int


class Ceremony:
    """The shipped contest in the fold, in the middle of a ceremony: every ward has numbers of real lengths."""

    def __init__(self) -> None:
        self.contest = load_contest(shipped_contest()).contest
        self._opens_ms = self.contest.rounds[0].opens_ms
        self._seqs = count(1)
        self._fold = Fold()
        self._topics = Topics(rehearsal=True)
        body = b'{"kind":"contest","contest":%b}' % encode_contest(self.contest)
        self._fold.apply(Row(next(self._seqs), "decision", self._opens_ms, "system", None, None, body))
        tree = self.contest.tree
        for unit in tree:
            for place, child in enumerate(reversed(tree.children(unit.code)), 1):
                if tree.is_leaf(child.code):
                    self._enter(child.code, GAP * place)
        self._topics.move(self._fold, "0123456789abcdef")

    @property
    def board(self) -> Topic:
        """The board's topic."""
        found = self._topics.find("board")
        assert found is not None
        return found

    def delta(self, unit: str, entries: int) -> bytes:
        """The delta that follows when a unit gains entries, all of the same second."""
        base = self.board.seq
        self._enter(unit, entries)
        self._topics.move(self._fold, "0123456789abcdef")
        payload = self.board.after(self.board.epoch, base)
        assert payload is not None
        return payload

    def _enter(self, unit: str, entries: int) -> None:
        for _ in range(entries):
            seq = next(self._seqs)
            item = Participation(kind="completed", at=self._opens_ms, unit=unit, person=f"{seq:032x}")
            digest, body = content_digest(item), encode_body(item)
            received_ms = self._opens_ms + 1_000
            self._fold.apply(Row(seq, "participation", received_ms, "bench", f"i{seq}", digest, body))


def deltas() -> Deltas:
    """Add an entry to each ward; then have the last ward of each district pass one, two, three, … others."""
    ceremony = Ceremony()
    tree = ceremony.contest.tree
    districts = [[unit.code for unit in tree.children(district.code)] for district in tree.children(tree.root.code)]
    plain = max(
        size for wards in districts for code in wards for size, moved in [_case(ceremony, code, 1)] if not moved
    )
    per_row, most = 0.0, 0
    for wards in districts:
        for passed in range(1, len(wards)):
            last = max(wards, key=lambda code: _rank(ceremony.board.rows[code]))
            size, moved = _case(ceremony, last, GAP * passed + 1)
            if moved:
                per_row, most = max(per_row, (size - plain) / moved), max(most, moved)
    return Deltas(plain_bytes=plain, reranked_row_bytes_max=round(per_row, 1), reranked_rows_max=most)


def _case(ceremony: Ceremony, unit: str, entries: int) -> tuple[int, int]:
    """The delta's bytes, and how many rows have another place."""
    before = dict(ceremony.board.rows)
    size = len(ceremony.delta(unit, entries))
    after = ceremony.board.rows
    return size, sum(_rank(after[code]) != _rank(cells) for code, cells in before.items())


def _rank(cells: Cells) -> float:
    rank = cells[RANK]
    return 0 if rank is None else rank
