"""Wrong numbers go off the air in a real app: picture and numbers, and what each tells of the other after a kill."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from server.control import desk
from server.control.asked import DelayAsked, LockAsked, WithdrawAsked
from server.folder.files import ADMIN_FILE
from streaming.decisions.holds import Hold, Release
from streaming.errors import LedgerUnavailable, Undecidable
from streaming.fold.tally import COMPLETED
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.output import Hand
from tests.worlds.apps import LEAF, NOW_MS, WAIT_S
from tests.worlds.clocks import Clock
from tests.worlds.data_folder import audit
from tests.worlds.ledgers import unwritable
from tests.worlds.withdrawal_room import LAN, running

MINH = Hand("account:2")
DIRECTOR = Hand("account:3", output="points")


async def test_one_press_takes_the_picture_off_and_keeps_all_that_comes_back_until_it_is_undone(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter(3)
        room.press("hall", "live")
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        assert room.scenes == ["backdrop", "backdrop"]
        assert room.live.pump.stands_still, "it acts before it is on disk"
        await room.withdrawals.withdraw("hall", MINH, WithdrawAsked())
        await room.until(5)
        await room.enter(4)
        await room.until(room.live.ledger.head)
        assert room.total == 3
        assert room.decisions() == [("withdraw", LAN.by)]
        await room.restore("points", MINH)
        assert room.scenes == ["live", "live"]
        await room.until(room.live.ledger.head)
        assert room.total == 7
        assert room.decisions() == [("withdraw", LAN.by), ("restore", MINH.by)]


async def test_a_directors_picture_is_his_own_and_the_numbers_are_the_halls(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.withdrawals.withdraw("points", DIRECTOR, WithdrawAsked())
        assert room.scenes == ["live", "backdrop"]
        assert room.live.desk.withdrawn_ms is None
        await room.restore("points", DIRECTOR)
        assert (room.scenes, room.decisions()) == (["live", "live"], [])


async def test_whoever_holds_his_output_is_told_and_keeps_his_picture(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        room.outputs.steer("points", DIRECTOR, LockAsked())
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        assert room.scenes == ["backdrop", "live"]
        told = room.outputs.program("points").control.state["withdrawn"]
        assert (told.output, told.by) == ("hall", LAN.by)
        await room.restore()
        assert "withdrawn" not in {k for k, v in room.outputs.program("points").control.state.items() if v is not None}


async def test_what_was_on_its_way_to_a_late_output_does_not_come(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        room.outputs.steer("points", LAN, DelayAsked(delay_ms=30_000))
        await room.enter(3)
        await room.until(room.live.ledger.head)
        late = room.outputs.find_numbers("points", "board")
        assert late is not None
        assert late.rows["P1"][COMPLETED] == 0
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        assert room.outputs.numbers._late["points"].next_ms is None


async def test_while_the_ledger_cannot_be_written_it_acts_and_is_not_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "DECIDE_WAIT_S", 0.1)
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter(3)
        with unwritable(room.live.ledger):
            await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
            assert [each.kind for each in room.live.desk.unwritten] == ["withdraw"]
            with pytest.raises(LedgerUnavailable):
                await room.restore()
            assert room.scenes == ["backdrop", "backdrop"]
            assert room.live.desk.withdrawn_ms is not None
        await room.until(5)
        assert room.decisions() == [("withdraw", LAN.by)]
        await room.restore()
        assert room.scenes == ["live", "live"]


async def test_what_the_control_room_lets_through_is_not_held_again_by_the_picture(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        await room.until(2)
        await room.live.desk.decide(MINH.by, Release(unit=None, seen=room.live.ledger.head))
        assert room.live.desk.withdrawn_ms is None
    async with running(tmp_path, clock) as room:
        assert (room.scenes, room.live.desk.withdrawn_ms) == (["backdrop", "backdrop"], None)
        await room.restore()
        assert room.decisions() == [("withdraw", LAN.by), ("release", MINH.by)]


async def test_a_hold_that_a_kill_has_kept_off_the_disk_is_made_again_of_the_picture(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        await room.enter(3)
        room.outputs.steer("hall", LAN, WithdrawAsked())
    async with running(tmp_path, clock) as room:
        assert room.live.desk.withdrawn_ms is not None
        await room.until(5)
        await room.enter(4)
        await room.until(room.live.ledger.head)
        assert (room.total, room.decisions()) == (3, [("withdraw", LAN.by)])
    async with running(tmp_path, clock) as room:
        assert room.decisions() == [("withdraw", LAN.by)], "once"


async def test_a_picture_that_a_kill_has_kept_off_the_disk_is_taken_off_again_of_the_ledger(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        await room.until(2)
    with sqlite3.connect(tmp_path / ADMIN_FILE) as db:
        db.execute("DELETE FROM outputs")
    async with running(tmp_path, clock) as room:
        async with asyncio.timeout(WAIT_S):
            while room.scenes != ["backdrop", "backdrop"]:  # noqa: ASYNC110 - nor has a look
                await asyncio.sleep(0.001)
        assert room.outputs.of("hall").take.by == LAN.by
        await room.restore()
        assert room.scenes == ["live", "live"]


async def test_there_must_be_something_to_undo(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        with pytest.raises(NotNow, match="no numbers were taken off"):
            await room.restore()


# An earlier moment.


async def test_numbers_step_back_to_a_moment_whose_effect_was_shown_and_jump_forward_when_it_is_undone(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(10)
        topic = room.live.topic("board")
        epochs = [topic.epoch]
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        effect = await room.withdrawals.effect("hall", room.clock.ms - 4_000)
        assert (effect.total.completed, effect.shown.at) == ((10, 6), room.clock.ms - 4_000)
        assert {unit.code: unit.completed for unit in effect.units}[LEAF] == (10, 6)
        assert room.total == 10, "it is only shown"
        await room.step_back(4)
        await room.until_total(6)
        epochs.append(topic.epoch)
        assert topic.seq == effect.shown.seq
        assert room.outputs.of("points").withdrawn.to == room.clock.ms - 4_000  # type: ignore[union-attr]
        await room.enter_each_s(3)
        assert room.total == 6
        released = room.live.desk.effect(None)
        assert released.total.completed == (6, 13), "what is on air, and what would be"
        await room.step_back(9)
        await room.until_total(4)
        await room.restore()
        await room.until_total(13)
        epochs.append(topic.epoch)
        assert len(set(epochs)) == 3
        assert [kind for kind, _ in room.decisions()] == ["withdraw", "step_back", "step_back", "restore"]


async def test_the_moment_may_be_named_with_the_very_press(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(5)
        await room.step_back(2)
        await room.until_total(3)
        assert room.scenes == ["backdrop", "backdrop"]


@pytest.mark.parametrize("is_saved", [True, False])
async def test_a_start_shows_the_earlier_moment_and_never_what_was_withdrawn(tmp_path: Path, is_saved: bool) -> None:
    clock = Clock(NOW_MS)
    path = tmp_path / "ledger.checkpoint"
    async with running(tmp_path, clock) as room:
        await room.enter_each_s(10)
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        await room.until(12)
        room.live.pump.save()
        before = path.read_bytes()
        await room.step_back(4)
        await room.until_total(6)
        epoch = room.live.topic("board").epoch
    if not is_saved:
        path.write_bytes(before)
    async with running(tmp_path, clock) as room:
        assert (room.total, room.live.topic("board").epoch) == (6, epoch)
        await room.until(room.live.ledger.head)
        async with asyncio.timeout(WAIT_S):
            while room.live.pump.is_behind:  # noqa: ASYNC110 - nor has a replay
                await asyncio.sleep(0.001)
        assert (room.live.pump.counters.checkpoints_wrong, room.total) == (0, 6)
        await room.enter(3)
        await room.until(room.live.ledger.head)
        assert room.total == 6
        await room.restore()
        await room.until_total(13)


async def test_a_late_output_steps_back_when_that_moment_is_due_there(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        room.outputs.steer("points", LAN, DelayAsked(delay_ms=3_000))
        await room.enter_each_s(10)
        board = room.outputs.find_numbers("points", "board")
        assert board is not None
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        await room.step_back(4)
        await room.until_total(6)
        room.outputs.numbers.turn()
        assert board.rows["P1"][COMPLETED] == 6
        await room.restore()
        await room.until_total(10)


async def test_a_moment_before_the_first_row_or_still_to_come_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(2)
        with pytest.raises(WrongSteering, match="a time up to now"):
            await room.step_back(-1)
        assert room.scenes == ["live", "live"], "nothing was done"
        with pytest.raises(Undecidable, match="there were no numbers yet"):
            await room.step_back(3_600)
        assert room.scenes == ["backdrop", "backdrop"], "it is off the air all the same"
        with pytest.raises(Undecidable, match="there were no numbers yet"):
            await room.withdrawals.effect("hall", 0)
        with pytest.raises(WrongSteering, match="the control room's to say"):
            await room.withdrawals.withdraw("points", DIRECTOR, WithdrawAsked(to_ms=room.clock.ms))


async def test_a_step_back_needs_the_ledger_and_the_hold_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "DECIDE_WAIT_S", 0.1)
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(5)
        with unwritable(room.live.ledger):
            with pytest.raises(LedgerUnavailable):
                await room.step_back(2)
            assert (room.scenes, room.total) == (["backdrop", "backdrop"], 5)
            assert room.live.pump.stands_still
        await room.until(7)
        assert [kind for kind, _ in room.decisions()] == ["withdraw"]
        await room.step_back(2)
        await room.until_total(3)


async def test_a_moment_is_counted_before_it_is_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(5)
        await room.withdrawals.withdraw("hall", LAN, WithdrawAsked())
        await room.until(7)

        async def fails(_to: int, _upto: int) -> None:
            raise LedgerUnavailable("ledger.db: it is locked")

        with monkeypatch.context() as patched:
            patched.setattr(room.live.pump.rewind, "fold", fails)
            with pytest.raises(LedgerUnavailable, match="locked"):
                await room.step_back(2)
        assert [kind for kind, _ in room.decisions()] == ["withdraw"]
        await room.step_back(2)
        await room.until_total(3)


async def test_a_moment_is_found_by_the_clock_as_it_is_now(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    async with running(tmp_path, clock) as room:
        await room.enter_each_s(5)
        clock.set(-3_600_000)
        await room.enter_each_s(5)
        effect = await room.withdrawals.effect("hall", clock.ms - 2_000)
        assert effect.total.completed == (10, 8)
        effect = await room.withdrawals.effect("hall", clock.ms - 7_000)
        assert effect.total.completed == (10, 3)


async def test_the_audit_counts_what_was_on_air_and_says_who_took_it_off(tmp_path: Path) -> None:
    async with running(tmp_path, Clock(NOW_MS)) as room:
        await room.enter_each_s(10)
        await room.step_back(4)
        await room.until_total(6)
        row = room.live.ledger.head
        await room.live.desk.decide(MINH.by, Hold(unit=None))
        await room.until(room.live.ledger.head)
        await room.restore()
        await room.until(room.live.ledger.head)
    whole, then = audit(tmp_path), audit(tmp_path, "--seq", str(row))
    assert (whole.exit_code, then.exit_code) == (0, 0), whole.output + then.output
    assert f"{LAN.by}: Stepped back to the figures of " in then.output
    assert f"{MINH.by}: Held everything" in then.output
    assert "on air then: 6 completed" in then.output
    assert "4 entries held back" in then.output
