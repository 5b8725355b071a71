"""GET /api/v1/me: a session's own account, for pages that are the same bytes for all."""

from pathlib import Path

from server.auth.roles import Role
from tests.worlds.apps import client_of
from tests.worlds.roles import app_with_roles, ask


def test_who_is_signed_in_hears_the_own_name_and_nobody_else_hears_any(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    with client_of(app) as client:
        answer = ask(client, app, Role.POINT, "GET", "/api/v1/me")
        assert answer.json() == {"name": "point", "role": "point"}
        assert answer.headers["cache-control"] == "no-store"
        assert ask(client, app, None, "GET", "/api/v1/me").status_code == 401


def test_a_unit_s_page_is_the_same_for_all_who_are_signed_in_and_another_for_its_point(tmp_path: Path) -> None:
    app = app_with_roles(tmp_path)
    with client_of(app) as client:
        pages = {who: ask(client, app, who, "GET", "/units/P1D2?frame=1").text for who in (None, *Role)}
        own = ask(client, app, Role.POINT, "GET", "/units/P1D1?frame=1").text
    assert len({pages[role] for role in Role}) == 1
    assert "data-who" in pages[Role.VIEWER]
    assert "data-who" not in pages[None]
    assert "data-who" in own
    assert "point-frame" in own
