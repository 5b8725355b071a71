"""The big screen: its head, and the scene that it shows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
from markupsafe import Markup

from dashboard import static
from dashboard.edition import Edition
from dashboard.map.labels import Pause
from dashboard.page import Following, PageData, common, data_block, title
from dashboard.parts.part import Cut
from dashboard.parts.text import TEXT
from dashboard.scenes.scene import Scene, Settings
from dashboard.scenes.scenes import SCENES, scenes_of
from dashboard.scenes.sheets import others, sheets_of
from dashboard.templates import environment
from dashboard.words.headline import Headline, headline
from streaming.contests.contest import RankBy
from streaming.program.state import SceneOnAir
from streaming.topics.frames import COLUMNS, Frame

TEMPLATE = "screens/hall.html"
FRAGMENT = "screens/scene.html"
SHEETS = "screens/_sheets.html"


class HallData(PageData, frozen=True, kw_only=True):
    """What the script of the big screen reads of the contest: ``leaves`` are the units of the map; ``output`` is the
    one that shows the numbers of ``topic``, "" where a store does; ``keys`` are the scenes that keys choose, none where
    they are taken on the output. ``stays`` is whether the page goes on showing its scene whatever is on air."""

    topic: str
    output: str
    root: str
    by: RankBy
    leaves: tuple[str, ...]
    keys: tuple[str, ...]
    stays: bool


def cut_of(
    frame: Frame,
    edition: Edition,
    now_ms: int | None = None,
    out: str = "",
    frame_of: Callable[[str], Frame | None] = lambda _topic: None,
) -> Cut:
    """A snapshot of `board` as the big screen reads it; ``now_ms`` is the frame's own time where it is not known, and
    ``frame_of`` gives those of other topics at the same cut."""
    leaves = edition.keep("leaves", lambda: tuple(unit.code for unit in edition.tree.taking_part))
    return Cut(frame, edition, leaves, frame.at if now_ms is None else now_ms, out, frame_of)


def page(
    frame: Frame,
    edition: Edition,
    *,
    scene: str | None = None,
    follows: Following | None = None,
    now_ms: int | None = None,
    frame_of: Callable[[str], Frame | None] = lambda _topic: None,
    says_live: bool = True,
    is_preview: bool = False,
) -> dict[str, Any]:
    """The values of screens/hall.html for a snapshot of `board`, as the output shows it that the page ``follows``. A
    page that was asked for a scene has keys to choose others; any other shows what is on air on its output.
    ``frame_of`` gives the frames of other topics at the same cut. ``says_live`` is whether it may carry TRỰC TIẾP.
    One that ``is_preview`` keeps its scene.

    `now_ms` is the time of the picture, by which old figures are told with their date; the frame's own without it.
    """
    output = follows.output if follows else ""
    cut, scenes = cut_of(frame, edition, now_ms, output, frame_of), scenes_in(edition)
    has_keys = scene is not None
    on_air = follows.on_air if follows and not has_keys else None
    cut = replace(cut, points=follows.points) if follows and on_air else cut
    shown = scenes.get(scene or (on_air.name if on_air else ""), SCENES[0])
    settings = _settings(shown, cut, on_air)
    followed = shown.followed(settings, cut)
    topic = followed.topic if output else followed.frame.topic
    values = common(edition.folder, edition.words, made=edition.made, rehearsal=frame.rehearsal, follows=follows)
    return values | {
        "headline": edition.once(_headline),
        # But for the scenes that a theme was found good for, which come one by one, the same on every page.
        "sheets": edition.keep(("sheets", shown.name, *edition.own_parts), lambda: _sheets(shown, edition)),
        "scene": shown.name,
        "head": shown.head,
        "now_ms": cut.now_ms,
        "is_clear": shown.is_clear,
        "says_live": says_live,
        "is_chosen": has_keys,
        "scenes": [{"name": each.name, "text": each.title(edition)} for each in scenes.values()],
        "text": partial(TEXT.paint, followed),
        "on_air": painted(shown, cut, on_air),
        "topic": topic,
        "first_frame": data_block(followed.frame),
        # Of many units each may have the page's topic: as with their pages, the last are kept.
        "contest_data": edition.lately(
            ("hall", followed.frame.topic, output, has_keys, is_preview),
            lambda: data_block(data(edition, topic, output, has_keys=has_keys, stays=is_preview)),
        ),
    }


def painted(scene: Scene[Any], cut: Cut, on_air: SceneOnAir | None = None) -> Markup:
    """A scene at a cut, with the settings that it was taken with, else those that the cut suggests."""
    settings = _settings(scene, cut, on_air)
    if on_air is None:
        return scene.paint(settings, cut)
    return scene.paint(settings, replace(cut, countdown=on_air.countdown), take=str(on_air.take), step=on_air.step)


def fragment(scene: Scene[Any], cut: Cut, on_air: SceneOnAir | None = None, settings: Settings | None = None) -> str:
    """The same for a page that shows another scene, or one with ``settings`` of its own: its style sheets are named
    before it."""
    shown = painted(scene, cut, on_air) if settings is None else scene.paint(settings, cut)
    values = {"sheets": sheets_of(scene, cut.edition), "static": static.prefix(), "scene": shown}
    return environment().get_template(FRAGMENT).render(values)


def _sheets(scene: Scene[Any], edition: Edition) -> Markup:
    values = {"sheets": sheets_of(scene, edition), "later": others(scene, edition), "static": static.prefix()}
    return Markup(environment().get_template(SHEETS).render(values))  # noqa: S704 - escaped by it


def _settings(scene: Scene[Any], cut: Cut, on_air: SceneOnAir | None) -> Any:
    if on_air is None:
        return scene.chosen(scene.settings(), cut)
    return msgspec.convert(dict(on_air.settings), scene.settings)


def is_prepared(edition: Edition) -> bool:
    """Whether what `prepare` works out is there."""
    return edition.has(_headline)


def prepare(edition: Edition, pause: Pause) -> None:
    """Work out what the big screen shows of the contest: the whole map on each of its grounds, how every name fits, and
    what every scene keeps."""
    for ground in edition.grounds:
        edition.picture(edition.tree.root.code, pause, titled=False, ground=ground)
    for unit in edition.tree:
        edition.named(unit)
        pause()
    # What parts keep of the contest, and the templates themselves, are made by painting each scene once.
    environment().get_template(TEMPLATE)
    cut = cut_of(_empty(edition), edition)
    for scene in scenes_in(edition).values():
        painted(scene, cut)
        pause()
    edition.once(_headline)


def scenes_in(edition: Edition) -> Mapping[str, Scene[Any]]:
    """The scenes of the edition's contest, by name."""
    return edition.once(_scenes)


def _empty(edition: Edition) -> Frame:
    """A board of which nothing is known."""
    at_ms = edition.contest.rounds[0].opens_ms
    return Frame(
        type="snapshot", topic="board", epoch="", base=0, seq=0, at=at_ms, heard=None, rehearsal=False, columns=COLUMNS,
        rows={}, state={},
    )  # fmt: skip


def _scenes(edition: Edition) -> Mapping[str, Scene[Any]]:
    return scenes_of(edition.folder)


def _headline(edition: Edition) -> Headline:
    return headline(title(edition.contest, edition.lang))


def data(edition: Edition, topic: str, output: str, *, has_keys: bool = False, stays: bool = False) -> HallData:
    """What the script of a page reads that shows the scene of an output, whose numbers are of ``topic``."""
    contest, words = edition.contest, edition.words
    return HallData(
        lang=words.lang,
        timezone=contest.timezone,
        texts=edition.texts,
        topic=topic,
        output=output,
        root=edition.tree.root.code,
        by=contest.ranking.by,
        leaves=tuple(unit.code for unit in contest.tree.taking_part),
        keys=tuple(scenes_in(edition)) if has_keys else (),
        stays=stays,
    )
