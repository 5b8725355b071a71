"""What is lost for good: an operator may go on without it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from server.auth.roles import Role
from server.store import Store
from streaming.fold.tally import ALL, PARTICIPANTS
from tests.worlds.apps import app_of, client_of
from tests.worlds.data_folder import fill, old, opens, run_in
from tests.worlds.people import account


def people(store: Store) -> int:
    return store.pump.fold.whole.counts[ALL]["VN"][PARTICIPANTS]


@pytest.mark.parametrize("make", [fill, old], ids=["marked", "of before the marks"])
@pytest.mark.parametrize("name", ["ledger.db", "rehearsal.db", "admin.db", "person.key"])
@pytest.mark.parametrize("is_there", [False, True], ids=["gone", "wrong"])
def test_an_operator_may_go_on_without_what_is_lost(
    tmp_path: Path, make: Callable[[Path], Path], name: str, *, is_there: bool
) -> None:
    data = make(tmp_path / "data")
    (data / name).unlink()
    if is_there:
        shutil.copy(fill(tmp_path / "other") / name, data / name)
    said = run_in(data, "lost", name)
    assert said.exit_code == 0, said.output
    assert "Still to be mended" not in said.output
    assert ("put aside" in said.output) == (is_there or "ledger" in name or "rehearsal" in name)
    app = app_of(data)
    state = app.open()
    assert (state.live.ledger.head > 1) == (name != "ledger.db")
    assert (state.rehearsal.ledger.head > 1) == (name != "rehearsal.db")
    assert account(app, "moi", Role.OPERATOR).number == (3 if make is fill or name != "admin.db" else 2)
    app.close()
    opens(data)


def test_two_lost_files_are_given_up_one_after_the_other(tmp_path: Path) -> None:
    for order in (("admin.db", "person.key"), ("person.key", "admin.db"), ("rehearsal.db", "person.key")):
        data = fill(tmp_path / "-".join(order))
        for name in order:
            (data / name).unlink()
        first = run_in(data, "lost", order[0])
        assert first.exit_code == 0
        assert f"Still to be mended: {data / order[1]}" in first.output
        assert run_in(data, "lost", order[1]).exit_code == 0
        opens(data)


def test_nothing_is_given_up_under_a_server_or_where_nothing_is(tmp_path: Path) -> None:
    app = app_of(tmp_path / "data")
    with client_of(app):
        said = run_in(tmp_path / "data", "lost", "admin.db")
        assert said.exit_code == 1
        assert "in use by process" in said.output
    assert run_in(tmp_path / "none", "lost", "admin.db").exit_code == 1
    assert not (tmp_path / "none").exists()
