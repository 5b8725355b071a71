"""`rehearse`: nothing is lost or counted twice, and the account says what happened."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx2
import pytest

from server.app import App
from server.commands import delivery
from server.commands.delivery import Delivery, Refused
from server.commands.rehearse import Account, Rehearsal
from streaming.sources.rehearsal import Leaf, Made, Traffic
from tests.worlds.apps import NOW_MS, app_of
from tests.worlds.line import Line
from tests.worlds.ports import free_port
from tests.worlds.process import ROOT, Serving, run, served

COUNT = 1_500
RATE = 100_000
UNDER_WAY_S = 60.0


def traffic(app: App) -> Iterator[Made]:
    leaves = [Leaf(leaf.code, 1) for leaf in app.folder.contest.tree.leaves]
    return iter(Traffic(leaves, seed=3, start_ms=NOW_MS, rate=RATE))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = app_of(tmp_path)
    app.open()
    yield app
    app.close()


async def rehearsed(app: App, line: Line, *, test: bool = True) -> Account:
    secret = app.state.sources.add("td", test=test)
    async with httpx2.AsyncClient(base_url="http://test", transport=line) as http:
        account = Account()
        to = Delivery(http, secret, account)
        await to.check()
        await Rehearsal(to, account, traffic(app), RATE, COUNT).run()
    return account


def stored(app: App) -> set[str | None]:
    return {row.id for row in app.state.rehearsal.ledger.read() if row.type == "participation"}


async def test_every_item_is_sent_once_and_the_account_balances(app: App) -> None:
    account = await rehearsed(app, Line(app))
    made = list(islice(traffic(app), COUNT))
    assert account.balances
    assert account.sent == COUNT
    assert account.rejected == sum(one.expects == "rejected" for one in made) > 0
    assert account.duplicates == sum(one.expects == "duplicate" for one in made) > 0
    assert stored(app) == {one.item["id"] for one in made if one.expects == "accepted"}
    assert app.state.live.ledger.head == 1


async def test_a_line_that_breaks_loses_nothing_and_counts_nothing_twice(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RETRY_S", (0.001, 0.002))
    line = Line(app, {1: "cut after", 2: "busy", 4: "cut before", 5: "busy", 6: "cut after"})
    account = await rehearsed(app, line)
    assert account.balances
    assert account.again == 5
    assert account.accepted + account.duplicates + account.rejected == COUNT
    assert stored(app) == {one.item["id"] for one in islice(traffic(app), COUNT) if one.expects == "accepted"}


async def test_a_server_that_has_gone_is_given_up(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "RETRY_S", (0.001, 0.002))
    monkeypatch.setattr(delivery, "GIVE_UP_S", {False: 0.05, True: 0.0})
    line = Line(app, dict.fromkeys(range(1, 10_000), "cut before"))
    with pytest.raises(ExceptionGroup) as caught:
        await rehearsed(app, line)
    assert "no answer for" in str(caught.value.exceptions[0])


async def test_a_live_secret_is_refused_before_anything_is_stored(app: App) -> None:
    with pytest.raises(Refused, match=r"403 this is a live secret: it writes to the live store"):
        await rehearsed(app, Line(app), test=False)
    assert app.state.live.ledger.head == app.state.rehearsal.ledger.head == 1


def test_an_account_balances_only_if_all_are_answered_and_none_was_refused_by_surprise() -> None:
    account = Account(sent=4, accepted=2, duplicates=1, rejected=1)
    assert not account.balances
    account.expected["rejected"] = 1
    assert account.balances
    account.sent = 5
    assert not account.balances
    assert str(account).startswith("sent 5, accepted 2, duplicates 1, rejected 1 (1 made to be), slowest")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with served(tmp_path_factory.mktemp("rehearse") / "data") as serving:
        yield serving


def test_the_command_gives_account_and_ends_with_0(serving: Serving) -> None:
    secret = serving.secret("a", test=True)
    done = run("rehearse", "--url", serving.url, "--secret", secret, "--count", "300", "--rate", "5000", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"sent 300, accepted \d+, duplicates \d+, rejected \d+ \(\d+ made to be\), "
        r"slowest acknowledgement \d+ ms(, \d+ batches sent again)?\n",
        done.stdout,
    )


def test_the_command_refuses_a_live_secret_in_one_line(serving: Serving) -> None:
    secret = serving.secret("b")
    done = run("rehearse", "--url", serving.url, "--count", "10", DIEMCAU_SECRET=secret)
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert said == f"run.py: {serving.url}: 403 this is a live secret: it writes to the live store"
    assert secret not in done.stderr + done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_gives_account_when_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path / "data") as serving:
        code, said = told_to_end(serving, number)
    assert code == 0
    assert said.startswith("sent ")


def told_to_end(serving: Serving, number: signal.Signals) -> tuple[int, str]:
    """Signal a rehearsal that is under way; its exit code and what it said."""
    command = [sys.executable, "-m", "server.cli", "rehearse", "--url", serving.url, "--rate", "100"]
    environment = os.environ | {"DIEMCAU_SECRET": serving.secret(test=True)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            ends_s = time.monotonic() + UNDER_WAY_S
            while serving.get("/live/rehearsal/board")["seq"] < 10:
                assert time.monotonic() < ends_s, "nothing arrives"
            process.send_signal(number)
            out, _ = process.communicate(timeout=UNDER_WAY_S)
        finally:
            process.kill()  # One that goes on for ever would be waited for as long.
    return process.returncode, out


@pytest.mark.parametrize(
    ("url", "secret", "expected"),
    [
        ("http://127.0.0.1:{port}", "whsec_testabc", "expected a running server of this product"),
        ("127.0.0.1", "whsec_testabc", "expected a running server of this product"),
        ("http://127.0.0.1:{port}", "bí mật", "expected whsec_test…"),
    ],
)
def test_what_cannot_be_reached_or_sent_is_one_line(url: str, secret: str, expected: str) -> None:
    done = run("rehearse", "--url", url.format(port=free_port()), "--secret", secret)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().endswith(expected)
