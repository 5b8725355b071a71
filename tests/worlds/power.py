"""A disk that loses, when the power goes, what was not synced; and that forgets what a failed sync was asked for.

A small library in C stands between the server and its files: see ``power.c``.
"""

import random
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).with_name("power.c")
_HEAD = struct.Struct("=cBQI")


def build(folder: Path) -> Path:
    """Compile the library; without a compiler the tests fail, for they must not be left out unnoticed."""
    library = folder / "power.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


@dataclass(frozen=True)
class Call:
    """One thing asked of a file: W (written ``data`` at ``at``), T (cut to ``at``), S (synced), F (a sync that failed),
    H (a sync that hangs) or U (deleted)."""

    what: str
    name: str
    at: int
    data: bytes


@dataclass
class Disk:
    """The disk under a data folder, from the moment at which this is made."""

    folder: Path
    library: Path
    kept: dict[str, bytearray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.kept = {path.name: bytearray(path.read_bytes()) for path in self._files()}
        self.order()

    @property
    def journal(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.journal")

    @property
    def orders(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.orders")

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process must be started with, so that this is its disk."""
        return {
            "LD_PRELOAD": str(self.library),
            "POWER_JOURNAL": str(self.journal),
            "POWER_ORDERS": str(self.orders),
        }

    def order(self, *lines: str) -> None:
        """Let calls fail or hang from now on as these lines say, and no others."""
        new = self.orders.with_suffix(".new")
        new.write_text("\n".join(lines))
        new.replace(self.orders)

    def calls(self) -> Iterator[Call]:
        """What was asked so far, in order."""
        data = self.journal.read_bytes() if self.journal.exists() else b""
        place = 0
        while place < len(data):
            what, name_bytes, at, length = _HEAD.unpack_from(data, place)
            place += _HEAD.size
            name = data[place : place + name_bytes].decode()
            place += name_bytes
            yield Call(what.decode(), name, at, data[place : place + length])
            place += length

    def has_seen(self, what: str, name: str) -> bool:
        """Whether that was asked of a file."""
        return any(call.what == what and call.name == name for call in self.calls())

    def cut(self, rng: random.Random | None = None) -> None:
        """The power goes, with all processes ended before. What was not synced is lost; with ``rng``, some of it."""
        kept = {name: bytearray(data) for name, data in self.kept.items()}
        waiting: dict[str, list[Call]] = {}
        for call in self.calls():
            match call.what:
                case "S":
                    for each in waiting.pop(call.name, []):
                        _do(kept, each)
                case "F":
                    waiting.pop(call.name, None)
                case "U":
                    waiting.pop(call.name, None)
                    kept.pop(call.name, None)
                case "W" | "T":
                    waiting.setdefault(call.name, []).append(call)
        for calls in waiting.values() if rng else ():
            for each in calls:
                if rng is not None and rng.random() < 0.5:
                    _do(kept, each)
        for path in (*self._files(), *self.folder.glob("*.db-shm")):
            path.unlink()
        for name, data in kept.items():
            (self.folder / name).write_bytes(data)
        self.kept = kept
        self.journal.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return [path for path in self.folder.glob("*.db*") if not path.name.endswith("-shm")]


def _do(kept: dict[str, bytearray], call: Call) -> None:
    data = kept.setdefault(call.name, bytearray())
    if call.what == "T":
        del data[call.at :]
    end = call.at + len(call.data)
    data.extend(bytes(max(0, end - len(data))))
    data[call.at : end] = call.data
