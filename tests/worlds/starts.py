"""Starts that work nothing out before somebody asks, and pack little: tests make thousands, and few look at more than a
page."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from server.routes import static

LEVEL, QUICK_LEVEL = static.LEVEL, 1
"""How small the server packs its files, once in its life, and how small those do that live for one test."""
_quick = SimpleNamespace(jobs=lambda _editions, _lang: ())


@contextmanager
def quick_starts() -> Iterator[None]:
    """Let the servers of this process lay a page out when it is asked for, and none before."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("server.app.ahead", _quick)
        patched.setattr(static, "LEVEL", QUICK_LEVEL)
        yield


@contextmanager
def real_starts() -> Iterator[None]:
    """Within ``quick_starts``, start as the product does."""
    from dashboard.pages import ahead

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("server.app.ahead", ahead)
        patched.setattr(static, "LEVEL", LEVEL)
        yield
