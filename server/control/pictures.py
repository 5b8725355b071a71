"""The pictures of a server: what is uploaded, what may be shown, and what may be taken away."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable

import msgspec

from dashboard.pictures.gallery import Gallery, Picture
from dashboard.pictures.reading import MADE_BYTES_MAX, Head
from server.apart import Apart, CameToNothing
from server.control.shown_before import PICTURE
from server.errors import NoSuchPicture, PicturesFull, PictureUsed, WrongPicture
from server.folder.kept_pictures import KeptPictures
from streaming.program.output import Output
from streaming.program.state import SceneSettings

READER = "dashboard.pictures.reading"
READ_WITHIN_S = 30.0
"""How long a picture may take to be decoded; three of four take less than one second of it."""
DIGEST_CHARS = 32
NAME_CHARS_MAX = 120
CACHE_BYTES_MAX = 32 * 1024 * 1024
"""The bytes of pictures in memory: all screens of a hall ask for one in the same second."""


class Pictures:
    """The pictures, at most ``count_max`` of them and ``bytes_max`` bytes together. ``outputs`` gives every output as
    it is, by which it is known what is used."""

    def __init__(
        self,
        kept: KeptPictures,
        gallery: Gallery,
        outputs: Callable[[], Iterable[Output]],
        *,
        apart: Apart,
        count_max: int,
        bytes_max: int,
        now_ms: Callable[[], int],
    ) -> None:
        self._kept = kept
        self.gallery = gallery
        self._outputs = outputs
        self._apart = apart
        self._count_max = count_max
        self._bytes_max = bytes_max
        self._now_ms = now_ms
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._coming: dict[str, asyncio.Task[bytes]] = {}
        # One change at a time, and one body is read at a time.
        self._changing, self._reading = asyncio.Lock(), asyncio.Lock()

    async def add(self, body: bytes, name: str, by: str) -> Picture:
        """Keep what is in a file of a name; one that is there already is called by the new name.

        Raises:
            WrongPicture: If it holds none that can be shown.
            PicturesFull: If there are too many.
            AdminUnavailable: If it cannot be written now.
        """
        name = _checked(name)
        head, made = await self._read(body, name)
        digest = hashlib.sha256(made).hexdigest()[:DIGEST_CHARS]
        async with self._changing:
            known = self.gallery.find(digest)
            picture = (
                Picture(digest, head.ext, name, head.width, head.height, len(made), self._now_ms(), by)
                if known is None
                else msgspec.structs.replace(known, name=name)
            )
            others = [each for each in self.gallery.all if each.digest != digest]
            self._check_room(others, picture)
            await asyncio.to_thread(self._kept.put, picture, made)
            self.gallery.hang([*others, picture])
        return picture

    async def rename(self, digest: str, name: str) -> Picture:
        """Call a picture by another name.

        Raises:
            NoSuchPicture: If there is none.
            WrongPicture: If it cannot be called so.
            AdminUnavailable: If it cannot be written now.
        """
        name = _checked(name)
        async with self._changing:
            picture = msgspec.structs.replace(self.find(digest), name=name)
            await asyncio.to_thread(self._kept.rename, digest, name)
            self.gallery.hang([picture, *(each for each in self.gallery.all if each.digest != digest)])
        return picture

    async def remove(self, digest: str) -> None:
        """Take a picture away.

        Raises:
            NoSuchPicture: If there is none.
            PictureUsed: If an output shows it, or is to.
            AdminUnavailable: If it cannot be written now.
        """
        async with self._changing:
            self.find(digest)
            # Off the list first, so that nothing takes it meanwhile.
            if (output := self.used_by(digest)) is not None:
                raise PictureUsed(output)
            before = self.gallery.all
            self.gallery.hang(each for each in before if each.digest != digest)
            try:
                await asyncio.to_thread(self._kept.remove, digest)
            except BaseException:
                self.gallery.hang(before)
                raise
            self._bodies.pop(digest, None)

    def find(self, digest: str) -> Picture:
        """What is known of a picture.

        Raises:
            NoSuchPicture: If there is none.
        """
        if (found := self.gallery.find(digest)) is None:
            raise NoSuchPicture
        return found

    async def body(self, digest: str) -> bytes:
        """The bytes of a picture: at once where they are in memory, else with all others who ask for them now.

        Raises:
            NoSuchPicture: If there is none.
            AdminUnavailable: If it cannot be read now.
        """
        self.find(digest)
        if (found := self._bodies.get(digest)) is not None:
            self._bodies.move_to_end(digest)
            return found
        if (coming := self._coming.get(digest)) is None:
            coming = self._coming[digest] = asyncio.create_task(self._fetched(digest))
        # One who goes away ends it for nobody else.
        return await asyncio.shield(coming)

    async def _fetched(self, digest: str) -> bytes:
        try:
            async with self._reading:
                found = await asyncio.to_thread(self._kept.body, digest)
        finally:
            del self._coming[digest]
        if found is None or self.gallery.find(digest) is None:
            raise NoSuchPicture
        self._bodies[digest] = found
        while sum(map(len, self._bodies.values())) > CACHE_BYTES_MAX and len(self._bodies) > 1:
            self._bodies.popitem(last=False)
        return found

    def used_by(self, digest: str) -> str | None:
        """The first output that shows a picture, or has it prepared or in its rundown; None if none does."""
        return next((output.name for output in self._outputs() if digest in _pictures_of(output)), None)

    async def _read(self, body: bytes, name: str) -> tuple[Head, bytes]:
        try:
            said = await self._apart.run(READER, body, name, within_s=READ_WITHIN_S, answer_bytes_max=MADE_BYTES_MAX)
            line, _, made = said.partition(b"\n")
            head = msgspec.json.decode(line, type=Head)
        except (CameToNothing, msgspec.DecodeError):
            raise WrongPicture("broken_picture", "one that can be decoded", "") from None
        if head.code:
            raise WrongPicture(head.code, head.expected, head.found)
        return head, made

    def _check_room(self, others: Iterable[Picture], picture: Picture) -> None:
        sizes = [each.bytes for each in others]
        if len(sizes) >= self._count_max:
            raise PicturesFull(f"at most {self._count_max} pictures")
        if sum(sizes) + picture.bytes > self._bytes_max:
            raise PicturesFull(f"at most {self._bytes_max // 1024**2} MiB of pictures together")


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise WrongPicture("wrong_value", f"a name of 1 to {NAME_CHARS_MAX} characters", name, field="name")
    return name


def _pictures_of(output: Output) -> set[object]:
    """The pictures of what an output shows, has prepared, or waits for; not of what it has shown before."""
    shown: list[SceneSettings] = [take.scene.settings for take in output.on_air.values()]
    shown += [coming.scene.settings for coming in output.coming]
    shown += [item.settings for item in output.rundown.items]
    if output.preview is not None:
        shown.append(output.preview.settings)
    if output.still is not None:
        shown.append(output.still.scene.settings)
    if output.withdrawn is not None and output.withdrawn.scene is not None:
        shown.append(output.withdrawn.scene.settings)
    return {settings.get(PICTURE) for settings in shown}
