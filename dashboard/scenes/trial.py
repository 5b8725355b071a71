"""Tries the scenes of a theme in a process that can be killed, before any of them is shown.

The templates are bounded as they are rendered; the trial holds for what nobody thought of: a template that takes the
parser, the compiler or a part for ever.
"""

import json
import os
import random
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from dashboard.apart import OPTIONS, environment
from dashboard.edition import Edition, Editions
from dashboard.parts.part import Cut
from dashboard.scenes.own import compiled, file_of, painted
from dashboard.scenes.scenes import BY_NAME, scenes_of
from dashboard.words.words import LANGS
from streaming.contests.contest import ContestFolder, load_contest
from streaming.contests.theme_files import SCENES, text_of, theme_error
from streaming.contests.units import Tree
from streaming.errors import ContestError, one_line
from streaming.topics.frames import COLUMNS, Cells, Frame

SCENE_S = 2.0
"""The processor time that a scene may take for all sample frames in both languages: how busy the machine is otherwise
says nothing of the scene."""
SCENE_WAIT_S = 30.0
"""How long it is waited for."""
READY_S = 30.0
"""How long the process may take to read the contest and lay out its map."""
MEMORY_BYTES = 2 * 1024**3
COUNTS = (0, 137, 1_231_447_187)
"""The largest count of each sample frame."""
LINE_BYTES_MAX = 64 * 1024
"""Longest line of the process that is waited for: a fault is one of some hundred characters."""
READY = "ready"
COMMAND = ("-m", "dashboard.scenes.trial")


def faults(folder: ContestFolder) -> dict[str, str]:
    """What is wrong with each scene of the folder's theme, by name; "" where nothing is."""
    found: dict[str, str] = {}
    sources: dict[str, str] = {}
    for file, body in folder.theme.files.items():
        if not file.startswith(f"{SCENES}/"):
            continue
        name = Path(file).stem
        try:
            sources[name] = text_of(body, file)
        except ContestError as error:
            found[name] = str(error)
    while sources:
        try:
            tried = dict(_tried(folder.path, sources))
        except OSError as error:  # No process, or one that ended before it was told.
            not_begun = f"a trial, which could not begin ({error})"
            tried = {name: str(theme_error(file_of(name), not_begun)) for name in sources}
        found |= tried
        # A process that was killed has told of those before the one that took it.
        sources = {name: source for name, source in sources.items() if name not in tried}
    return found


def _tried(folder: Path, sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Try scenes in one process, until it has tried all or had to be killed over one."""
    command = [sys.executable, *OPTIONS, *COMMAND, str(folder.resolve())]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(  # noqa: S603 - this very program
        command, cwd=root, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            process.stdin.write(json.dumps(dict(sources)).encode())
            process.stdin.close()
            told = _Lines(process.stdout.fileno())
            is_ready = told.next(READY_S) == READY
            for name in sources:
                line = told.next(SCENE_WAIT_S) if is_ready else None
                if line is None:
                    slow = f"to be painted within {SCENE_S:g} s" if is_ready else "a trial, which did not begin"
                    yield name, str(theme_error(file_of(name), slow))
                    return
                yield name, line
        finally:
            process.kill()


class _Lines:
    """The lines of a pipe, each waited for no longer than asked."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._read = b""

    def next(self, within_s: float) -> str | None:
        """The next line; None where none came in time, or the other side has ended."""
        end_s = time.monotonic() + within_s
        while b"\n" not in self._read:
            left_s = end_s - time.monotonic()
            if left_s <= 0 or not select.select([self._pipe], [], [], left_s)[0]:
                return None
            piece = os.read(self._pipe, 65_536)
            if not piece:
                return None
            self._read += piece
            if len(self._read) > LINE_BYTES_MAX:
                return None
        line, _, self._read = self._read.partition(b"\n")
        return line.decode()


def fault_of(name: str, source: str, editions: Editions) -> str:
    """What is wrong with a scene, "" where nothing is: compiled and painted with every sample frame."""
    try:
        template = compiled(name, source).template
        for lang in LANGS:
            edition = editions.of(lang)
            for count in COUNTS:
                cut = sample(edition, count)
                scene = scenes_of(edition.folder)[name]
                painted(template, scene.values(scene.chosen(scene.settings(), cut), cut), edition)
    except ContestError as error:
        return str(error)
    except MemoryError:
        return str(theme_error(file_of(name), "less memory to be enough"))
    except Exception as error:  # noqa: BLE001 - a template may lead a part to any
        return str(theme_error(file_of(name), f"what can be painted ({type(error).__name__}: {one_line(str(error))})"))
    return ""


def sample(edition: Edition, most: int) -> Cut:
    """A made-up cut whose counts are at most ``most``."""
    at_ms = edition.contest.rounds[0].opens_ms + 60_000
    frame = Frame(
        type="snapshot", topic="board", epoch="trial", base=0, seq=1, at=at_ms, heard=at_ms, rehearsal=False,
        columns=COLUMNS, rows=_rows(edition.tree, most), state={},
    )  # fmt: skip
    return Cut(frame, edition, tuple(unit.code for unit in edition.tree.taking_part), at_ms)


def _rows(tree: Tree, most: int) -> dict[str, Cells | None]:
    numbers = random.Random(most)  # noqa: S311 - made-up numbers, the same each time
    made: dict[str, Cells | None] = {}
    for at, unit in enumerate(tree):
        count = most if unit.parent is None else numbers.randint(0, most)
        cells = {
            "target": tree.target(unit.code),
            "rate": None if tree.target(unit.code) is None else 0.5,
            "rank": at + 1,
        }
        made[unit.code] = tuple(cells.get(column, count) for column in COLUMNS)
    return made


def main() -> None:
    """Try the scenes given on standard input, and write one line each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    editions = Editions(load_contest(Path(sys.argv[1])), "trial")
    sources: dict[str, str] = json.load(sys.stdin)
    for lang in LANGS:  # So that the maps are laid out before the time of a scene begins.
        cut = sample(editions.of(lang), COUNTS[0])
        for scene in BY_NAME.values():
            scene.paint(scene.chosen(scene.settings(), cut), cut)
    _tell(READY)
    for name, source in sources.items():
        # The process is ended by the signal that comes then.
        signal.setitimer(signal.ITIMER_PROF, SCENE_S)
        _tell(fault_of(name, source, editions))


def _tell(line: str) -> None:
    sys.stdout.write(f"{one_line(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
