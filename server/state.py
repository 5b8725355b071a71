"""What a request can reach: one State for each app."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict, cast

import structlog
from starlette.requests import HTTPConnection

from dashboard.edition import Editions
from dashboard.made import made
from dashboard.pages.hall import cut_of
from dashboard.pictures.gallery import Gallery
from dashboard.scenes.scenes import scenes_of
from server.apart import Apart
from server.auth.cookies import Cookies
from server.auth.devices import Devices, device_key
from server.auth.keys import Keys
from server.auth.passes import Passes, pass_secret
from server.auth.points import PointKeys, point_secret
from server.auth.sources import Sources
from server.clock import Timekeeper
from server.control.desk import Desk
from server.control.kept_outputs import KeptOutputs
from server.control.kept_roll_call import KeptRollCall
from server.control.openings import Openings
from server.control.output_numbers import OutputNumbers
from server.control.outputs import Outputs
from server.control.pictures import Pictures
from server.control.points import Points
from server.control.screens import Registry
from server.control.shown_log import ShownLog
from server.control.store_cuts import CutMaker, StoreCuts
from server.control.straps import Straps
from server.control.withdrawals import Withdrawals
from server.folder import files
from server.folder.belonging import check_belonging, make_ledger, mark
from server.folder.files import ADMIN_FILE, FILES, PERSON_KEY_FILE
from server.folder.kept_pictures import KeptPictures
from server.folder.kept_screens import KeptScreens
from server.folder.kept_shown import KeptShown
from server.folder.kept_straps import KeptStraps
from server.live.hub import Hub
from server.settings import Settings
from server.store import Store
from server.web.allowance import Allowance
from server.web.pages import Pages
from server.web.rates import Rates
from server.web.turns import Turns
from server.web.workshop import Workshop
from streaming.contests.contest import ContestFolder
from streaming.errors import DiemCauError
from streaming.intake.persons import read_key
from streaming.ledger.ledger import Ledger
from streaming.points.call import Call, calls_of
from streaming.points.screens import Screens
from streaming.program.answers import Answers
from streaming.program.names import HALL
from streaming.program.state import Store as Shows
from streaming.pump import Pump
from streaming.topics.frames import Frame

log = structlog.get_logger(__name__)

KEY_REQUESTS_PER_S = 20
"""Of each control key: that many questions for what is on air, and that many that steer."""
POINT_REQUESTS_PER_S = 5
"""Of each point's key that say something: its operator presses."""
MARKS_PER_S = 1
"""Of each account and key, a few at once: a person presses when a recorder starts."""
UPLOADS_AT_ONCE = 2
"""Files that come at once, each whole in memory."""
FILES_AT_ONCE, FILES_WAITING = 2, 16
"""Files that are made at once, each in a thread, and how many wait for it: each takes less than a second."""
CHOSEN_SHARE, CHOSEN_BYTES_MAX, CHOSEN_WAITING_MAX = 0.1, 8 * 1024 * 1024, 200
"""Of the loop's time; of the cache; of those who wait."""
PUMP_AGE_S_MAX = 5.0
"""A pump turns every second; one that has not for this long is stuck, and /healthz says so."""


def _chosen_pages() -> Pages:
    """Pages whose addresses have settings that whoever asks may choose, and so are without number: a cache, a share of
    the loop and a line of their own, so that none of them keeps a wall from its page."""
    return Pages(allowance=Allowance(share=CHOSEN_SHARE), bytes_max=CHOSEN_BYTES_MAX, waiting_max=CHOSEN_WAITING_MAX)


@dataclass
class State:
    """Everything that one app's requests share; made by ``open_state``, ended by ``close``."""

    settings: Settings
    folder: ContestFolder
    live: Store
    rehearsal: Store
    sources: Sources
    hub: Hub
    clock: Timekeeper
    devices: Devices
    passes: Passes
    point_keys: PointKeys
    kept_outputs: KeptOutputs
    kept_pictures: KeptPictures
    kept_straps: KeptStraps
    kept_roll_call: KeptRollCall
    shown_log: ShownLog
    kept_screens: KeptScreens
    screens: Screens
    pages: Pages = field(default_factory=Pages)
    chosen_pages: Pages = field(default_factory=_chosen_pages)
    workshop: Workshop = field(default_factory=Workshop)
    apart: Apart = field(default_factory=Apart)
    uploads: Turns = field(default_factory=lambda: Turns(UPLOADS_AT_ONCE, 0, "other files are being uploaded"))
    files: Turns = field(default_factory=lambda: Turns(FILES_AT_ONCE, FILES_WAITING, "other files are being made"))
    answers: Answers = field(default_factory=Answers)
    is_ready: bool = False
    died: str | None = None
    made: str = field(init=False)
    cookies: Cookies = field(init=False)
    editions: Editions = field(init=False)
    outputs: Outputs = field(init=False)
    pictures: Pictures = field(init=False)
    straps: Straps = field(init=False)
    points: Points = field(init=False)
    registry: Registry = field(init=False)
    withdrawals: Withdrawals = field(init=False)
    openings: Openings = field(init=False)
    key_rates: Rates = field(init=False)
    mark_rates: Rates = field(init=False)
    point_rates: Rates = field(init=False)
    _held: ExitStack = field(default_factory=ExitStack, repr=False)

    def __post_init__(self) -> None:
        self.cookies = Cookies(self.live.ledger.id)
        self.made = made(self.folder, self.settings.lang)
        # Before the outputs, which may show one.
        self.editions = Editions(self.folder, self.made, Gallery(self.kept_pictures.read()))
        desks: dict[Shows, Desk] = {"live": self.live.desk, "rehearsal": self.rehearsal.desk}
        pumps: dict[Shows, Pump] = {"live": self.live.pump, "rehearsal": self.rehearsal.pump}
        self.key_rates = Rates(KEY_REQUESTS_PER_S, lambda: self.clock.elapsed_ms() / 1000)
        self.mark_rates = Rates(MARKS_PER_S, lambda: self.clock.elapsed_ms() / 1000)
        self.point_rates = Rates(POINT_REQUESTS_PER_S, lambda: self.clock.elapsed_ms() / 1000)
        self.outputs = Outputs(
            self.kept_outputs,
            OutputNumbers(pumps, lambda store: desks[store].withdrawn_ms),
            scenes_of(self.folder),
            StoreCuts({"live": self._cuts(self.live), "rehearsal": self._cuts(self.rehearsal)}),
            self.shown_log,
            now_ms=self.now_ms,
            elapsed_ms=self.clock.elapsed_ms,
            store=self.settings.show,
        )
        self.points = Points(
            self.kept_roll_call,
            self.folder.contest.tree,
            now_ms=self.now_ms,
            elapsed_ms=self.clock.elapsed_ms,
            calls=self._calls,
        )
        self.hub.presence.hear = self.points.hear
        self.outputs.points.roll = lambda: self.points.roll
        for store in self.stores:
            store.watch.points_lost = partial(self._points_lost, store)
        self.pictures = Pictures(
            self.kept_pictures,
            self.editions.gallery,
            lambda: self.outputs.all,
            apart=self.apart,
            count_max=self.settings.pictures_max,
            bytes_max=self.settings.pictures_bytes_max,
            now_ms=self.now_ms,
        )
        self.straps = Straps(self.kept_straps, self.now_ms)
        self.outputs.choosing.approves = self.outputs.renderer_faults.approves = self.straps.approves
        self.registry = Registry(
            self.screens, self.kept_screens, self.outputs, self.folder.contest.tree, made=self.made, now_ms=self.now_ms
        )
        self.withdrawals = Withdrawals(self.outputs, desks, pumps)
        self.openings = Openings(self.outputs, desks, pumps, self.now_ms)
        self.live.watch.opening = partial(self.openings.shown, "live")
        self.rehearsal.watch.opening = partial(self.openings.shown, "rehearsal")

    def _points_lost(self, store: Store) -> Mapping[str, int]:
        """The points whose page is lost, told in the room of what screens show."""
        return self.points.lost() if store is self.shown else {}

    def _calls(self, now_ms: int) -> tuple[str | None, Mapping[str, Call]]:
        """The item that is on in the hall, and what the points hear by its rundown."""
        hall = self.outputs.of(HALL)
        return hall.running.on, calls_of(hall.rundown, hall.running, now_ms)

    def _cuts(self, store: Store) -> CutMaker:
        edition = self.editions.of(self.settings.lang)
        board = partial(store.topic, "board")

        def frame_of(topic: str) -> Frame | None:
            found = store.find_topic(topic)
            return None if found is None else found.view()

        return CutMaker(lambda: board().etag, lambda: cut_of(board().view(), edition, self.now_ms(), frame_of=frame_of))

    @property
    def stores(self) -> tuple[Store, Store]:
        """Live, then rehearsal."""
        return self.live, self.rehearsal

    @property
    def shown(self) -> Store:
        """The store that screens follow which are of no other output: the hall's."""
        return self.store(rehearsal=self.outputs.of(HALL).store == "rehearsal")

    def now_ms(self) -> int:
        """The server's time, ms since the epoch."""
        return self.clock.now_ms()

    def store(self, *, rehearsal: bool) -> Store:
        """The live or the rehearsal store."""
        return self.rehearsal if rehearsal else self.live

    def admin_faults(self) -> Mapping[str, str | None]:
        """Why admin.db cannot be used, None where it can: by the rule of the alarm."""
        return admin_faults(self.sources, self.kept_outputs, self.shown_log, self.kept_roll_call)

    @property
    def failure(self) -> str | None:
        """Why a ledger may not be written any more, and what to do, as one line; None while both may."""
        for ledger in (store.ledger for store in self.stores):
            if ledger.failure is not None:
                remedy = f"; {ledger.remedy}" if ledger.remedy else ""
                return f"{ledger.path}: {ledger.failure}; what was acknowledged is on disk{remedy}"
        return None

    def close(self) -> None:
        """Write what waits, save where the topics stand, close the ledgers and let the data folder go."""
        self.is_ready = False
        self.workshop.close()
        self.outputs.close()
        self.points.close()
        for store in self.stores if self.died is None else ():
            try:
                store.pump.save()
            except DiemCauError as error:
                # Only the next start will be slower.
                log.warning("checkpoint not written", store=store.name, reason=str(error))
        self._held.close()


class Lifespan(TypedDict):
    """What Starlette hands from the lifespan to every request."""

    diemcau: State


def state_of(connection: HTTPConnection) -> State:
    """The state of the app that serves this request or socket."""
    return cast("State", connection.state.diemcau)


def admin_faults(
    sources: Sources, outputs: KeptOutputs, shown: ShownLog, roll_call: KeptRollCall
) -> Mapping[str, str | None]:
    """What cannot be read in admin.db ("admin"), and what cannot be written: outputs ("program"), the log of what was
    shown ("shown"), the roll call ("points")."""
    return {"admin": sources.fault, "program": outputs.fault, "shown": shown.fault, "points": roll_call.fault}


def open_state(
    settings: Settings,
    folder: ContestFolder,
    hub: Hub,
    clock: Timekeeper,
    keys: Keys,
    names: Callable[[], Mapping[int, str]],
    screens: Screens,
) -> State:
    """Take the data folder, open or make what is in it, and replay; blocks for as long as the replay takes.

    ``keys`` are the folder's, ``names`` gives the names of accounts by number, ``screens`` are those that are open.

    Raises:
        DataInUse: If another server holds the folder.
        LedgerMismatch: If the folder belongs to another contest, or its files do not belong together.
        ContestError: If an edit of the contest takes the ground from under rows.
        LedgerUnavailable: If the folder or a file in it cannot be used.
    """
    data = settings.data
    with ExitStack() as held:
        files.take(data, held)
        is_new = check_belonging(data).is_new
        sources = Sources(data / ADMIN_FILE, now_ms=clock.now_ms)
        outputs = KeptOutputs(data / ADMIN_FILE, folder.contest.id)
        pictures = KeptPictures(data / ADMIN_FILE)
        straps = KeptStraps(data / ADMIN_FILE, folder.contest.id)
        roll_call = KeptRollCall(data / ADMIN_FILE, folder.contest.id)
        kept_screens = KeptScreens(data / ADMIN_FILE)
        shown = ShownLog(KeptShown(data / ADMIN_FILE), now_ms=clock.now_ms)
        late_ms = max((kept.output.delay_ms for kept in outputs.read().values()), default=0)
        for file in FILES.values():
            make_ledger(data / file)
        person_key = read_key(data / PERSON_KEY_FILE, may_make=is_new)
        mark(data, person_key)
        ledgers = []
        for file in FILES.values():
            ledger = Ledger(
                data / file,
                now_ms=clock.now_ms,
                moved_ms=lambda: clock.moved_ms,
                rows_queued_max=settings.rows_queued_max,
            )
            held.callback(ledger.close)
            ledger.open()
            clock.compare(file, ledger.last_received_ms)
            ledgers.append(ledger)
        live, rehearsal = (
            Store.open(
                ledger,
                folder,
                settings,
                person_key=person_key,
                heartbeats=partial(sources.heartbeats, rehearsal=is_rehearsal),
                titles=sources.titles,
                names=names,
                clock=clock,
                admin_faults=partial(admin_faults, sources, outputs, shown, roll_call),
                rehearsal=is_rehearsal,
                late_ms=late_ms,
            )
            for ledger, is_rehearsal in zip(ledgers, FILES, strict=True)
        )
        devices, passes = Devices(device_key(person_key)), Passes(pass_secret(person_key), keys)
        point_keys = PointKeys(data / ADMIN_FILE, point_secret(person_key), folder.contest.tree, now_ms=clock.now_ms)
        ends = ExitStack()
        state = State(
            settings, folder, live, rehearsal, sources, hub, clock, devices, passes, point_keys, outputs, pictures,
            straps, roll_call, shown, kept_screens, screens, _held=ends,
        )  # fmt: skip
        ends.push(held.pop_all())  # Last, for whatever fails before closes what is open.
        return state
