"""Keys of connection points: each lets whoever holds it open the roll call of one unit, until it is changed or revoked.

A key is worked out and not stored: of a secret of the data folder, the unit's code and a generation, which admin.db
counts. So the sheet of all points can be made again at any time, and neither the file nor a copy of it holds what would
open a point. A key has two forms: the token of a link, which nobody can guess, and a code short enough to be read out
on the telephone, which is only as good as the bounds on guessing it (server/auth/point_tries.py).

A browser keeps a pass in a cookie, which names the generation and holds neither form.
"""

import base64
import hashlib
import hmac
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from dashboard.point_sheet import Opening
from server.auth.roles import POINT_BY, POINT_PAGES, PointKey
from server.clock import wall_ms
from server.errors import UnknownUnit
from server.folder.admin_file import AdminFile, metadata
from streaming.contests.units import Tree
from streaming.points.point import point_in, points_of

PREFIX = "dcu_"
"""By which people, the log and secret scanners recognise the token of a point's link."""
TOKEN_BYTES = 20
"""32 letters and digits: a chat program may leave a "-" or "_" at the end out of the link that it makes of a text."""
DRAWN_BYTES = 24
"""What a code is drawn of: no code is likelier than another by more than one part in 2^160."""
CODE_CHARS = 6
ALPHABET = "23456789BCFGHJKMNPQRSTVXZ"
"""Characters of codes. Without those that are taken for one another (0 O, 1 I L), and without what a Vietnamese
keyboard turns into another letter: with no vowel to stand on, tone keys stay what they are; D and W are left out."""
CODES = len(ALPHABET) ** CODE_CHARS
"""As many codes there are: 244,140,625."""
FORMER_MAX = 20
"""So many generations back a key is told from one that never was."""
MAC_BYTES = 16
TYPED_CHARS_MAX = 40
"""Of a code as it is typed; what is longer is none."""

_TOKEN = re.compile(rf"(?:^|[#/])({PREFIX}[a-z2-7]{{32}})$")
_PASS = re.compile(r"(\d{1,9})\.[0-9a-f]{32}", re.ASCII)
_BETWEEN = re.compile(r"[\s\-‐-―−._·]+")

point_keys_table = Table(
    "point_keys",
    metadata,
    Column("unit", String, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("changed_ms", Integer, nullable=False),
    Column("revoked_ms", Integer),
)
"""Only of points whose first key was changed or revoked."""


@dataclass(frozen=True)
class PointKeyState:
    """How the key of a point stands; ``revoked_ms`` is None while it is in force, ``changed_ms`` for its first."""

    unit: str
    generation: int = 1
    changed_ms: int | None = None
    revoked_ms: int | None = None


class PointKeys:
    """The keys of the points of one data folder; ``secret`` is what they are worked out of. A running server calls
    ``find``, ``find_link``, ``find_pass``, ``named``, ``in_force`` and ``is_former``, which never block."""

    def __init__(
        self,
        path: Path,
        secret: bytes,
        tree: Tree,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._secret = secret
        self._tree = tree
        # Until the file has been read once no key is in force: one that was revoked must not hold for a moment.
        self._states: dict[str, PointKeyState] | None = None
        self._links: dict[bytes, PointKey] = {}

    # Writing: the command line, and the control room.

    def rotate(self, unit: str) -> PointKeyState:
        """Give a point another key; the former one, revoked or not, opens nothing any more.

        Raises:
            UnknownUnit: If there is no such point.
        """
        return self._change(unit, is_revoked=False)

    def revoke(self, unit: str) -> PointKeyState:
        """End the key of a point; it has none until it is given another.

        Raises:
            UnknownUnit: If there is no such point.
        """
        return self._change(unit, is_revoked=True)

    def list(self) -> Sequence[PointKeyState]:
        """How the key of every point stands, in the order of their list; reads the file now."""
        self._file.make()
        with self._file.look() as connection:
            known = _by_unit(_read(connection))
        return [known.get(unit.code, PointKeyState(unit.code)) for unit in points_of(self._tree)]

    def _change(self, unit: str, *, is_revoked: bool) -> PointKeyState:
        if point_in(self._tree, unit) is None:
            raise UnknownUnit("unit", unit)
        self._file.make()
        with self._file.begin() as connection:
            mine = select(point_keys_table).where(point_keys_table.c.unit == unit)
            row = connection.execute(mine).first()
            generation = row.generation if row else 1
            now_ms = self._file.now_ms()
            if is_revoked:
                changed_ms = row.changed_ms if row else now_ms
                revoked_ms = row.revoked_ms if row and row.revoked_ms is not None else now_ms
                state = PointKeyState(unit, generation, changed_ms, revoked_ms)
            else:
                state = PointKeyState(unit, generation + 1, now_ms)
            values = {
                "generation": state.generation, "changed_ms": state.changed_ms, "revoked_ms": state.revoked_ms
            }  # fmt: skip
            statement = insert(point_keys_table).values(unit=unit, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["unit"], set_=values))
        return state

    # Reading: the server.

    def named(self, unit: str, generation: int) -> PointKey | None:
        """The key of a point by its generation, None if it is not in force."""
        key = self._current(unit)
        return key if key is not None and key.generation == generation else None

    def find(self, unit: str, shown: str) -> PointKey | None:
        """The key of a point by its token or its code as people type it, None for one that is wrong, or of before.

        A code must have been let through by the bounds on guessing first.
        """
        key = self._current(unit)
        if key is None:
            return None
        right = (self.token(unit, key.generation), self.code(unit, key.generation))
        said = (token_in(shown), plain_code(shown))
        return key if any(hmac.compare_digest(*pair) for pair in zip(right, said, strict=True)) else None

    def find_link(self, shown: str) -> PointKey | None:
        """The key of the token of a link, of whatever point it is, None for one that is wrong, or of before."""
        token = token_in(shown)
        self._refresh()
        if token and _digest(token) not in self._links:
            self._refresh(for_unknown=True)
        return self._links.get(_digest(token)) if token else None

    def is_former(self, unit: str, shown: str) -> bool:
        """Whether what was shown opened this point once: it was changed since, or revoked."""
        self._refresh()
        state = self._state(unit)
        if state is None:
            return False
        said = (token_in(shown), plain_code(shown))
        last = state.generation if state.revoked_ms is not None else state.generation - 1
        return any(
            hmac.compare_digest(right, told)
            for generation in range(last, max(0, last - FORMER_MAX), -1)
            for right, told in zip((self.token(unit, generation), self.code(unit, generation)), said, strict=True)
        )

    def in_force(self, name: str) -> bool:
        """Whether the key that a socket was let in with, by its ``name``, is in force."""
        unit, _, generation = name.removeprefix(POINT_BY).rpartition("/")
        return generation.isdecimal() and self.named(unit, int(generation)) is not None

    # What a key looks like.

    def token(self, unit: str, generation: int) -> str:
        """The token of a link."""
        drawn = self._drawn(b"point link", unit, generation, TOKEN_BYTES)
        return PREFIX + base64.b32encode(drawn).decode().lower()

    def code(self, unit: str, generation: int) -> str:
        """The code, without the hyphen with which it is shown."""
        left, chars = int.from_bytes(self._drawn(b"point code", unit, generation, DRAWN_BYTES)), []
        for _ in range(CODE_CHARS):
            left, nth = divmod(left, len(ALPHABET))
            chars.append(ALPHABET[nth])
        return "".join(chars)

    def link(self, state: PointKeyState, base: str) -> str:
        """The link that opens a point, below the server's address; a # reaches no server, proxy or log."""
        return f"{door_of(state.unit, base)}#{self.token(state.unit, state.generation)}"

    # Passes.

    def pass_of(self, key: PointKey) -> str:
        """What a browser keeps of a key."""
        mac = self._drawn(b"point pass", key.unit, key.generation, MAC_BYTES).hex()
        return f"{key.generation}.{mac}"

    def find_pass(self, unit: str, shown: str) -> PointKey | None:
        """The key of a pass, None for one that is wrong, or of a key that is in force no more."""
        found = _PASS.fullmatch(shown)
        key = self.named(unit, int(found[1])) if found else None
        return key if key is not None and hmac.compare_digest(shown, self.pass_of(key)) else None

    def _drawn(self, purpose: bytes, unit: str, generation: int, size: int) -> bytes:
        said = f"{unit}\0{generation}".encode()
        return hashlib.blake2b(said, key=self._secret, digest_size=size, person=purpose).digest()

    def _current(self, unit: str) -> PointKey | None:
        self._refresh()
        state = self._state(unit)
        return PointKey(unit, state.generation) if state is not None and state.revoked_ms is None else None

    def _state(self, unit: str) -> PointKeyState | None:
        if self._states is None or point_in(self._tree, unit) is None:
            return None
        return self._states.get(unit) or PointKeyState(unit)

    def _refresh(self, *, for_unknown: bool = False) -> None:
        rows = self._file.read_if_changed(_read, for_unknown=for_unknown)
        if rows is None:
            return
        states_now = _by_unit(rows)
        if states_now == self._states:
            # The file holds the roll call too, and changes with every tick of it.
            return
        self._states = states_now
        states = (self._states.get(unit.code) or PointKeyState(unit.code) for unit in points_of(self._tree))
        # By digests, so that no comparison takes longer the more of a token is right.
        self._links = {
            _digest(self.token(state.unit, state.generation)): PointKey(state.unit, state.generation)
            for state in states
            if state.revoked_ms is None
        }


def opening_of(keys: PointKeys, state: PointKeyState, base: str) -> Opening:
    """What opens a point below the server's address, as it stands on the sheet; nothing does while its key is
    revoked."""
    address = door_of(state.unit, base)
    if state.revoked_ms is not None:
        return Opening(state.unit, address, "", "")
    return Opening(state.unit, address, keys.link(state, base), shown_code(keys.code(state.unit, state.generation)))


def door_of(unit: str, base: str = "") -> str:
    """The address of a point's door, below the server's."""
    return f"{base.rstrip('/')}{POINT_PAGES}{unit}/enter"


def shown_code(code: str) -> str:
    """A code as people read it: "ABC-DEF"."""
    return f"{code[:3]}-{code[3:]}"


def plain_code(typed: str) -> str:
    """A code as it was typed, without regard to case, blanks and hyphens; "" for what cannot be one."""
    if len(typed) > TYPED_CHARS_MAX:
        return ""
    found = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    return found if len(found) == CODE_CHARS and set(found) <= set(ALPHABET) else ""


def token_in(shown: str) -> str:
    """The token of a link, which may have been pasted as a whole; "" if there is none in it."""
    found = _TOKEN.search(shown.strip())
    return found[1] if found else ""


def point_secret(secret: bytes) -> bytes:
    """What a data folder's points' keys are worked out of, from a secret of that folder."""
    return hashlib.blake2b(secret, digest_size=32, person=b"point secret").digest()


def _by_unit(rows: Sequence[Row[Any]]) -> dict[str, PointKeyState]:
    return {row.unit: PointKeyState(row.unit, row.generation, row.changed_ms, row.revoked_ms) for row in rows}


def _read(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(point_keys_table)).all()


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=32).digest()
