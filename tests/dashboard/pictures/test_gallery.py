"""The pictures that may be shown."""

from dashboard.pictures.gallery import Gallery, Picture


def picture(digest: str, added: int) -> Picture:
    return Picture(digest, "png", digest, 4, 3, 100, added, "account:1")


def test_the_newest_stands_first_and_each_is_found_by_its_digest() -> None:
    gallery = Gallery([picture("a", 1), picture("b", 2)])
    assert [each.digest for each in gallery.all] == ["b", "a"]
    found = gallery.find("a")
    assert found is not None
    assert found.address == "/pictures/a.png"
    gallery.hang([found])
    assert (gallery.all, gallery.find("b")) == ((found,), None)
