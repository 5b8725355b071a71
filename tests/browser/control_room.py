"""A running server with people in its control room, for tests of that room in a browser."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from playwright.sync_api import Locator, Page, expect

from server.auth.accounts import Accounts
from server.auth.roles import Role
from server.auth.sources import Sources
from server.folder.admin_file import AGAIN_S
from server.folder.files import ADMIN_FILE
from streaming.contests.contest import load_contest
from streaming.ledger.reader import Reader
from tests.browser.conftest import Open
from tests.browser.open_contest import AT, open_contest
from tests.worlds.hashes import quick_hash
from tests.worlds.people import PASSWORD
from tests.worlds.ports import kept_port
from tests.worlds.process import Serving, running

DISTRICT, DISTRICT_NAME = "024", "Thành phố Hà Giang"
WARD, WARD_NAME = "00691", "Phường Trần Phú"
HONOURED_WAIT_S = 20.0
OTHER_WARD = "00715"
"""In another district, Đồng Văn (026)."""


class ControlRoom:
    """The server, what sources send it, and who sits before it."""

    def __init__(self, server: Serving, open_page: Open) -> None:
        self.server = server
        self.open_page = open_page
        self.secret = ""
        self.other = ""
        self.sent = 0

    def add_source(self, name: str = "web", heartbeat_s: int | None = None) -> None:
        self.secret = Sources(self.server.data / ADMIN_FILE).add(name, heartbeat_s=heartbeat_s)

    def send(self, count: int, unit: str = WARD, **fields: Any) -> None:
        """Send completed entries, each by a person of its own unless one is named."""
        items = []
        for _ in range(count):
            self.sent += 1
            items.append(
                {"id": f"e{self.sent}", "kind": "completed", "unit": unit, "at": AT, "person": f"p{self.sent}"} | fields
            )
        self.post(items)

    def post(self, items: Sequence[dict[str, Any]]) -> None:
        """Send a batch; a running server knows a new secret soon."""
        deadline_s = time.monotonic() + HONOURED_WAIT_S
        while True:
            answer = httpx2.post(
                f"{self.server.url}/api/v1/participations",
                json=list(items),
                headers={"Authorization": f"Bearer {self.secret}"},
            )
            if answer.status_code != 401 or time.monotonic() > deadline_s:
                break
            time.sleep(AGAIN_S)
        assert answer.status_code == 200, answer.text

    def enter(
        self, login: str, path: str = "/control", size: tuple[int, int] = (1366, 768), *, monitor: bool = False
    ) -> Page:
        """A page of the room, in a browser in which this person has signed in; as a rule it has no monitor."""
        form = {"login": login, "password": PASSWORD}
        answer = httpx2.post(f"{self.server.url}/sign-in", data=form, headers={"Origin": self.server.url})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        page = self.open_page(f"{self.server.url}{path}", size, session=answer.headers["set-cookie"], monitor=monitor)
        assert "/sign-in" not in page.url
        if path.startswith("/control"):
            expect(page.locator("body[data-ready]")).to_be_attached()
        return page

    @contextmanager
    def locked_ledger(self) -> Iterator[None]:
        """Hold the ledger's write lock, as another program on the machine might."""
        other = sqlite3.connect(self.server.data / "ledger.db", isolation_level=None, timeout=5)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


@contextmanager
def control_room(tmp_path: Path, open_page: Open, more: str = "") -> Iterator[ControlRoom]:
    """A server whose contest opened an hour ago; Lan and Minh decide, Xuân may only see,
    the city has its point, and Đào directs tv1 once it is made."""
    contest = open_contest(tmp_path, more)
    data = tmp_path / "data"
    data.mkdir()
    accounts = Accounts(data / ADMIN_FILE)
    accounts.make()
    tree = load_contest(contest).contest.tree
    for login, name, role in (
        ("lan", "Nguyễn Thị Lan", Role.OPERATOR),
        ("minh", "Trần Văn Minh", Role.ADMINISTRATOR),
        ("xuan", "Lê Xuân", Role.VIEWER),
        ("cau", "Điểm cầu Thành phố", Role.POINT),
        ("dao", "Phạm Thị Đào", Role.DIRECTOR),
    ):
        unit = DISTRICT if role is Role.POINT else None
        output = "tv1" if role is Role.DIRECTOR else None
        accounts.use_link(accounts.add(login, name, role, unit, tree, output=output), quick_hash(PASSWORD))
    with kept_port() as port, running(Serving(data, contest, port)) as server:
        yield ControlRoom(server, open_page)


OTHER_DISTRICT = "Huyện Đồng Văn"
SILENT_S = 2
LATE_MS = 500
HEARD_WAIT_MS = 30_000
"""The time up to which all have been heard stands in clock rows, of which there is one every 10 s."""


def shown(page: Page, name: str) -> Locator:
    """A figure of the program: "public-completed", "whole-completed", "kept-completed", "mark"."""
    return page.locator(f"[data-totals] [data-text={name}]")


def line(page: Page, unit: str) -> Locator:
    """A unit's line."""
    return page.locator("[data-units] tr").filter(has=page.get_by_role("rowheader").get_by_text(unit, exact=True))


def numpad(page: Page, digit: int, key: str) -> None:
    """Press a key of the number pad; without NumLock it is another key in the same place."""
    page.evaluate(
        "(init) => void document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))",
        {"code": f"Numpad{digit}", "key": key},
    )


def toast(page: Page) -> Locator:
    return page.locator("[data-toast]")


def decisions(room: ControlRoom) -> list[str]:
    """The decisions of people, in the order of the ledger."""
    rows = Reader(room.server.data / "ledger.db").read()
    return [
        str(msgspec.json.decode(row.body)["kind"])
        for row in rows
        if row.type == "decision" and row.by.startswith("account:")
    ]
