"""Whatever fails in whichever order, what is done acts in memory, and what can be written is there after a kill."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.control import desk
from server.control.asked import PanicAsked, RestoreAsked, ResumeAsked, TakeAsked, WithdrawAsked
from server.control.asking import Asked
from server.errors import AdminUnavailable
from server.folder.admin_file import AdminFile
from streaming.errors import DiemCauError
from streaming.fold.tally import COMPLETED
from streaming.ledger import sqlite_storage
from streaming.program.errors import NotNow
from streaming.program.output import Hand, Output
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import LEAF, NOW_MS, WAIT_S, app_of, take
from tests.worlds.clocks import Clock
from tests.worlds.ledgers import raise_full
from tests.worlds.whole import examples

LAN = Hand("account:1")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["live", "standby"])),
        st.tuples(st.just("panic")),
        st.tuples(st.just("resume")),
        st.tuples(st.just("withdraw")),
        st.tuples(st.just("withdraw")),
        st.tuples(st.just("step back"), st.integers(0, 4)),
        st.tuples(st.just("restore")),
        st.tuples(st.just("enter"), st.integers(1, 3)),
        st.tuples(st.just("write")),
        st.tuples(st.just("admin.db"), st.booleans()),
        st.tuples(st.just("ledger.db"), st.booleans()),
        st.tuples(st.just("kill")),
    ),
    max_size=14,
)
Act = tuple[Any, ...]


class Evening:
    """A server on files that fail and are mended, and what its screens must show."""

    def __init__(self, folder: Path, patched: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.clock = Clock(NOW_MS)
        self.patched = patched
        self.fails = {"admin.db": False, "ledger.db": False}
        self.public = [(NOW_MS, 0)]
        """What was public from which time on."""
        self.entries = 0
        self.withdrawn: int | None = None
        """What stands on screens while numbers are withdrawn."""
        self.kept: dict[str, Output] = {}
        begin, insert = AdminFile.begin, vars(sqlite_storage)["insert_rows"]

        @contextmanager
        def begin_or_fail(file: AdminFile) -> Iterator[Any]:
            if self.fails["admin.db"]:
                raise AdminUnavailable(f"{file.path}: the disk is full")
            with begin(file) as connection:
                yield connection

        patched.setattr(AdminFile, "begin", begin_or_fail)
        patched.setattr(
            sqlite_storage, "insert_rows", lambda *a: raise_full() if self.fails["ledger.db"] else insert(*a)
        )

    async def start(self) -> None:
        app = self.app = app_of(self.folder, now_ms=self.clock, elapsed_ms=self.clock.elapsed, tick_ms=50)
        app.open()
        self.state, self.live = app.state, app.state.live
        self.tasks = [asyncio.create_task(run) for run in (self.live.pump.run(), app.state.withdrawals.run())]
        await asyncio.sleep(0)
        app.state.withdrawals.look()
        await self.state.kept_outputs.write()
        self.kept = {each.name: each for each in self.state.outputs.all}

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.wait(self.tasks)

    async def kill(self) -> None:
        """The process is gone; what the files have is there."""
        copy = self.folder.with_name(f"{self.folder.name}+")
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns("*.db-shm", "lock"))
        is_held = self.is_in_ledger or any(each.withdrawn is not None for each in self.kept.values())
        before = self.kept
        await self.end()
        with suppress(DiemCauError):
            self.app.close()
        self.folder = copy
        self.fails = dict.fromkeys(self.fails, False)
        await self.start()
        for name, output in before.items():
            found = self.state.outputs.of(name)
            # Whatever a kill has lost, its version is not given again.
            if found.with_(version=output.version) != output:
                # The picture alone was not written: it is taken off again, for the ledger says so.
                assert (output.withdrawn, found.scene.name) == (None, "backdrop")
                assert self.is_in_ledger
        await self.settle()
        if not is_held:
            self.withdrawn = None
        elif self.withdrawn is None:
            # Undone, but a file does not know it yet.
            self.withdrawn = self.total
        assert (self.live.desk.withdrawn_ms is not None) == is_held

    @property
    def is_in_ledger(self) -> bool:
        return self.live.pump.fold.gate.withdrawn is not None

    @property
    def total(self) -> Any:
        return self.live.topic("board").rows["P1"][COMPLETED]

    async def until(self, is_so: Any) -> None:
        async with asyncio.timeout(WAIT_S):
            while not is_so():  # noqa: ASYNC110 - a move has no event
                await asyncio.sleep(0.002)

    async def settle(self) -> None:
        """Let the ledger write and the topics move, as far as they can."""
        pump = self.live.pump
        if not self.fails["ledger.db"]:
            await self.until(lambda: not self.live.desk.unwritten)
            await self.until(lambda: pump.moved_seq == self.live.ledger.head and pump._steps_back_to is None)

    def steer(self, asked: Asked) -> None:
        self.clock.ms += PRESS_AGAIN_MS
        self.state.outputs.steer("hall", LAN, asked)

    async def act(self, act: Act) -> None:
        hall = self.state.outputs.of
        match act:
            case ("live" | "standby" as scene,):
                self.steer(TakeAsked(scene=scene))
                assert hall("hall").scene.name == scene
            case ("panic",):
                self.steer(PanicAsked())
                assert hall("hall").still is not None
            case ("resume",):
                self.steer(ResumeAsked())
                assert hall("hall").still is None
            case ("withdraw",):
                await self.withdraw(WithdrawAsked())
            case ("step back", seconds):
                to_ms = max(NOW_MS, self.clock.ms - seconds * 1_000)
                then = [total for ms, total in self.public if ms <= to_ms][-1]
                with suppress(DiemCauError):
                    await self.withdraw(WithdrawAsked(to_ms=to_ms))
                    self.withdrawn = then
            case ("restore",):
                self.clock.ms += PRESS_AGAIN_MS
                with suppress(NotNow, DiemCauError):
                    await self.state.withdrawals.restore("hall", LAN, RestoreAsked())
                    assert not self.fails["ledger.db"] or not self.is_in_ledger
                    self.withdrawn = None
            case ("enter", count) if not self.fails["ledger.db"]:
                take(self.live, [(LEAF, "completed", None)] * count)
                self.entries += count
            case ("write",):
                kept, now = self.state.kept_outputs, {each.name: each for each in self.state.outputs.all}
                if await kept.write():
                    self.kept = now
                elif now != self.kept:
                    assert "the disk is full" in (kept.fault or "")
            case ("admin.db" | "ledger.db" as name, fails):
                self.fails[name] = fails
            case ("kill",):
                await self.kill()

    async def withdraw(self, asked: WithdrawAsked) -> None:
        before = self.total if self.withdrawn is None else self.withdrawn
        try:
            await self.state.withdrawals.withdraw("hall", LAN, asked)
        finally:
            self.withdrawn = before
            for name in ("hall", "points"):
                assert self.state.outputs.of(name).scene.name == "backdrop", "at once, whatever fails"

    def check(self) -> None:
        expected = self.entries if self.withdrawn is None else self.withdrawn
        assert self.total == expected
        told = self.state.outputs.program("hall").topic.state["scene"]
        output = self.state.outputs.of("hall")
        assert told == (output.still.scene if output.still else output.scene)


@examples(8)
@given(ACTS)
def test_what_is_on_air_is_what_was_done_last_whatever_can_be_written(acts: list[Act]) -> None:
    async def play(folder: Path, patched: pytest.MonkeyPatch) -> None:
        evening = Evening(folder, patched)
        await evening.start()
        try:
            for act in acts:
                await evening.act(act)
                await evening.settle()
                evening.check()
                evening.public.append((evening.clock.ms, evening.total))
                evening.clock.ms += 1_000
        finally:
            await evening.end()
            evening.fails = dict.fromkeys(evening.fails, False)
            evening.app.close()

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(desk, "DECIDE_WAIT_S", 0.3)
        asyncio.run(play(Path(folder) / "data", patched))
