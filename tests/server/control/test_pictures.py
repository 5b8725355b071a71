"""The pictures of a server as they are read: once for all who ask, and in nobody's way."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.pictures.gallery import Gallery, Picture
from server.apart import Apart
from server.control.pictures import Pictures
from server.errors import AdminUnavailable, NoSuchPicture
from server.folder.admin_file import AdminFile
from server.folder.files import ADMIN_FILE
from server.folder.kept_pictures import KeptPictures

ONE, OTHER = (Picture(digest * 32, "png", digest, 1, 1, 3, 1, "account:1") for digest in "ab")


class Counted(KeptPictures):
    """Counts what is read, and fails while it is told to."""

    fails = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.read_: list[str] = []

    def body(self, digest: str) -> bytes | None:
        self.read_.append(digest)
        if self.fails:
            raise AdminUnavailable("busy")
        return super().body(digest)


@pytest.fixture
def kept(tmp_path: Path) -> Counted:
    AdminFile(tmp_path / ADMIN_FILE).make()
    made = Counted(tmp_path / ADMIN_FILE)
    for picture in (ONE, OTHER):
        made.put(picture, picture.name.encode() * 3)
    return made


def pictures(kept: KeptPictures, hung: Iterable[Picture] = (ONE, OTHER)) -> Pictures:
    return Pictures(
        kept, Gallery(hung), lambda: (), apart=Apart(), count_max=9, bytes_max=10**6, now_ms=lambda: 0
    )  # fmt: skip


async def test_a_picture_is_read_once_however_many_ask(kept: Counted) -> None:
    made = pictures(kept)
    asked = (made.body(each.digest) for each in (ONE, OTHER) * 500)
    assert await asyncio.gather(*asked) == [b"aaa", b"bbb"] * 500
    assert await made.body(ONE.digest) == b"aaa"
    assert sorted(kept.read_) == [ONE.digest, OTHER.digest]


async def test_whoever_asks_while_it_cannot_be_read_hears_so_together_and_the_next_is_answered(kept: Counted) -> None:
    made, kept.fails = pictures(kept), True
    found = await asyncio.gather(*(made.body(ONE.digest) for _ in range(500)), return_exceptions=True)
    assert {type(each) for each in found} == {AdminUnavailable}
    assert kept.read_ == [ONE.digest]
    kept.fails = False
    gone = asyncio.create_task(made.body(ONE.digest))
    await asyncio.sleep(0)
    stays = asyncio.create_task(made.body(ONE.digest))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == b"aaa"


async def test_one_that_is_taken_away_while_it_is_read_is_not_kept(kept: Counted) -> None:
    made = pictures(kept)
    asked = asyncio.create_task(made.body(ONE.digest))
    await asyncio.sleep(0)
    made.gallery.hang([OTHER])
    with pytest.raises(NoSuchPicture):
        await asked
    assert made._bodies == {}


async def test_the_command_line_writes_while_a_picture_is_read_and_a_picture_is_read_while_it_writes(
    kept: Counted, tmp_path: Path
) -> None:
    file = AdminFile(tmp_path / ADMIN_FILE)
    with closing(sqlite3.connect(tmp_path / ADMIN_FILE, timeout=0, isolation_level=None)) as cli:
        with file.look() as reading:
            reading.exec_driver_sql("SELECT count(*) FROM pictures").scalar()
            cli.execute("BEGIN IMMEDIATE")
        assert await pictures(kept).body(ONE.digest) == b"aaa"
        assert len(kept.read()) == 2
        cli.execute("COMMIT")
