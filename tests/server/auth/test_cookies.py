"""Two servers on one host and different ports, one browser: cookies know no ports."""

from pathlib import Path

import httpx2
import pytest
from starlette.datastructures import Headers

from server.app import App, starlette_of
from server.auth.cookies import TOKEN_CHARS_MAX, Cookies
from server.auth.roles import Role
from tests.worlds.apps import app_of, client_of
from tests.worlds.people import ORIGIN, PASSWORD, account, shows
from tests.worlds.serving import serving


async def posted(browser: httpx2.AsyncClient, host: str, path: str, **form: str) -> int:
    answer = await browser.post(f"http://{host}{path}", data=form, headers={"Origin": f"http://{host}"})
    return answer.status_code


async def is_signed_in(browser: httpx2.AsyncClient, host: str) -> bool:
    return (await browser.get(f"http://{host}/account")).status_code == 200


def an_app(data: Path) -> App:
    data.mkdir()
    made = app_of(data)
    account(made, "lan", Role.VIEWER)
    return made


async def test_neither_of_two_servers_of_one_host_ends_the_others_session(tmp_path: Path) -> None:
    real, rehearsed = an_app(tmp_path / "real"), an_app(tmp_path / "rehearsed")
    async with (
        serving(starlette_of(real), real.hub, lifespan="on") as one,
        serving(starlette_of(rehearsed), rehearsed.hub, lifespan="on") as other,
        httpx2.AsyncClient(trust_env=False) as browser,
    ):
        for host in (one, other):
            assert await posted(browser, host, "/sign-in", login="lan", password=PASSWORD) == 303
        assert [await is_signed_in(browser, host) for host in (one, other)] == [True, True]
        assert await posted(browser, other, "/sign-out") == 303
        assert [await is_signed_in(browser, host) for host in (one, other)] == [True, False]


def test_the_name_stays_over_restarts_and_is_no_other_folders(tmp_path: Path) -> None:
    names = []
    for folder in ("a", "a", "b"):
        (tmp_path / folder).mkdir(exist_ok=True)
        app = app_of(tmp_path / folder)
        with client_of(app):
            names.append(app.state.cookies.name("http"))
            assert app.state.live.ledger.id not in names[-1]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(("scheme", "shown_as"), [("http", "https"), ("https", "http")])
def test_a_cookie_of_the_plain_line_is_none_over_https_and_the_other_way_round(
    tmp_path: Path, scheme: str, shown_as: str
) -> None:
    app = an_app(tmp_path / "data")
    with client_of(app) as client:
        client.base_url = client.base_url.copy_with(scheme=scheme)
        headers = {"Origin": ORIGIN.replace("http", scheme)}
        form = {"login": "lan", "password": PASSWORD}
        said = client.post("/sign-in", data=form, headers=headers, follow_redirects=False).headers["set-cookie"]
        name, _, token = said.partition(";")[0].partition("=")
        assert name == app.state.cookies.name(scheme)
        client.cookies.clear()
        for used, status in [(scheme, 200), (shown_as, 303)]:
            assert client.get("/account", headers=shows(app, token, used), follow_redirects=False).status_code == status


def test_a_cookie_is_read_by_its_whole_name_and_only_where_it_is_the_one() -> None:
    cookies = Cookies("an id")
    name = cookies.name("http")

    def read(*sent: str) -> str | None:
        return cookies.session("http", Headers(raw=[(b"cookie", each.encode()) for each in sent]))

    assert read(f"a=b; {name}=t; c=d") == read(f"{name}=t") == read("a=b", f"{name}=t") == "t"
    for sent in (
        [f"{name}=t; {name}=u"],
        [f"{name}=t", f"{name}=t"],
        [f"{name}="],
        [f"x{name}=t"],
        [f"{name}2=t"],
        [name],
        [],
    ):
        assert read(*sent) is None
    assert read(f"{name}=" + "x" * TOKEN_CHARS_MAX) is not None
    assert read(f"{name}=" + "x" * (TOKEN_CHARS_MAX + 1)) is None
