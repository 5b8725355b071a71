"""The prepared straps of people: who changes the list, and what is approved in it. A change acts once it is on disk."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import structlog

from dashboard.overlays.straps import (
    STRAPS_MAX,
    Approval,
    Strap,
    StrapList,
    StrapText,
    changed,
    faults_of,
    merged,
    twice,
)
from server.errors import NoSuchStrap, StrapChanged, StrapsFull, WrongStrap
from server.folder.kept_straps import KeptStraps

ID_BYTES = 6

log = structlog.get_logger(__name__)


class Straps:
    """The list of a contest. Who changes a strap says which ``seen`` version of it he has looked at.

    Raises:
        AdminUnavailable: From each change, if it cannot be written now; nothing is changed then.
    """

    def __init__(self, kept: KeptStraps, now_ms: Callable[[], int]) -> None:
        self._kept = kept
        self._now_ms = now_ms
        self._changing = asyncio.Lock()
        self.list = kept.read()

    def approves(self, data: Mapping[str, Any]) -> bool:
        """Whether an overlay's data are an approved strap of the list."""
        return self.list.approves(data)

    async def add(self, text: StrapText, place: int | None) -> Strap:
        """Add one at a ``place`` in the order, from 1; at the end without it.

        Raises:
            WrongStrap: If it cannot be shown, or somebody of that name is there.
            StrapsFull: If there are too many.
        """
        async with self._changing:
            text = _checked(text, self.list.straps)
            if len(self.list.straps) >= STRAPS_MAX:
                raise StrapsFull(STRAPS_MAX)
            version = self._next()
            fields = {name: getattr(text, name) for name in StrapText.__struct_fields__}
            made = Strap(**fields, id=secrets.token_hex(ID_BYTES), version=version)
            await self._keep(StrapList(version, _placed(self.list.straps, made, place)))
        return made

    async def edit(self, id_: str, text: StrapText, seen: int, place: int | None) -> Strap:
        """Give one another text, or another place; what is seen of it then is approved no more.

        Raises:
            NoSuchStrap, StrapChanged: If it is gone, or was changed since.
            WrongStrap: If it cannot be shown, or somebody of that name is there.
        """
        async with self._changing:
            old = self._seen(id_, seen)
            others = tuple(each for each in self.list.straps if each.id != id_)
            version = self._next()
            made = changed(old, _checked(text, others), version)
            at = self.list.straps.index(old) + 1 if place is None else place
            await self._keep(StrapList(version, _placed(others, made, at)))
        return made

    async def approve(self, id_: str, seen: int, by: str, *, is_approved: bool) -> Strap:
        """Approve one as it was seen, or take that back.

        Raises:
            NoSuchStrap, StrapChanged: If it is gone, or was changed since.
        """
        async with self._changing:
            old = self._seen(id_, seen)
            if is_approved == (old.approved is not None):
                return old
            version = self._next()
            approval = Approval(by, self._now_ms()) if is_approved else None
            made = msgspec.structs.replace(old, version=version, approved=approval)
            straps = tuple(made if each.id == id_ else each for each in self.list.straps)
            await self._keep(StrapList(version, straps))
        log.info("strap approved" if is_approved else "strap not approved any more", strap=id_, by=by)
        return made

    async def remove(self, id_: str, seen: int) -> None:
        """Take one away.

        Raises:
            NoSuchStrap, StrapChanged: If it is gone, or was changed since.
        """
        async with self._changing:
            self._seen(id_, seen)
            straps = tuple(each for each in self.list.straps if each.id != id_)
            await self._keep(StrapList(self._next(), straps))

    async def replace(self, texts: Sequence[StrapText], seen: int) -> StrapList:
        """Put other people in place of the list; who stays keeps the approval if what is seen stays the same.

        Raises:
            StrapChanged: If the list was changed since.
        """
        async with self._changing:
            if seen != self.list.version:
                raise StrapChanged
            await self._keep(self.coming(texts))
            return self.list

    def coming(self, texts: Sequence[StrapText]) -> StrapList:
        """The list as it would be with other people, who were checked."""
        ids = {at: secrets.token_hex(ID_BYTES) for at in range(len(texts))}
        return merged(self.list, texts, self._next(), ids)

    def _seen(self, id_: str, seen: int) -> Strap:
        if (found := self.list.find(id_)) is None:
            raise NoSuchStrap
        if found.version != seen:
            raise StrapChanged
        return found

    def _next(self) -> int:
        # By the clock, so that a page from before a backup was restored has seen none of what comes after.
        return max(self._now_ms(), self.list.version + 1)

    async def _keep(self, straps: StrapList) -> None:
        await asyncio.to_thread(self._kept.put, straps)
        self.list = straps


def _checked(text: StrapText, others: Sequence[StrapText]) -> StrapText:
    text = text.tidied()
    if (fault := next(faults_of(text), None)) is not None:
        raise WrongStrap(fault.code, fault.field, fault.found, fault.expected)
    if (other := twice(text, others)) is not None:
        raise WrongStrap("strap_twice", "name", other.name, "another name, or notes that tell the two apart")
    return text


def _placed(others: Sequence[Strap], strap: Strap, place: int | None) -> tuple[Strap, ...]:
    at = len(others) if place is None else min(max(place - 1, 0), len(others))
    return (*others[:at], strap, *others[at:])
