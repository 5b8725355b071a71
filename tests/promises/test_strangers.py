"""Whatever a stranger writes into an address: nothing that the server keeps grows by it."""

from pathlib import Path

from dashboard.scenes.scenes import SCENES
from dashboard.words.words import LANGS
from server.app import App
from server.state import CHOSEN_BYTES_MAX
from tests.worlds.apps import LEAF, UNIT
from tests.worlds.public import public

ALONE = ("scene", "lang", "out", "item", "round")
TOGETHER = (
    "scene", "item", "step", "settings", "safe", "offset", "bg", "live", "ground", "of", "by", "parent", "rehearsal",
    "epoch", "seq", "key", "as", "next", "frame", "v",
)  # fmt: skip
"""All that any address reads, and some that none does."""
PATHS = (
    "/", "/?frame=1", f"/units/{UNIT}", f"/units/{UNIT}?frame=1", f"/units/{LEAF}?frame=1&lang=en", "/units/nowhere",
    f"/points/{LEAF}", f"/points/{LEAF}?frame=1", "/points/nowhere?frame=1", f"/points/{LEAF}/test", "/test",
    "/words/none/vi.js", "/scenes/unit?unit=nowhere",
    "/scenes/live", "/scenes/results", "/scenes/picture", "/scenes/nothing", "/live/board", "/live/round/9",
    f"/live/unit/{LEAF}", "/live/unit/nowhere", "/live/program/hall", "/live/program/tv16", "/api/v1/standings",
    "/api/v1/units", "/api/v1/openapi.json", "/sign-in", "/presenter", "/control/button", "/welcome/nothing",
    "/pictures/none.png", "/theme/none/none.css", "/logos/none/none.png", "/static/none/none.js", "/preview",
    "/control", "/overlays/total?frame=1", "/overlays/total?piece=1", "/overlays/total", "/overlays/nothing?frame=1",
)  # fmt: skip
VALUES = ("nobody-{}", "{}", "%00{}")


def kept(app: App) -> dict[str, int]:
    """How much of everything is kept."""
    state = app.state
    editions = [state.editions.of(lang) for lang in LANGS]
    return {
        "pages": len(state.pages) + len(state.pages._making) + len(state.chosen_pages._making),
        "made once": sum(len(each._kept) for each in editions),
        "made lately": sum(len(each._lately) for each in editions),
        "links": sum(len(each._links) for each in editions),
        "maps": sum(len(each._maps) for each in editions),
        "topics": sum(len([*store.pump.topics.all]) for store in state.stores),
        "pictures": len(state.pictures._bodies) + len(state.pictures._coming),
        "rates": len(state.key_rates._left) + len(state.mark_rates._left),
    }


def test_nothing_that_is_kept_grows_by_what_a_stranger_writes_into_an_address(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        # What there is may be kept, once for all: every scene and unit, in every language.
        for lang in LANGS:
            for path in (*(f"/?scene={scene.name}&frame=1" for scene in SCENES), *PATHS):
                seen.client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
            for rest in ("/?frame=1", *(f"/scenes/{scene.name}?x=1" for scene in SCENES)):
                seen.client.get(f"{rest}&lang={lang}")
            for own in (UNIT, LEAF):
                seen.client.get(f"/units/{own}?frame=1&out=hall&lang={lang}")
                seen.client.get(f"/units/{own}?frame=1&lang={lang}")
        seen.client.get("/?frame=1&live=1")
        before = kept(seen.app)
        assert before["pages"] > len(SCENES)
        asked = [(path, names) for path in PATHS for names in (TOGETHER, *((name,) for name in ALONE))]
        for at, (path, names) in enumerate(asked):
            value = VALUES[at % len(VALUES)].format(at)
            query = "&".join(f"{name}={value}" for name in names)
            answer = seen.client.get(f"{path}{'&' if '?' in path else '?'}{query}", follow_redirects=False)
            assert answer.status_code < 500, answer.url
        assert kept(seen.app) == before
        # What has settings of its own in its address is kept apart, in so many bytes.
        assert 0 < seen.app.state.chosen_pages._bytes < CHOSEN_BYTES_MAX
        for at in range(40):
            seen.client.get(f"/overlays/total?frame=1&x={at}&y=1")
        assert kept(seen.app)["pages"] == before["pages"]


def test_the_count_sees_what_is_kept(tmp_path: Path) -> None:
    with public(tmp_path / "data") as seen:
        before = kept(seen.app)
        seen.client.get("/scenes/test")
        seen.client.get(f"/live/unit/{LEAF}")
        after = kept(seen.app)
        assert after["pages"] == before["pages"] + 1
        assert after["topics"] > before["topics"]
