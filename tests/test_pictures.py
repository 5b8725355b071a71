"""The pictures of the docs: one of each scene at least, all of them used, and together no burden."""

from dashboard.scenes.scenes import BY_NAME
from tests.host_pictures import FOLDER as HOSTS
from tests.host_pictures import SHOTS
from tests.pictures import FOLDER, pictures
from tests.suite import ROOT

BYTES_MAX = 2 * 1024 * 1024
HOST_BYTES_MAX = 150 * 1024
PAGE = ROOT / "docs" / "reference" / "scenes-in-pictures.md"


def test_every_scene_has_its_picture_in_the_docs() -> None:
    shown = pictures()
    assert {each.scene for each in shown} == set(BY_NAME)
    files = {each.file for each in shown}
    assert {file.name for file in FOLDER.iterdir()} == files
    page = PAGE.read_text("utf-8")
    assert [name for name in sorted(files) if f"(../pictures/{name})" not in page] == []


def test_they_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < BYTES_MAX


def test_every_picture_for_playout_hosts_is_used_and_small() -> None:
    files = {file.name: file for file in HOSTS.iterdir()}
    assert set(files) == {shot.file for shot in SHOTS}
    pages = "".join(page.read_text("utf-8") for page in HOSTS.parent.glob("*.md"))
    assert [name for name in files if f"(pictures/{name})" not in pages] == []
    assert [name for name, file in files.items() if file.stat().st_size > HOST_BYTES_MAX] == []
