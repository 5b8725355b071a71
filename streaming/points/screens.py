"""The registry of open screens: which there are, what each said last, and what it is told. Pure: no clock, no sockets.

Screens that are known, by a key, a pass, a session, or because somebody has named them, have places that no number of
strangers takes. What has no place is not listed, and shows its picture all the same: it is told to report no more.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from streaming.errors import Declined
from streaming.points.listed import NAME_CHARS_MAX, NO_LINE, Kept, Line, Screen, check_identify
from streaming.points.screen import Link, Order, ScreenReport
from streaming.program.errors import NotNow, WrongSteering

KNOWN_MAX = 1_500
"""Screens with a key, a session or a name that are listed at once."""
STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX = 300, 40
"""The others, in all and of one client address."""
KNOWN_PER_POINT_MAX = 40
"""Those of one connection point: a link that has got around takes no other screen's place."""
OF_POINT = "point:"
"""What ``by`` begins with where it is a connection point."""
CLAIMS_MAX = 1_000
"""Windows that wait until it is clear whose an id is."""
KEPT_MAX = 1_000
"""Screens whose name or address is kept."""
LOST_MS = 10_000
"""A screen that has gone is told as lost after this: most that go come back at once."""
POLL_LOST_MS = 30_000
"""The same of one that polls: it reports when something has changed, and that it is there."""
FORGOTTEN_MS = 10 * 60_000
"""A screen that has gone and was never named is listed for this long."""
REST_MS = 10 * 60_000
"""How long a screen without a place does not report."""
PROBE_MS = 5_000
"""How long a window waits whose id another window has, until it is clear whether that one is still there."""
IDENTIFY_MS = 8_000
"""How long a screen shows its name."""
RELOAD_STEP_MS = 100
"""Between two screens that load themselves anew together: each asks for a page and its files."""
ORDERS_WAITING_MAX = 4
"""Orders that wait for a screen that polls, or does not read; the newest are kept."""


class NoSuchScreen(Declined):
    """There is no screen of an id, or no more."""

    def __init__(self) -> None:
        super().__init__("there is no such screen")


class Screens:
    """All screens that are open. ``kept`` is what was kept of them before."""

    def __init__(self, kept: Mapping[str, Kept] | None = None) -> None:
        self._kept = dict(kept or {})
        self._screens: dict[str, Screen] = {}
        self._of_line: dict[int, str] = {}
        self._strangers: Counter[str] = Counter()
        self._claims: dict[tuple[str, str], int] = {}
        """When a window first said an id that another window has."""
        self.version = 0
        """Counts what has changed, so that who tells of it sees whether to."""

    def __iter__(self) -> Iterator[Screen]:
        return iter(tuple(self._screens.values()))

    def __len__(self) -> int:
        return len(self._screens)

    @property
    def kept(self) -> Mapping[str, Kept]:
        """What is kept, by id."""
        return self._kept

    def restore(self, kept: Mapping[str, Kept]) -> None:
        """Know what was kept before."""
        self._kept = dict(kept)

    def find(self, id_: str) -> Screen | None:
        """The screen of an id, None if there is none."""
        return self._screens.get(id_)

    # What screens say.

    def hear(
        self,
        report: ScreenReport,
        line: Line,
        now_ms: int,
        *,
        link: Link,
        by: str,
        address: str,
        behind: Callable[[ScreenReport], int | None] = lambda _report: None,
    ) -> list[Order]:
        """Take a report that came over a line of a client address; returns what the screen is told at once."""
        known = self._screens.get(report.id)
        if known is not None and self._is_other_window(known, report, line, now_ms):
            return self._let_claim(report, known, now_ms)
        self._claims.pop((report.id, report.window), None)
        if known is None and not self._has_place(report, by, address):
            return [Order(do="rest", ms=REST_MS)]
        self.version += 1
        if known is None or known.line is not line:
            known = self._begin(report, line, now_ms, link=link, by=by, address=address, before=known)
        known.report, known.heard_ms, known.gone_ms, known.behind = report, now_ms, None, behind(report)
        orders, known.waiting = known.waiting, []
        return [*orders, *self._assignment(known)]

    def _begin(
        self, report: ScreenReport, line: Line, now_ms: int, *, link: Link, by: str, address: str, before: Screen | None
    ) -> Screen:
        waiting = [] if before is None else before.waiting
        # A line is of one screen: what it said of another before has ended.
        former = self._screens.get(self._of_line.get(id(line), ""))
        if former is not None and former.id != report.id:
            self._lose(former, now_ms)
        # One that was away for a moment has been open since before.
        since_ms = now_ms
        if before is not None:
            self._let_go(before)
            is_same = before.report.window == report.window
            since_ms = before.since_ms if is_same else now_ms
        begun = Screen(report, line, link, by, address, since_ms, now_ms, None, waiting=waiting)
        self._screens[report.id] = begun
        self._of_line[id(line)] = report.id
        if self._is_stranger(begun):
            self._strangers[address] += 1
        return begun

    def _has_place(self, report: ScreenReport, by: str, address: str) -> bool:
        strangers = self._strangers.total()
        if by or report.id in self._kept:
            is_bounded = by.startswith(OF_POINT) and report.id not in self._kept
            if is_bounded and sum(each.by == by for each in self) >= KNOWN_PER_POINT_MAX:
                return False
            return len(self._screens) - strangers < KNOWN_MAX
        return strangers < STRANGERS_MAX and self._strangers[address] < STRANGERS_PER_ADDRESS_MAX

    def _is_stranger(self, screen: Screen) -> bool:
        return not screen.by and screen.id not in self._kept

    def _is_other_window(self, known: Screen, report: ScreenReport, line: Line, now_ms: int) -> bool:
        """Whether a report comes from another window than the one that has its id, and that one may still be there."""
        if known.line is line or known.report.window == report.window or known.gone_ms is not None:
            return False
        return known.link == "socket" or now_ms - known.heard_ms < POLL_LOST_MS

    def _let_claim(self, report: ScreenReport, known: Screen, now_ms: int) -> list[Order]:
        """Two windows say the same id: the one that has it keeps it if it still answers."""
        claim = report.id, report.window
        asked_ms = self._claims.get(claim)
        if asked_ms is None or now_ms - asked_ms > 4 * PROBE_MS:
            if asked_ms is None and len(self._claims) >= CLAIMS_MAX:
                return [Order(do="rest", ms=PROBE_MS)]
            known.line.probe()
            self._claims[claim] = now_ms
            return [Order(do="rest", ms=PROBE_MS)]
        if now_ms - asked_ms < PROBE_MS // 2:
            return [Order(do="rest", ms=PROBE_MS)]
        del self._claims[claim]
        if known.line.answers:
            return [Order(do="other")]
        self._lose(known, now_ms)
        return [Order(do="rest", ms=0)]

    def _assignment(self, screen: Screen) -> list[Order]:
        """What a screen is told that does not show what it is to. Once in each window and over each line: it may not be
        able to, and whoever stands before it may have chosen otherwise since."""
        kept, report = self._kept.get(screen.id), screen.report
        if kept is None or kept.show in {"", report.address, report.took, report.fault, screen.asked_show}:
            return []
        screen.asked_show = kept.show
        return [Order(do="show", address=kept.show)]

    def left(self, line: Line, now_ms: int) -> None:
        """A line has ended."""
        id_ = self._of_line.pop(id(line), None)
        if id_ is not None and (found := self._screens.get(id_)) is not None and found.line is line:
            self._lose(found, now_ms)

    def _lose(self, screen: Screen, now_ms: int) -> None:
        self.version += 1
        self._of_line.pop(id(screen.line), None)
        screen.gone_ms, screen.line = now_ms, NO_LINE

    def sweep(self, now_ms: int) -> None:
        """See which of those that poll have gone, and forget those that have gone long ago."""
        for screen in self:
            if screen.gone_ms is None:
                if screen.link == "poll" and now_ms - screen.heard_ms >= POLL_LOST_MS:
                    self._lose(screen, now_ms)
            elif now_ms - screen.gone_ms >= (LOST_MS if self._is_stranger(screen) else FORGOTTEN_MS):
                self._drop(screen)
        self._claims = {claim: at_ms for claim, at_ms in self._claims.items() if now_ms - at_ms <= 4 * PROBE_MS}

    def is_lost(self, screen: Screen, now_ms: int) -> bool:
        """Whether a screen is to be told as gone."""
        return screen.gone_ms is not None and now_ms - screen.gone_ms >= LOST_MS

    def _drop(self, screen: Screen) -> None:
        self.version += 1
        self._let_go(screen)
        self._screens.pop(screen.id, None)

    def _let_go(self, screen: Screen) -> None:
        self._of_line.pop(id(screen.line), None)
        if self._is_stranger(screen):
            self._strangers[screen.address] -= 1
            if not self._strangers[screen.address]:
                del self._strangers[screen.address]

    # What is done to them.

    def keep(self, id_: str, *, name: str | None = None, show: str | None = None) -> Kept:
        """What is to be kept of a screen with another name, or another address to show, None for the one before; not
        kept yet.

        Raises:
            NoSuchScreen: If there is none of this id.
            WrongSteering: If it cannot be called so, or another is.
            NotNow: If there are too many.
        """
        screen, before = self._screens.get(id_), self._kept.get(id_)
        if screen is None and before is None:
            raise NoSuchScreen
        if name is not None:
            name = " ".join(name.split())
            if len(name) > NAME_CHARS_MAX or not name.isprintable():
                raise WrongSteering("name", name, f"at most {NAME_CHARS_MAX} characters, none of them invisible")
            if name and any(each.name.casefold() == name.casefold() for each in self._kept.values() if each.id != id_):
                raise WrongSteering("name", name, "a name that no other screen has")
        old = before or Kept(id_)
        seen_ms = screen.heard_ms if screen is not None else old.seen_ms
        made = Kept(
            id_, old.name if name is None else name, old.show if show is None else show, max(seen_ms, old.seen_ms)
        )
        if before is None and (made.name or made.show) and len(self._kept) >= KEPT_MAX:
            raise NotNow("screens_full", f"at most {KEPT_MAX} screens can be named: forget one that is gone first")
        return made

    def settle(self, kept: Kept, *, shows: bool = False) -> None:
        """What ``keep`` gave is kept now. With ``shows`` the screen is told its address, if it shows another."""
        screen = self._screens.get(kept.id)
        was_stranger = screen is not None and self._is_stranger(screen)
        if kept.name or kept.show:
            self._kept[kept.id] = kept
        else:
            self._kept.pop(kept.id, None)
        self.version += 1
        if screen is None:
            return
        if was_stranger != self._is_stranger(screen):
            self._strangers[screen.address] += -1 if was_stranger else 1
            self._strangers += Counter()  # Without those at 0.
        if shows and kept.show not in {"", screen.report.address}:
            screen.asked_show = kept.show
            self._send(screen, Order(do="show", address=kept.show))

    def forget(self, id_: str) -> Kept:
        """What stands for keeping nothing of a screen that is gone, or was never named.

        Raises:
            NoSuchScreen: If there is none of this id.
        """
        if id_ not in self._screens and id_ not in self._kept:
            raise NoSuchScreen
        return Kept(id_)

    def dismiss(self, id_: str) -> None:
        """List a screen that is gone no more."""
        screen = self._screens.get(id_)
        if screen is not None and screen.gone_ms is not None:
            self._drop(screen)

    def reload(self, id_: str, now_ms: int) -> None:
        """Have a screen load itself anew.

        Raises:
            NoSuchScreen: If it is not open.
        """
        self._send(self._open(id_, now_ms), Order(do="reload"))

    def reload_all(self, now_ms: int, wanted: Callable[[Screen], bool]) -> int:
        """Have every open screen that is wanted load itself anew, one after the other; returns how many."""
        found = sorted(
            (each for each in self if not self.is_lost(each, now_ms) and wanted(each)), key=lambda each: each.since_ms
        )
        for nth, screen in enumerate(found):
            self._send(screen, Order(do="reload", ms=nth * RELOAD_STEP_MS))
        return len(found)

    def identify(self, id_: str, text: str, now_ms: int, *, tally: bool | None) -> None:
        """Have a screen show what it is called; ``tally`` is whether its output is on the switcher's program.

        Raises:
            NoSuchScreen: If it is not open.
            NotNow: If that would be seen on air.
        """
        screen = self._open(id_, now_ms)
        check_identify(screen.report, tally=tally)
        self._send(screen, Order(do="identify", ms=IDENTIFY_MS, text=text))

    def _open(self, id_: str, now_ms: int) -> Screen:
        # One that has just gone is most often on its way back, as after each new load; what it is told waits for it.
        found = self._screens.get(id_)
        if found is None or self.is_lost(found, now_ms):
            raise NoSuchScreen
        return found

    def _send(self, screen: Screen, order: Order) -> None:
        if screen.gone_ms is not None or not screen.line.send(order):
            screen.waiting = [*(each for each in screen.waiting if each.do != order.do), order][-ORDERS_WAITING_MAX:]
