"""What a session is worth to pages of other origins."""

from pathlib import Path

from server.auth.roles import Role
from tests.worlds.apps import app_of, client_of
from tests.worlds.people import ORIGIN, account, sign_in


def test_an_allowed_origin_reads_what_is_public_and_writes_for_nobody(tmp_path: Path) -> None:
    tv = "https://tv.example.vn"
    app = app_of(tmp_path, allowed_origins=(tv,))
    account(app, "lan", Role.OPERATOR)
    with client_of(app) as client:
        sign_in(client, "lan")
        assert client.get("/live/control", headers={"Origin": ORIGIN}).status_code == 200
        assert client.get("/live/control", headers={"Origin": tv}).status_code == 401
        key = app.keys.add("tv1")
        assert client.get(f"/live/control?key={key}", headers={"Origin": "https://x.example"}).status_code == 401
        assert client.get("/live/board", headers={"Origin": tv}).status_code == 200
        for path in ("/account/sign-out", "/sign-out", "/sign-in", "/welcome", "/api/v1/control/decisions"):
            refused = client.post(path, headers={"Origin": tv}, follow_redirects=False)
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
            assert "set-cookie" not in refused.headers
        assert client.get("/account", follow_redirects=False).status_code == 200
