"""What a start works out beforehand is what it works out when somebody asks."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from dashboard.pages import hall, unit
from tests.worlds.apps import LEAF, app_of, client_of
from tests.worlds.starts import quick_starts, real_starts

DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)


def test_pages_draw_the_same_whenever_they_are_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.app.HEAD_START_S", 60.0)
    ways: list[Callable[[], AbstractContextManager[None]]] = [quick_starts, real_starts]
    pages = []
    for way in ways:
        app = app_of(tmp_path / way.__name__)
        with way(), client_of(app) as client:
            edition = app.state.editions.of("vi")
            assert hall.is_prepared(edition) is unit.is_prepared(edition, LEAF) is (way is real_starts)
            asked = [client.get(path, params={"frame": "1"}).text for path in ("/", f"/units/{LEAF}")]
            pages.append([DRAWN.findall(text) for text in asked])
            assert all(pages[-1])
            assert hall.is_prepared(edition)
            assert unit.is_prepared(edition, LEAF)
    assert pages[0] == pages[1]
