"""The room's registry of screens: what operators are told of them, and what they do to them."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from server.control.outputs import Outputs
from server.control.screen_addresses import checked
from server.folder.kept_screens import KeptScreens
from streaming.contests.units import Tree
from streaming.fold.cursor import Cut
from streaming.points.listed import Screen, name_of
from streaming.points.screen import Link, Role, SelfTest, role_of
from streaming.points.screens import NoSuchScreen, Screens
from streaming.program.hands import check_bound, check_hand
from streaming.program.names import HALL, POINTS
from streaming.program.output import Hand
from streaming.topics.frames import Cells
from streaming.topics.state import State
from streaming.topics.topic import Topic

TELL_S = 1.0
"""At most one frame in this time leaves for the room."""
COLUMNS = ("heard", "seq", "behind", "offset", "bound")
"""What of a screen moves all the time: when it was last heard, ms since the epoch, where it stands, how many rows
behind its topic, by how many ms its machine's clock is behind the server's, and by how many it may be wrong there."""
PREFIX = "screens"
GONE_MAX = 5_000
"""Screens that have come and gone, after which positions begin anew: a topic remembers each until then."""

log = structlog.get_logger(__name__)


class ScreenShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A screen as the room sees it. ``label`` is what it is called by default. One that is ``gone`` says since when;
    one that was only kept has a ``link`` of None. ``is_old`` is whether it is made of something else than pages are
    now."""

    name: str = ""
    label: str = ""
    role: Role = "other"
    address: str = ""
    show: str = ""
    out: str = ""
    scene: str = ""
    topic: str = ""
    agent: str = ""
    size: tuple[int, int, float] | None = None
    link: Link | None = None
    by: str = ""
    since: int = 0
    gone: int | None = None
    is_old: bool = False
    hidden: bool = False
    fault: str = ""
    test: SelfTest | None = None


class ScreensState(State, frozen=True, kw_only=True):
    """Of ``screens``, by the ids of screens; their rows have COLUMNS."""

    screens: Mapping[str, ScreenShown] | None = None


class Registry:
    """The screens of one server as operators see and steer them. ``made`` is what pages are made of now.

    Raises:
        AdminUnavailable: From what is kept, if it cannot be written now; nothing is changed then.
    """

    def __init__(
        self,
        screens: Screens,
        kept: KeptScreens,
        outputs: Outputs,
        tree: Tree,
        *,
        made: str,
        now_ms: Callable[[], int],
    ) -> None:
        self.screens = screens
        self._kept = kept
        self._outputs = outputs
        self._tree = tree
        self._made = made
        self._now_ms = now_ms
        self._changing = asyncio.Lock()
        self._gone = 0
        self._epoch = secrets.token_hex(4)
        self._topics: dict[str, Topic] = {}
        self._told: dict[str, tuple[dict[str, Cells | None], dict[str, ScreenShown]]] = {}
        screens.restore(kept.read())

    # What the room is told.

    def find(self, name: str) -> Topic | None:
        """The topic ``screens``, or that of an output's screens alone, ``screens/{output}``; None for any other."""
        first, _, output = name.partition("/")
        if first != PREFIX or (output and output not in self._names()) or name.endswith("/"):
            return None
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = Topic(name, COLUMNS, rehearsal=False, is_public=False)
            topic.begin(f"{self._epoch}{output}", Cut(1, self._now_ms(), None, 0))
            self._told[name] = {}, {}
        if not topic.is_followed:
            self._tell(topic, self._now_ms())
        return topic

    async def run(self) -> None:
        """Tell what has changed, until cancelled."""
        while True:
            await asyncio.sleep(TELL_S)
            self.look()

    def look(self) -> None:
        """Forget who is long gone, and tell what has changed."""
        now_ms = self._now_ms()
        self.screens.sweep(now_ms)
        for topic in tuple(self._topics.values()):
            if topic.is_followed:
                self._tell(topic, now_ms)

    def _tell(self, topic: Topic, now_ms: int) -> None:
        shown = self.shown(now_ms, topic.name.partition("/")[2])
        told, said = self._told[topic.name]
        rows: dict[str, Cells | None] = {id_: self._cells(id_) for id_ in shown}
        if (rows, shown) == (told, said):
            return
        self._told[topic.name] = rows, shown
        gone = dict.fromkeys(told.keys() - rows.keys())
        self._gone += len(gone)
        if self._gone > GONE_MAX:
            self._gone = 0
            topic.begin(secrets.token_hex(4), Cut(topic.seq + 1, now_ms, None, 0))
            topic.move(Cut(topic.seq, now_ms, None, 0), rows, ScreensState(screens=shown))
            topic.publish_all()
            return
        topic.move(Cut(topic.seq + 1, now_ms, None, 0), {**gone, **rows}, ScreensState(screens=shown))
        topic.publish()

    def shown(self, now_ms: int, output: str = "") -> dict[str, ScreenShown]:
        """All screens by id, or those of an output: those that are open, that went of late, and that are only kept."""
        found = {
            screen.id: self._shown(screen, now_ms)
            for screen in self.screens
            if not output or screen.report.out == output
        }
        if not output:
            found |= {
                id_: ScreenShown(
                    name=kept.name, label=id_[-4:].upper(), address=kept.show, show=kept.show, gone=kept.seen_ms
                )
                for id_, kept in self.screens.kept.items()
                if id_ not in found
            }
        return found

    def _shown(self, screen: Screen, now_ms: int) -> ScreenShown:
        report, kept = screen.report, self.screens.kept.get(screen.id)
        return ScreenShown(
            name=kept.name if kept else "",
            label=name_of(None, report),
            role=report.role,
            address=report.address,
            show=kept.show if kept else "",
            out=report.out,
            scene=report.scene,
            topic=report.topic,
            agent=report.agent,
            size=(report.width, report.height, report.ratio) if report.width else None,
            link=screen.link,
            by=screen.by,
            since=screen.since_ms,
            gone=screen.gone_ms if self.screens.is_lost(screen, now_ms) else None,
            is_old=bool(report.made) and report.made != self._made,
            hidden=report.hidden,
            fault=report.fault,
            test=report.test,
        )

    def _cells(self, id_: str) -> Cells:
        screen = self.screens.find(id_)
        if screen is None:
            return (self.screens.kept[id_].seen_ms, None, None, None, None)
        report = screen.report
        return (screen.heard_ms, report.seq, screen.behind, report.offset, report.bound)

    # What operators do.

    async def change(self, id_: str, hand: Hand, *, name: str | None, show: str | None) -> None:
        """Call a screen otherwise, or have it show another address from now on, and whenever it returns; "" for the one
        that it is opened with.

        Raises:
            NoSuchScreen: If there is none of this id.
            WrongSteering: If it cannot be called so, or there is no such address.
            NotNow: If too many are named.
            Locked, OtherOutput: If its output, or the one that it is to show, is in another hand.
        """
        async with self._changing:
            screen = self.screens.find(id_)
            self._check(id_, hand, steers=show is not None)
            if show is not None:
                show = checked(show, self._tree, self._names(), now=screen.report if screen is not None else None)
                self._check_address(show, hand)
            kept = self.screens.keep(id_, name=name, show=show)
            await asyncio.to_thread(self._kept.put, kept)
            self.screens.settle(kept, shows=show is not None)
        self.look()
        log.info("screen changed", screen=id_, name=kept.name, show=kept.show, by=hand.by)

    async def forget(self, id_: str, hand: Hand) -> None:
        """Keep nothing of a screen any more; one that is open stays listed.

        Raises:
            NoSuchScreen: If there is none of this id.
            OtherOutput: If whoever asks is bound to another output.
        """
        async with self._changing:
            self._check(id_, hand, steers=False)
            kept = self.screens.forget(id_)
            await asyncio.to_thread(self._kept.put, kept)
            self.screens.settle(kept)
            self.screens.dismiss(id_)
        self.look()

    def reload(self, id_: str, hand: Hand) -> None:
        """Have a screen load itself anew.

        Raises:
            NoSuchScreen: If it is not open.
            OtherOutput: If whoever asks is bound to another output.
        """
        self._check(id_, hand, steers=False)
        self.screens.reload(id_, self._now_ms())

    def reload_all(self, hand: Hand, output: str) -> int:
        """Have all screens load themselves anew one after the other, or those of an ``output``; returns how many.

        Raises:
            UnknownOutput: If there is no such output.
            OtherOutput: If whoever asks is bound to another.
        """
        wanted = output or hand.output or ""
        if wanted:
            check_bound(self._outputs.of(wanted), hand)
        return self.screens.reload_all(self._now_ms(), lambda screen: not wanted or screen.report.out == wanted)

    def identify(self, id_: str, hand: Hand) -> None:
        """Have a screen show its name.

        Raises:
            NoSuchScreen: If it is not open.
            NotNow: If that would be seen on air.
            Locked, OtherOutput: If its output is in another hand.
        """
        screen = self._check(id_, hand, steers=True)
        output = screen.report.out if screen is not None else ""
        if screen is None:
            raise NoSuchScreen
        tally = self._outputs.tally(output) if output in self._names() else None
        name = name_of(self.screens.kept.get(id_), screen.report)
        self.screens.identify(id_, name, self._now_ms(), tally=tally)

    def _names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self._outputs.all)

    def _check(self, id_: str, hand: Hand, *, steers: bool) -> Screen | None:
        """The screen, if a hand may have to do with it; whoever is bound to an output is not told of others."""
        screen = self.screens.find(id_)
        output = screen.report.out if screen is not None else ""
        if hand.output is not None and output != hand.output:
            raise NoSuchScreen
        if output in self._names() and steers:
            check_hand(self._outputs.of(output), hand)
        return screen

    def _check_address(self, show: str, hand: Hand) -> None:
        asked = output_in(show)
        if asked in self._names():
            check_hand(self._outputs.of(asked), hand)


def output_in(address: str) -> str:
    """The output that a screen of an address shows; "" where it follows none."""
    path, _, query = address.partition("?")
    parameters: dict[str, Any] = dict(part.partition("=")[::2] for part in query.split("&") if part)
    is_wall = path == "/" and "scene" not in parameters
    own = HALL if is_wall or path.startswith("/overlays/") else POINTS if role_of(path, "") == "point" else ""
    return str(parameters.get("out", own))
