"""Sessions: who is signed in. Answered from memory, so that sockets and pages never wait for the file.

The cookie holds a random token, the file its digest. A session ends SESSION_TTL_HOURS after it was last used, at the
latest SESSION_DAYS_MAX after it began, or when it or its account is revoked: a running server knows within REFRESH_S.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from server.auth import sign_in_log
from server.auth.accounts import Credentials, change, end_sessions
from server.auth.links import TOKEN_BYTES, digest_of
from server.auth.roles import Account
from server.auth.sign_in_log import Outcome, SignIn
from server.auth.tables import account_from, accounts_table, sessions_table
from server.clock import wall_ms
from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile

SESSION_IN_SCOPE = "diemcau.session"
"""The scope key for the digest of the request's session."""
SESSION_TTL_HOURS = 12
"""How long a session lasts without use; an open page of the control room counts as use."""
SESSION_DAYS_MAX = 7
SESSIONS_PER_ACCOUNT_MAX = 20
"""Sessions of one account; one more ends the oldest."""
AGENT_CHARS_MAX = 200
TOUCH_S = 60.0
"""How often the file is told which sessions are in use."""

_HOUR_MS = 3_600_000

log = structlog.get_logger(__name__)


@dataclass
class Session:
    """One session that may be in force. Times in ms since the epoch."""

    digest: str
    account: Account
    seen_ms: int
    expires_ms: int

    def holds(self, now_ms: int) -> bool:
        """Whether it has not expired."""
        return now_ms < min(self.expires_ms, self.seen_ms + SESSION_TTL_HOURS * _HOUR_MS)


class Sessions:
    """The sessions of one data folder. ``find`` and ``in_force`` never block; methods that write run in a thread,
    except for their updates of memory."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._sessions: dict[str, Session] = {}
        self._used: set[str] = set()
        self._came_from: set[str] | None = None

    # Reading, in the event loop.

    def find(self, token: str) -> Session | None:
        """The session of a cookie, None if it is not in force."""
        return self._in_force(digest_of(token))

    def in_force(self, digest: str) -> bool:
        """Whether the session of a digest is in force; asking counts as use."""
        return self._in_force(digest) is not None

    def _in_force(self, digest: str) -> Session | None:
        rows = self._file.read_if_changed(_read)
        if rows is not None:
            for row in rows:
                if (known := self._sessions.get(row.digest)) is not None:
                    row.seen_ms = max(row.seen_ms, known.seen_ms)
            self._sessions = {row.digest: row for row in rows}
        session = self._sessions.get(digest)
        now_ms = self._file.now_ms()
        if session is None or not session.holds(now_ms):
            return None
        session.seen_ms = max(session.seen_ms, now_ms)
        self._used.add(digest)
        return session

    async def run(self) -> None:
        """Write down now and then which sessions are in use, until cancelled."""
        while True:
            await asyncio.sleep(TOUCH_S)
            await self.touch()

    async def touch(self) -> None:
        """Write down when the sessions used since the last time were seen."""
        used, self._used = self._used, set()
        known = [self._sessions[each] for each in used if each in self._sessions]
        seen: list[dict[str, str | int]] = [{"d": each.digest, "s": each.seen_ms} for each in known]
        if not seen:
            return
        try:
            await asyncio.to_thread(self._write_seen, seen)
        except AdminUnavailable as error:
            # The time of last use is in memory; only a restart within this period loses it.
            log.warning("sessions not written", reason=str(error))
            self._used |= used

    def _write_seen(self, seen: list[dict[str, str | int]]) -> None:
        table = sessions_table.c
        mine = (table.digest == bindparam("d")) & (table.seen_ms < bindparam("s"))
        with self._file.begin() as connection:
            connection.execute(sessions_table.update().where(mine).values(seen_ms=bindparam("s")), seen)

    # Writing.

    async def open(
        self,
        credentials: Credentials,
        outcome: Outcome,
        address: str,
        agent: str,
        *,
        step: int | None,
        instead_of: str = "",
    ) -> str | None:
        """Begin a session; returns its token for the cookie, None if the account was changed since the credentials.

        ``step`` is the step of the phone's code that was shown, used up by this. ``instead_of`` is the digest of the
        session that the browser had, whoever's: it ends too, because nobody could end it any more.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now_ms = self._file.now_ms()
        session = Session(digest_of(token), credentials.account, now_ms, now_ms + SESSION_DAYS_MAX * 24 * _HOUR_MS)
        if not await asyncio.to_thread(self._insert, session, credentials, outcome, address, agent, step, instead_of):
            return None
        self._sessions.pop(instead_of, None)
        # Known at once, because the next request comes before the next look at the file.
        self._sessions[session.digest] = session
        if self._came_from is not None:
            self._came_from.add(address)
            if len(self._came_from) > sign_in_log.SIGN_INS_MAX:
                self._came_from = None
        return token

    def _insert(
        self,
        session: Session,
        credentials: Credentials,
        outcome: Outcome,
        address: str,
        agent: str,
        step: int | None,
        instead_of: str,
    ) -> bool:
        table, number = sessions_table.c, credentials.account.number
        with self._file.begin() as connection:
            if not change(connection, credentials, totp_step=credentials.totp_step if step is None else step):
                return False
            dead = table.revoked_ms.is_not(None) | (table.expires_ms <= session.seen_ms) | (table.digest == instead_of)
            connection.execute(sessions_table.delete().where(dead))
            kept = select(table.digest).where(table.account == number).order_by(table.made_ms.desc())
            over = connection.execute(kept.offset(SESSIONS_PER_ACCOUNT_MAX - 1)).scalars().all()
            connection.execute(sessions_table.delete().where(table.digest.in_(over)))
            row = {
                "digest": session.digest, "account": number, "made_ms": session.seen_ms, "seen_ms": session.seen_ms,
                "expires_ms": session.expires_ms, "address": address, "agent": agent[:AGENT_CHARS_MAX],
                "revoked_ms": None,
            }  # fmt: skip
            connection.execute(sessions_table.insert().values(row))
            sign_in_log.note(connection, session.seen_ms, credentials.login, outcome, address, credentials.account)
        return True

    async def refused(self, credentials: Credentials | None, address: str) -> None:
        """Note a sign-in that was refused."""
        await asyncio.to_thread(self._note_refused, credentials, address)

    def _note_refused(self, credentials: Credentials | None, address: str) -> None:
        login, account = ("", None) if credentials is None else (credentials.login, credentials.account)
        with self._file.begin() as connection:
            sign_in_log.note(connection, self._file.now_ms(), login, Outcome.REFUSED, address, account)

    async def end(self, digest: str) -> None:
        """End one session."""
        await asyncio.to_thread(self._end, digest)
        self._sessions.pop(digest, None)

    def _end(self, digest: str) -> None:
        mine = sessions_table.c.digest == digest
        with self._file.begin() as connection:
            connection.execute(sessions_table.update().where(mine).values(revoked_ms=self._file.now_ms()))

    async def end_all(self, number: int, *, but: str = "") -> None:
        """End every session of an account, but that of a digest."""
        await asyncio.to_thread(self._end_all, number, but)
        self.forget(number, but=but)

    def _end_all(self, number: int, but: str) -> None:
        with self._file.begin() as connection:
            end_sessions(connection, number, self._file.now_ms(), but=but)

    def forget(self, number: int, *, but: str = "") -> None:
        """Drop an account's sessions from memory at once; they were ended in the file."""
        gone = [each.digest for each in self._sessions.values() if each.account.number == number and each.digest != but]
        for digest in gone:
            del self._sessions[digest]

    # The log of sign-ins.

    def latest(self, most: int) -> list[SignIn]:
        """The latest sign-ins, newest first; blocks."""
        with self._file.look() as connection:
            return sign_in_log.latest(connection, most)

    async def is_near(self, address: str) -> bool:
        """Whether anybody has signed in from an address before, as far as the log goes back; reads the file once."""
        if self._came_from is None:
            self._came_from = await asyncio.to_thread(self._read_came_from)
        return address in self._came_from

    def _read_came_from(self) -> set[str]:
        with self._file.look() as connection:
            return sign_in_log.came_from(connection)


def _read(connection: Connection) -> list[Session]:
    joined = select(sessions_table, accounts_table).join(
        accounts_table, accounts_table.c.number == sessions_table.c.account
    )
    alive = sessions_table.c.revoked_ms.is_(None) & accounts_table.c.revoked_ms.is_(None)
    return [
        Session(row.digest, account_from(row), row.seen_ms, row.expires_ms)
        for row in connection.execute(joined.where(alive))
    ]
