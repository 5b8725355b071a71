"""Backups: everything of a data folder in one file, taken while a server runs, and checked.

The file is a tar that ``tar`` can read too: ``manifest.json`` and the folder's files. The ledgers are copied before
admin.db: accounts are never taken away, so whoever a decision names is in it.
"""

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from server.folder.belonging import check_belonging
from server.folder.files import ADMIN_FILE, DATABASES, FILE_MODE, FILES, PERSON_KEY_FILE
from streaming.decisions.contest import ContestLoaded
from streaming.decisions.kinds import read_decision
from streaming.errors import DiemCauError, LedgerUnavailable, one_line
from streaming.ledger.chain import first_broken
from streaming.ledger.reader import Reader
from streaming.ledger.sqlite import NO_ROOM, address, error_code, reading, still_at_rest, told

VERSION = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 1024 * 1024
MEMBERS = (*DATABASES, PERSON_KEY_FILE)
PIECE_BYTES = 1024 * 1024
LOCK_TIMEOUT_S = 5.0
WRITTEN = NO_ROOM | {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE}
"""Errors that concern the copy being written, never the file being read."""


class BackupError(DiemCauError):
    """A backup that cannot be made, or is damaged."""


class Ledger(msgspec.Struct, frozen=True):
    """A ledger as it is in a backup; ``chain`` is the last link of its chain of hashes, in hex."""

    id: str
    restores: int
    rows: int
    received_ms: int
    chain: str


class Member(msgspec.Struct, frozen=True):
    """One file of it."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup's manifest. Everything acknowledged by ``begun_ms`` is in it; the contest is that of the last row that
    names one, None if there is none."""

    v: int = VERSION
    begun_ms: int
    contest: str | None
    contest_digest: str | None
    live: Ledger
    rehearsal: Ledger
    accounts: int
    sources: int
    files: dict[str, Member]


def back_up(data: Path, file: Path, begun_ms: int) -> Manifest:
    """Write everything of a data folder into one file, which appears whole or not at all; a server may be running.

    Raises:
        BackupError: If the file is there already or cannot be written, or the copy is not sound.
        LedgerMismatch: If the files of the folder do not belong together.
        LedgerUnavailable: If one cannot be read.
    """
    if file.exists():
        raise BackupError(f"{file}: it is there already, expected the name of a new file; nothing was changed")
    check_belonging(data)
    if missing := [name for name in MEMBERS if not (data / name).exists()]:
        raise BackupError(f"{data}: {missing[0]} is not there, expected a data folder that a server has made")
    try:
        with _workshop(file.absolute().parent, file.name) as shop:
            for name in DATABASES:
                _copy(data / name, shop / name, file)
            shutil.copyfile(data / PERSON_KEY_FILE, shop / PERSON_KEY_FILE)
            manifest = examine(shop, begun_ms)
            made = shop / "made"
            _write(made, shop, manifest)
            with opened(made) as (tar, found):
                for name in MEMBERS:
                    for _ in pieces(tar, name, found):
                        pass
            # A link, not a rename, so that it never replaces a file that appeared meanwhile.
            os.link(made, file)
            sync(file.absolute().parent)
    except FileExistsError:
        raise BackupError(f"{file}: it is there already, expected the name of a new file") from None
    except OSError as error:
        raise BackupError(f"{file}: {error.strerror}, expected a place that may be written") from None
    return manifest


def examine(folder: Path, begun_ms: int) -> Manifest:
    """Check a folder that nobody writes to, row by row; returns its manifest.

    Raises:
        BackupError: If a file is damaged.
        LedgerMismatch: If they do not belong together.
    """
    for name in DATABASES:
        _check_integrity(folder / name)
    check_belonging(folder)
    try:
        live, rehearsal = (_examine_ledger(folder / name) for name in FILES.values())
        contest = _contest_of(folder / FILES[False])
        with closing(sqlite3.connect(address(folder / DATABASES[-1], "ro"), uri=True)) as db:
            accounts, sources = (
                db.execute(f"SELECT count(*) FROM {of}").fetchone()[0]  # noqa: S608 - two constants
                for of in ("accounts", "sources")
            )
    except (sqlite3.Error, LookupError, ValueError, msgspec.DecodeError) as error:
        # A sound SQLite file that lacks the tables of ours.
        raise BackupError(
            f"the files are not as a server made them ({one_line(repr(error))}), expected those of a data folder"
        ) from error
    return Manifest(
        begun_ms=begun_ms,
        contest=contest and contest[0],
        contest_digest=contest and contest[1],
        live=live,
        rehearsal=rehearsal,
        accounts=accounts,
        sources=sources,
        files={name: _member(folder / name) for name in MEMBERS},
    )


def _copy(source: Path, target: Path, file: Path) -> None:
    target.touch(mode=FILE_MODE)
    mode = reading(source, in_wal_mode=source.name != ADMIN_FILE)
    try:
        with (
            closing(sqlite3.connect(address(source, mode), uri=True, timeout=LOCK_TIMEOUT_S)) as db,
            closing(sqlite3.connect(address(target, "rw"), uri=True)) as copy,
        ):
            db.backup(copy)
            # One file, with nothing beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        still_at_rest(source, mode)
    except sqlite3.Error as error:
        if error_code(error) in WRITTEN:
            raise BackupError(told(file, error)) from error
        raise LedgerUnavailable(told(source, error)) from error


def _check_integrity(path: Path) -> None:
    try:
        with closing(sqlite3.connect(address(path, "ro"), uri=True)) as db:
            said = [line for (line,) in db.execute("PRAGMA integrity_check(3)")]
    except sqlite3.Error as error:
        said = [str(error)]
    if said != ["ok"]:
        raise BackupError(f"{path.name}: it is damaged ({said[0]}), expected a sound file; take an earlier backup")


def _examine_ledger(path: Path) -> Ledger:
    reader = Reader(path)
    with closing(sqlite3.connect(address(path, "ro"), uri=True)) as db:
        meta = dict(db.execute("SELECT key, value FROM meta"))
        rows, head = db.execute("SELECT count(*), coalesce(max(seq), 0) FROM rows").fetchone()
        last = db.execute("SELECT received_ms FROM rows ORDER BY seq DESC LIMIT 1").fetchone()
    links = reader.links()
    if rows != head:
        raise BackupError(f"{path.name}: it has {rows} rows, but the last is row {head}; expected each from 1 on")
    if (broken := first_broken(reader.read(), links)) is not None:
        raise BackupError(f"{path.name}: a row up to {broken} is not as it was written, by the chain of hashes")
    chain = links[-1][1].hex() if links else ""
    return Ledger(meta["id"], int(meta["restores"]), head, last[0] if last else 0, chain)


def _contest_of(path: Path) -> tuple[str, str] | None:
    for row in Reader(path).every_decision():
        if isinstance(decision := read_decision(row), ContestLoaded):
            contest = decision.read(row)
            return contest.id, contest.digest
    return None


def _member(path: Path) -> Member:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Member(path.stat().st_size, digest)


# The file.


def _write(made: Path, folder: Path, manifest: Manifest) -> None:
    made.touch(mode=FILE_MODE)
    with made.open("wb") as target, tarfile.open(fileobj=target, mode="w") as tar:
        said = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(said), FILE_MODE
        tar.addfile(entry, io.BytesIO(said))
        for name in MEMBERS:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = (folder / name).stat().st_size, FILE_MODE
            with (folder / name).open("rb") as content:
                tar.addfile(entry, content)
    sync(made)


@contextmanager
def opened(file: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """Open a backup; gives it and its manifest.

    Raises:
        BackupError: If it is not a backup, or is of a later version.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            entry = tar.next()
            if entry is None or entry.name != MANIFEST or entry.size > MANIFEST_BYTES_MAX:
                raise tarfile.ReadError("it does not begin with a manifest")
            content = tar.extractfile(entry)
            manifest = msgspec.json.decode(content.read() if content else b"", type=Manifest)
            if manifest.v != VERSION or set(manifest.files) != set(MEMBERS):
                raise BackupError(
                    f"{file}: it is of version {manifest.v}, expected {VERSION}: use the version that made it"
                )
            yield tar, manifest
    except (OSError, tarfile.TarError, EOFError, msgspec.DecodeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BackupError(f"{file}: {said}, expected a file that `backup` has made") from None


def pieces(tar: tarfile.TarFile, name: str, manifest: Manifest) -> Iterator[bytes]:
    """The content of one file of a backup.

    Raises:
        BackupError: If it is not what the manifest says.
    """
    member, digest, size = manifest.files[name], hashlib.sha256(), 0
    try:
        content = tar.extractfile(name)
        while content is not None and (piece := content.read(PIECE_BYTES)):
            digest.update(piece)
            size += len(piece)
            yield piece
    except (KeyError, tarfile.TarError):
        size = -1
    if (size, digest.hexdigest()) != (member.bytes, member.sha256):
        raise BackupError(
            f"{name}: it is not as it was backed up, expected {member.bytes} bytes of the manifest's SHA-256"
        )


@contextmanager
def _workshop(folder: Path, name: str) -> Iterator[Path]:
    """A temporary folder beside the target, readable by its owner alone."""
    made = Path(mkdtemp(prefix=f".{name}.", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sync(path: Path) -> None:
    """Sync a file, or a folder's entries, to disk."""
    opened_path = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened_path)
    finally:
        os.close(opened_path)
