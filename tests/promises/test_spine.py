"""From a participation at a ward to every number that the product gives out: the known deck.

Leaf k sends k entries, as election officials test a count before it is used: the totals are known by formula. Where
fewer are enough, it begins anew at 1 after so many leaves.
"""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import websockets

from streaming.contests.contest import load_contest, shipped_contest
from tests.worlds.process import Serving, run, served
from tests.worlds.screen import Screen
from tests.worlds.whole import sized

CONTEST = load_contest(shipped_contest()).contest
TREE = CONTEST.tree
LEAVES = [leaf.code for leaf in TREE.leaves]
CLIENTS = 4
BATCH_ITEMS = 40
WAIT_S = 20.0

COMPLETED, PARTICIPANTS, RANK = 2, 3, 6


def counts(most: int) -> list[tuple[str, int]]:
    """How many entries each leaf sends."""
    return [(code, k % most + 1) for k, code in enumerate(LEAVES)]


def entries(most: int) -> list[dict[str, Any]]:
    """Entry j of a leaf: in round j mod 4 + 1, by a person who enters twice, 20 % of them sent twice."""
    made = []
    for code, count in counts(most):
        for j in range(count):
            at_ms = CONTEST.rounds[j % 4].opens_ms + j * 1_000
            at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
            made.append(
                {"id": f"{code}-{j}", "kind": "completed", "unit": code, "at": at, "person": f"{code}-{j // 2}"}
            )
    return made


@cache
def expected(most: int, scope: int) -> dict[str, tuple[int, int]]:
    """(completed, participants) of every unit by formula; scope 0 is the whole contest."""
    numbers: dict[str, list[int]] = {unit.code: [0, 0] for unit in TREE}
    for leaf, count in counts(most):
        own = (count, (count + 1) // 2) if scope == 0 else ((count - scope + 4) // 4,) * 2
        for code in TREE.path(leaf):
            numbers[code][0] += own[0]
            numbers[code][1] += own[1]
    return {code: (n[0], n[1]) for code, n in numbers.items()}


def shown(rows: dict[str, list[Any]]) -> dict[str, tuple[int, int]]:
    return {code: (row[COMPLETED], row[PARTICIPANTS]) for code, row in rows.items()}


async def send(serving: Serving, secret: str, deck: list[dict[str, Any]]) -> Counter[str]:
    account: Counter[str] = Counter()

    async def client(mine: list[dict[str, Any]]) -> None:
        async with httpx2.AsyncClient(base_url=serving.url, timeout=WAIT_S) as http:
            for start in range(0, len(mine), BATCH_ITEMS):
                response = await http.post(
                    "/api/v1/participations",
                    content=msgspec.json.encode(mine[start : start + BATCH_ITEMS]),
                    headers={"authorization": f"Bearer {secret}", "content-type": "application/json"},
                )
                assert response.status_code == 200, response.text
                report = response.json()
                account.update({key: report[key] for key in ("accepted", "duplicates", "outside_rounds")})
                account["rejected"] += len(report["rejected"])

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(client(deck[number::CLIENTS]))
    return account


async def until(serving: Serving, topic: str, total: int) -> dict[str, Any]:
    async with asyncio.timeout(WAIT_S), httpx2.AsyncClient(base_url=serving.url) as http:
        while True:
            frame: dict[str, Any] = (await http.get(f"/live/{topic}")).json()
            if frame["rows"][TREE.root.code][COMPLETED] == total:
                return frame
            await asyncio.sleep(0.05)


def zeros(frame: dict[str, Any]) -> bool:
    return all(not any(row[:4]) and row[-1] == 0 for row in frame["rows"].values())


@pytest.mark.parametrize(
    ("is_test", "most"), [(False, len(LEAVES)), (True, sized(20, whole=len(LEAVES)))], ids=["live", "rehearsal"]
)
async def test_a_known_deck_gives_the_formulas_numbers_everywhere(tmp_path: Path, is_test: bool, most: int) -> None:
    prefix = "rehearsal/" if is_test else ""
    other = "" if is_test else "rehearsal/"
    rng = random.Random(193)
    sent = entries(most)
    total = len(sent)
    deck = sent + rng.sample(sent, total // 5)
    rng.shuffle(deck)
    with served(tmp_path / "data") as serving:
        secret = serving.secret(test=is_test)
        before = serving.get(f"/live/{prefix}board")
        assert zeros(before)
        assert set(before["rows"]) == {unit.code for unit in TREE}
        follower, following = Screen(), asyncio.create_task(follow(serving, f"{prefix}board", total))
        account = await send(serving, secret, deck)
        assert account == {"accepted": total, "duplicates": total // 5, "rejected": 0, "outside_rounds": 0}
        board = await until(serving, f"{prefix}board", total)
        follower = await following

        assert shown(board["rows"]) == expected(most, 0)
        assert board["rehearsal"] is is_test
        assert shown(follower.rows) == expected(most, 0)
        for n in range(1, 5):
            round_ = serving.get(f"/live/{prefix}round/{n}")
            assert shown(round_["rows"]) == expected(most, n)
        for unit in TREE:
            frame = serving.get(f"/live/{prefix}unit/{unit.code}")
            own = {unit.code, *(child.code for child in TREE.children(unit.code))}
            assert own <= set(frame["rows"])
            assert shown(frame["rows"]).items() <= expected(most, 0).items()
        query = "&rehearsal=1" if is_test else ""
        for scope in ("all", "1"):
            for by, column in (("completed", 0), ("participants", 1)):
                given = serving.get(f"/api/v1/standings?parent={TREE.root.code}&by={by}&round={scope}{query}")
                by_formula = expected(most, 0 if scope == "all" else int(scope))
                for row in given["standings"]:
                    assert (row["completed"], row["participants"]) == by_formula[row["code"]]
                places = [row for row in given["standings"] if TREE[row["code"]].place]
                values = [by_formula[row["code"]][column] for row in places]
                assert values == sorted(values, reverse=True)
                assert [row["place"] for row in places] == [1 + sum(v > value for v in values) for value in values]
        assert zeros(serving.get(f"/live/{other}board"))
        audited = run("audit", "--data", serving.data)
        assert audited.returncode == 0, audited.stdout + audited.stderr
        assert f"{total:,}" in audited.stdout or str(total) in audited.stdout
        assert serving.stop() == 0
    with served(tmp_path / "fresh") as fresh:
        assert zeros(fresh.get("/live/board"))
        assert zeros(fresh.get("/live/rehearsal/board"))


async def follow(serving: Serving, topic: str, total: int) -> Screen:
    """A screen that follows over a socket until it shows the total."""
    screen = Screen()
    async with asyncio.timeout(WAIT_S * 2), websockets.connect(f"ws://127.0.0.1:{serving.port}/live/{topic}") as socket:
        while not screen.rows or screen.rows[TREE.root.code][COMPLETED] < total:
            payload = await socket.recv(decode=False)
            if b'"type":"beat"' not in payload[:40]:
                screen.take(payload)
    assert not screen.asks_again
    return screen


async def test_numbers_and_position_survive_a_restart(tmp_path: Path) -> None:
    with served(tmp_path / "data") as serving:
        secret = serving.secret()
        await send(serving, secret, entries(len(LEAVES))[:500])
        before = await until(serving, "board", 500)
        assert serving.stop() == 0
        serving.start()
        after = serving.get("/live/board")
        assert (after["epoch"], after["rows"]) == (before["epoch"], before["rows"])
