"""The presenter's page, for whoever may open it."""

from pathlib import Path

import pytest

from server.auth.roles import Role
from streaming.program.output import Hand
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.people import account, sign_in

WAY_BACK = 'href="/control?lang=vi"'


@pytest.mark.parametrize(("role", "leads_back"), [(Role.OPERATOR, True), (Role.VIEWER, True), (Role.DIRECTOR, False)])
def test_who_may_see_the_room_finds_the_way_back_and_everybody_the_way_out(
    tmp_path: Path, role: Role, leads_back: bool
) -> None:
    app = app_of(tmp_path)
    account(app, "lan", role)
    with client_of(app) as client:
        app.state.outputs.add("tv1", Hand("account:1"))
        assert sign_in(client, "lan") == 303
        page = client.get("/control/presenter").text
        assert (WAY_BACK in page) is leads_back
        assert '<form method="post" action="/sign-out">' in page


def test_words_are_round_while_the_figures_grow(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    account(app, "lan", Role.OPERATOR)
    with client_of(app) as client:
        assert sign_in(client, "lan") == 303
        # The wall is led by those who have entered.
        take(app.state.live, [("P1D1X1", "started", None)] * 123)
        page = client.get("/control/presenter").text
        assert '<span data-text="first-spoken">khoảng một trăm hai mươi</span>' in page
        assert ">123</span>" in page
