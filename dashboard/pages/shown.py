"""The log of what was shown: as a page, and as a file for whoever cuts the recording."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dashboard.edition import Edition
from dashboard.overlays.overlays import BY_NAME as OVERLAYS
from dashboard.pages.control import output_title, texts
from dashboard.pages.evidence import who
from dashboard.scenes.scene import Scene
from dashboard.words.cells import harmless
from streaming.program.names import RUNDOWN
from streaming.program.shown import Shown
from streaming.program.state import SceneSettings, Setting

KEY = "key:"
UNITS = {"of", "unit"}
"""The settings that name a unit."""
COLUMNS = (
    "time", "timecode", "output", "store", "run", "what", "scene", "settings", "item", "by", "started", "completed",
    "row", "note",
)  # fmt: skip
"""The columns of the file, by the last part of the key of their heading."""


class Line(NamedTuple):
    """A row in words. ``timecode`` counts from the last mark of its output, "" before the first."""

    time: str
    timecode: str
    output: str
    store: str
    run: str
    what: str
    scene: str
    settings: str
    item: str
    by: str
    started: int
    completed: int
    row: int
    note: str
    kind: str


class Telling:
    """Tells rows in the words of an edition. ``scenes`` are those of the contest, ``names`` those of accounts."""

    def __init__(self, edition: Edition, scenes: Mapping[str, Scene[Any]], names: Mapping[int, str]) -> None:
        self._edition = edition
        self._words = edition.words
        self._t = texts(edition.words.lang)
        self._scenes = scenes
        self._names = names

    def lines(self, rows: Iterable[Shown], run: int | None = None) -> Iterator[Line]:
        """Every row in its order, of one run alone if that is named."""
        marks: dict[str, int] = {}
        for row in rows:
            if row.what == "mark":
                marks[row.output] = row.at
            if run in {None, row.run}:
                yield self._line(row, marks.get(row.output))

    def _line(self, row: Shown, mark_ms: int | None) -> Line:
        return Line(
            time=self.moment(row.at),
            timecode="" if mark_ms is None else timecode(row.at - mark_ms),
            output=output_title(self._words.lang, row.output),
            store=self._t[f"shown_store_{row.store}"],
            run="" if row.run is None else self.moment(row.run),
            what=self._what(row),
            scene=self._scene(row.scene),
            settings=self._settings(row.settings),
            item=row.item,
            by=self._who(row.by),
            started=row.started,
            completed=row.completed,
            row=row.seq,
            note=row.text or self._settings(row.data),
            kind=row.what,
        )

    def moment(self, at_ms: int) -> str:
        """A time, to the second: "20:01:02 29/11/2026"."""
        return f"{self._words.clock(at_ms)} {self._words.date(at_ms)}"

    def _what(self, row: Shown) -> str:
        said = self._t[f"shown_{row.what}"]
        match row.what, row.value:
            case "delay", int(ms):
                return f"{said}: {self._words.number(ms)} ms"
            case "countdown", int(ms):
                return f"{said} {self._words.clock(ms)}"
            case "countdown_held", int(ms):
                return f"{said}: {timecode(ms)}"
            case (("overlay" | "overlay_hidden"), _):
                return f"{said}: {self._overlay(row.overlay)}"
            case "step", _:
                return f"{said} {row.step}"
            case _:
                return said

    def _scene(self, name: str) -> str:
        scene = self._scenes.get(name)
        return name if scene is None else scene.title(self._edition)

    def _overlay(self, name: str) -> str:
        overlay = OVERLAYS.get(name)
        return name if overlay is None else overlay.title(self._edition)

    def _settings(self, settings: SceneSettings) -> str:
        told = ((self._t.get(f"setting_{name}"), self._value(name, value)) for name, value in settings.items())
        return " · ".join(value if label is None else f"{label}: {value}" for label, value in told if value)

    def _value(self, name: str, value: Setting) -> str:
        if name in UNITS:
            tree = self._edition.tree
            return self._words.full_name(tree[str(value)]) if value in tree else str(value or "")
        if name == "picture":
            picture = self._edition.gallery.find(str(value))
            return str(value) if picture is None else picture.name
        if isinstance(value, bool):
            return self._t.get(f"setting_{name}_{str(value).lower()}", "")
        if name == "titles" and isinstance(value, tuple):
            return "; ".join(map(str, value))
        if isinstance(value, tuple):
            return ""  # The steps of the map: its legend shows them.
        return self._t.get(f"setting_{name}_{value}", str(value or ""))

    def _who(self, by: str) -> str:
        if by == RUNDOWN:
            return self._t["by_rundown"]
        if by.startswith(KEY):
            return self._t["by_key"].replace("{name}", by.removeprefix(KEY))
        return who(by, self._names, self._words)


def timecode(ms: int) -> str:
    """754000 → "00:12:34"."""
    seconds = max(ms, 0) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def as_csv(lines: Iterable[Line], lang: str) -> bytes:
    """The lines as CSV in UTF-8 with a byte order mark, so that spreadsheets read its Vietnamese."""
    text, t = io.StringIO(), texts(lang)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([t[f"shown_col_{column}"] for column in COLUMNS])
    for line in lines:
        writer.writerow([harmless(getattr(line, column)) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")
