"""Keys of connection points: what they look like, and how long they hold."""

import asyncio
import json
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets import ClientConnection, InvalidStatus, connect

from server.app import starlette_of
from server.auth.points import (
    ALPHABET,
    CODE_CHARS,
    CODES,
    PREFIX,
    PointKeys,
    plain_code,
    point_secret,
    shown_code,
    token_in,
)
from server.auth.roles import PointKey
from server.errors import UnknownUnit
from server.folder.admin_file import REFRESH_S
from server.net.websocket import CLOSE_KEY_REVOKED
from streaming.contests.contest import load_contest
from streaming.points.point import points_of
from tests.worlds.apps import FOUR_LEVELS, UNIT
from tests.worlds.clocks import Stopwatch
from tests.worlds.roles import app_with_roles, asked_by_point, shown_by_point
from tests.worlds.serving import WAIT_S, serving

TREE = load_contest(FOUR_LEVELS).contest.tree
OTHER = "P1D2"
SECRET = point_secret(b"s" * 32)


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def keys(tmp_path: Path, clock: Stopwatch) -> PointKeys:
    """The keys as a running server has them."""
    made = PointKeys(tmp_path / "admin.db", SECRET, TREE, monotonic_s=clock)
    made.list()
    return made


@pytest.fixture
def beside(tmp_path: Path) -> PointKeys:
    """The keys as the command line has them."""
    return PointKeys(tmp_path / "admin.db", SECRET, TREE)


def test_a_key_has_two_forms_that_open_its_own_point(keys: PointKeys) -> None:
    token, code = keys.token(UNIT, 1), keys.code(UNIT, 1)
    key = PointKey(UNIT, 1)
    assert token.startswith(PREFIX)
    assert re.fullmatch(f"{PREFIX}[a-z2-7]{{32}}", token), "no chat program leaves its end out of the link"
    for shown in (token, f"http://127.0.0.1:8000/points/{UNIT}/enter#{token}", code, shown_code(code).lower()):
        assert keys.find(UNIT, shown) == key
        assert keys.find(OTHER, shown) is None
    assert keys.find_link(token) == key
    assert keys.find_link(code) is None


def test_keys_are_the_secrets_and_hang_on_everything_that_names_them(keys: PointKeys, tmp_path: Path) -> None:
    again = PointKeys(tmp_path / "other.db", SECRET, TREE)
    elsewhere = PointKeys(tmp_path / "other.db", point_secret(b"t" * 32), TREE)
    assert (again.token(UNIT, 1), again.code(UNIT, 1)) == (keys.token(UNIT, 1), keys.code(UNIT, 1))
    drawn = [(keys, UNIT, 1), (keys, UNIT, 2), (keys, OTHER, 1), (elsewhere, UNIT, 1)]
    assert len({each.token(unit, nth) for each, unit, nth in drawn}) == len(drawn)
    assert len({each.code(unit, nth) for each, unit, nth in drawn}) == len(drawn)


def test_codes_are_of_all_their_characters_alike(keys: PointKeys) -> None:
    codes = [keys.code(unit.code, generation) for unit in points_of(TREE) for generation in range(1, 101)]
    assert CODES == 244_140_625
    assert all(len(code) == CODE_CHARS for code in codes)
    for place in range(CODE_CHARS):
        counts = [sum(code[place] == char for code in codes) for char in ALPHABET]
        even = len(codes) / len(ALPHABET)
        # The codes are the same each time, so this holds or does not: 5 is far outside what chance does.
        assert all(abs(count - even) < 5 * even**0.5 for count in counts), place


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("BCF234", "BCF234"), (" bcf-234 ", "BCF234"), ("b c f 2 3 4", "BCF234"), ("BCF–234", "BCF234"),
        ("ＢＣＦ２３４", "BCF234"), ("BCF\u00a0234", "BCF234"),
        ("", ""), ("BCF23", ""), ("BCF2345", ""), ("BCF-O34", ""), ("BCF-134", ""), ("ĐCF234", ""), ("B" * 300, ""),
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, plain: str) -> None:
    assert plain_code(typed) == plain


def test_no_code_has_what_a_vietnamese_keyboard_turns_into_another_letter() -> None:
    assert not set("AEIOUYĐDW") & set(ALPHABET), "a tone needs a vowel, DD and W are letters of their own"
    assert not set("0O1IL") & set(ALPHABET)


@pytest.mark.parametrize("shown", ["dcu_short", "dck_" + "a" * 32, "x" * 5_000, "\ud800", "dcu_" + "ă" * 32])
def test_what_is_no_token_is_none(keys: PointKeys, shown: str) -> None:
    assert (token_in(shown), keys.find_link(shown), keys.find(UNIT, shown)) == ("", None, None)


def test_a_changed_key_opens_nothing_and_is_told_from_one_that_never_was(
    keys: PointKeys, beside: PointKeys, clock: Stopwatch
) -> None:
    token, code, shown = keys.token(UNIT, 1), keys.code(UNIT, 1), keys.pass_of(PointKey(UNIT, 1))
    assert keys.find_pass(UNIT, shown) == PointKey(UNIT, 1)
    assert beside.rotate(UNIT).generation == 2
    clock.s += REFRESH_S
    assert (keys.find(UNIT, token), keys.find(UNIT, code), keys.find_link(token)) == (None, None, None)
    assert (keys.find_pass(UNIT, shown), keys.in_force(f"point:{UNIT}/1")) == (None, False)
    assert (keys.is_former(UNIT, token), keys.is_former(UNIT, code)) == (True, True)
    assert not keys.is_former(UNIT, keys.token(UNIT, 2))
    assert not keys.is_former(OTHER, token)
    assert keys.find(UNIT, keys.code(UNIT, 2)) == PointKey(UNIT, 2)
    assert keys.in_force(f"point:{UNIT}/2")
    assert keys.find(OTHER, keys.code(OTHER, 1)) == PointKey(OTHER, 1)


def test_a_revoked_point_has_no_key_until_it_is_given_another(
    keys: PointKeys, beside: PointKeys, clock: Stopwatch
) -> None:
    token = keys.token(UNIT, 1)
    assert keys.find_link(token) == PointKey(UNIT, 1)
    first = beside.revoke(UNIT)
    assert beside.revoke(UNIT) == first
    clock.s += REFRESH_S
    assert (keys.find_link(token), keys.find(UNIT, token), keys.named(UNIT, 1)) == (None, None, None)
    assert keys.is_former(UNIT, token)
    assert beside.rotate(UNIT).revoked_ms is None
    clock.s += REFRESH_S
    assert keys.find_link(token) is None
    assert keys.find_link(keys.token(UNIT, 2)) == PointKey(UNIT, 2)
    assert [state.generation for state in beside.list() if state.unit == UNIT] == [2]


def test_until_the_file_was_read_no_key_is_in_force(tmp_path: Path) -> None:
    keys = PointKeys(tmp_path / "gone.db", SECRET, TREE)
    assert keys.find(UNIT, keys.token(UNIT, 1)) is None
    assert keys.named(UNIT, 1) is None
    assert not keys.is_former(UNIT, keys.token(UNIT, 1))


@pytest.mark.parametrize("unit", ["nowhere", "CQ", ""])
def test_what_is_no_point_has_no_key(keys: PointKeys, unit: str) -> None:
    for change in (keys.rotate, keys.revoke):
        with pytest.raises(UnknownUnit):
            change(unit)
    assert keys.find(unit, keys.token(unit, 1)) is None
    assert keys.named(unit, 1) is None


@pytest.mark.parametrize("forged", ["", "1", "1.", "1.{zero}", "2.{own}", "01.{own}", "-1.{own}", "1.{own}0", "²."])
def test_a_forged_pass_is_nobodys(keys: PointKeys, forged: str) -> None:
    own = keys.pass_of(PointKey(UNIT, 1)).partition(".")[2]
    assert keys.find_pass(UNIT, forged.format(own=own, zero="0" * 32)) is None
    assert keys.find_pass(OTHER, f"1.{own}") is None


@pytest.mark.parametrize("name", ["", "point:", "point:P1D1", "point:P1D1/", "point:P1D1/²", "point:P1D1/x", "P1D1/2"])
def test_a_socket_of_no_key_is_sent_away(keys: PointKeys, name: str) -> None:
    assert not keys.in_force(name)


async def test_points_behind_one_address_are_not_counted_by_it(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path, sockets_per_address_max=1)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host, AsyncExitStack() as open_:
        codes = [unit.code for unit in points_of(TREE)][:8]
        for code in codes:
            shown = {"Origin": f"http://{host}"} | shown_by_point(app, code)
            url = f"ws://{host}{asked_by_point('/live/program/points', code)}"
            await open_.enter_async_context(connect(url, additional_headers=shown, proxy=None))
        url = f"ws://{host}/live/program/points"
        with pytest.raises(InvalidStatus) as refused:
            await open_.enter_async_context(connect(url, proxy=None))
        assert refused.value.response.status_code == 503, "a stranger beside them is"


async def test_a_changed_key_sends_away_who_needed_it_and_what_is_public_stays(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    async with serving(starlette_of(app), app.hub, lifespan="on") as host, AsyncExitStack() as open_:
        headers = {"Origin": f"http://{host}"} | shown_by_point(app)
        other = {"Origin": f"http://{host}"} | shown_by_point(app, OTHER)

        async def follow(path: str, shown: dict[str, str] = headers) -> ClientConnection:
            return await open_.enter_async_context(connect(f"ws://{host}{path}", additional_headers=shown, proxy=None))

        own = [await follow(asked_by_point(path)) for path in ("/live/points", "/live/program/points", "/live/board")]
        public = await follow("/live/program/points")
        neighbour = await follow(asked_by_point("/live/program/points", OTHER), other)
        # As the command line does, beside the running server.
        PointKeys(tmp_path / "admin.db", app.state.point_keys._secret, TREE).rotate(UNIT)
        for socket in own:
            async with asyncio.timeout(WAIT_S):
                await socket.wait_closed()
            assert socket.close_code == CLOSE_KEY_REVOKED
        for path in ("/live/points", "/live/program/points"):
            with pytest.raises(InvalidStatus) as refused:
                await follow(asked_by_point(path))
            assert refused.value.response.status_code == 401
        for socket in (public, neighbour):
            assert json.loads(await socket.recv())["type"] == "snapshot"
            assert socket.close_code is None
        again = await follow(asked_by_point("/live/points"), {"Origin": f"http://{host}"} | shown_by_point(app))
        assert again.close_code is None


def test_links_are_worked_out_anew_only_when_a_key_has_changed(
    keys: PointKeys, beside: PointKeys, clock: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keys.find_link(keys.token(UNIT, 1)) is not None
    worked_out: list[str] = []

    def token(unit: str, generation: int) -> str:
        worked_out.append(unit)
        return f"{unit}/{generation}"

    monkeypatch.setattr(keys, "token", token)
    (path := keys._file.path).touch()  # As a tick of the roll call does.
    clock.s += REFRESH_S
    assert keys.named(UNIT, 1) is not None
    assert worked_out == []
    beside.rotate(UNIT)
    path.touch()
    clock.s += REFRESH_S
    assert keys.named(UNIT, 2) is not None
    assert UNIT in worked_out
