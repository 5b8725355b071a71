"""`bench fanout`: what a delivery of one message to all sockets costs, ours beside a bare os.write and others' ways."""

import resource
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
import uvloop

from server.settings import SOCKETS_SHARE
from tests.bench.meter import LOAD_CORE, on_core
from tests.bench.peers import peers as all_peers
from tests.bench.screens import LAG_MS_MAX, TRIES
from tests.bench.ways.listeners import Load, Sample, Way, WayError, measure, python
from tests.suite import ROOT

BARE, OURS, STOCK, NCHAN = "bare", "ours", "starlette", "nchan"
LOADS = (Load(sockets=2_000, hz=10), Load(sockets=10_000, hz=2))
FILES_BESIDE = 200
"""Open files that a process has besides its sockets."""

BARE_RATIO_MAX = 1.3
NCHAN_RATIO_MAX = 1.1
IDLE_SOCKET_BYTES_MAX = 24 * 1024
"""What the issue of the fan-out asks for; a delivery is to cost less than that of each other way."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One way under one load: medians over the rounds that count, None if there is none.

    ``to_bare`` is the median of each round's own ratio to the bare write. ``received`` and ``due`` are sums of all
    rounds that count. ``void`` counts measurements, repeated ones too, during which the load itself was late, and
    ``voided`` rounds that stayed so. ``fault`` says why a way could not be measured in some round.
    """

    way: str
    cpu_us: float | None
    cpu_us_rounds: tuple[float | None, ...]
    to_bare: float | None
    p50_ms: float | None
    p99_ms: float | None
    received: int
    due: int
    idle_socket_bytes: int | None
    used_socket_bytes: int | None
    rounds: int
    void: int
    voided: int
    fault: str


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """All ways under one load. ``ours_to`` are medians of each round's own ratio of our cost to another way's."""

    sockets: int
    hz: float
    bytes: int
    seconds: float
    ways: tuple[Figures, ...]
    ours_to: dict[str, float | None]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON line. ``absent`` says of each way that is not on this machine why."""

    crowds: tuple[Crowd, ...]
    rounds: int
    absent: dict[str, str]

    @property
    def faults(self) -> list[str]:
        """What went wrong with our own way, or with the limit that it is measured by."""
        told = []
        for crowd in self.crowds:
            for one in crowd.ways:
                if one.way not in {BARE, OURS}:
                    continue
                name = f"{crowd.sockets:,} sockets, {one.way}"
                if one.fault:
                    told.append(f"{name}: {one.fault}")
                elif not one.rounds:
                    told.append(f"{name}: the load was late in every round")
                elif one.received != one.due:
                    told.append(f"{name}: {one.received:,} of {one.due:,} deliveries received")
        return told


@dataclass
class Course:
    """What the rounds of one way have given: a sample for each, None where the round is void or the way failed."""

    samples: list[Sample | None] = field(default_factory=list)
    void: int = 0
    voided: int = 0
    fault: str = ""

    @property
    def counted(self) -> list[Sample]:
        """The samples that count."""
        return [sample for sample in self.samples if sample is not None]

    def add(self, take: Callable[[], Sample]) -> None:
        """Take a round's sample; one during which the load was late is taken again, TRIES times in all."""
        for _ in range(TRIES):
            try:
                sample = take()
            except WayError as error:
                self.fault = str(error)
                self.samples.append(None)
                return
            if sample.lag_ms <= LAG_MS_MAX:
                self.samples.append(sample)
                return
            self.void += 1
        self.voided += 1
        self.samples.append(None)


def order(names: Sequence[str], number: int) -> list[str]:
    """The order of the ways in a round: it turns, so that none always follows the same one in the same warmth."""
    start = number % len(names)
    return [*names[start:], *names[:start]]


def median(values: Sequence[float], digits: int) -> float | None:
    """The median, None if there are no values."""
    return round(statistics.median(values), digits) if values else None


def ratio(ours: Course, theirs: Course) -> float | None:
    """The median of the ratios of rounds that count for both: what disturbs a round disturbs both of its halves."""
    pairs = zip(ours.samples, theirs.samples, strict=True)
    return median([one.cpu_us / other.cpu_us for one, other in pairs if one is not None and other is not None], 3)


def figures(name: str, course: Course, bare: Course) -> Figures:
    """What the rounds of a way come to."""
    counted = course.counted
    idle = median([sample.idle_socket_bytes for sample in counted], 0)
    used = median([sample.used_socket_bytes for sample in counted], 0)
    return Figures(
        way=name,
        cpu_us=median([sample.cpu_us for sample in counted], 2),
        cpu_us_rounds=tuple(None if sample is None else round(sample.cpu_us, 2) for sample in course.samples),
        to_bare=ratio(course, bare),
        p50_ms=median([sample.p50_ms for sample in counted], 1),
        p99_ms=median([sample.p99_ms for sample in counted], 1),
        received=sum(sample.received for sample in counted),
        due=sum(sample.due for sample in counted),
        idle_socket_bytes=None if idle is None else int(idle),
        used_socket_bytes=None if used is None else int(used),
        rounds=len(counted),
        void=course.void,
        voided=course.voided,
        fault=course.fault,
    )


def crowd(load: Load, courses: dict[str, Course]) -> Crowd:
    """What the rounds of all ways under one load come to."""
    return Crowd(
        sockets=load.sockets,
        hz=load.hz,
        bytes=load.size,
        seconds=load.seconds,
        ways=tuple(figures(name, course, courses[BARE]) for name, course in courses.items()),
        ours_to={name: ratio(courses[OURS], course) for name, course in courses.items() if name not in {OURS, BARE}},
    )


def run(ways: Sequence[Way], loads: Sequence[Load], rounds: int, log: Path) -> tuple[Crowd, ...]:
    """Measure all ways, one after the other, under each load in turn; ``log`` takes what they say."""
    by_name = {way.name: way for way in ways}
    found = []
    for load in loads:
        courses = {name: Course() for name in by_name}
        for number in range(rounds):
            click.echo(f"{load.sockets:,} sockets, round {number + 1} of {rounds}", err=True)
            for name in order([*by_name], number):
                courses[name].add(partial(one_sample, by_name[name], load, log))
        found.append(crowd(load, courses))
    return tuple(found)


def one_sample(way: Way, load: Load, log: Path) -> Sample:
    """Measure a way once; see ``measure`` for its errors."""
    return uvloop.run(measure(way, load, log))


def open_file_room(sockets: int) -> None:
    """Have this process, and those it starts, open as many files as the sockets need; ours takes a share for sockets.

    Raises:
        ClickException: If the system does not let it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = int(sockets / SOCKETS_SHARE) + FILES_BESIDE
    if hard != resource.RLIM_INFINITY and hard < need:
        raise click.ClickException(f"open-file limit {hard}, expected at least {need} (ulimit -Hn)")
    if soft != resource.RLIM_INFINITY and soft < need:
        resource.setrlimit(resource.RLIMIT_NOFILE, (need, hard))


def shown(value: float | None, digits: int = 1) -> str:
    """A figure, or a dash."""
    return "–" if value is None else f"{value:.{digits}f}"


def kib(count: int | None) -> str:
    """Bytes as KiB."""
    return shown(None if count is None else count / 1024)


HEAD = ("  CPU a delivery", "µs", "to bare", "p50 ms", "p99 ms", "received", "idle KiB", "used KiB")
"""The last two are the memory of a socket, before the first message and after the window."""


def row(cells: Sequence[str]) -> str:
    """A line of figures."""
    first, *others = cells
    return f"{first:<18}" + "".join(f"{cell:>10}" for cell in others)


def way_line(one: Figures) -> str:
    """A way for people."""
    received = "–" if not one.due else "all" if one.received == one.due else f"{one.received / one.due:.2%}"
    cells = (
        f"  {one.way}",
        shown(one.cpu_us, 2),
        shown(one.to_bare, 2),
        shown(one.p50_ms),
        shown(one.p99_ms),
        received,
        kib(one.idle_socket_bytes),
        kib(one.used_socket_bytes),
    )
    notes = [f"VOID: {one.voided} of {one.voided + one.rounds} rounds"] if one.voided else []
    notes += [one.fault.splitlines()[-1]] if one.fault else []
    return "   ".join([row(cells), *notes])


def crowd_lines(one: Crowd) -> list[str]:
    """A load for people, with the floors beside."""
    by_name = {figures.way: figures for figures in one.ways}
    ours = by_name[OURS]
    title = f"{one.sockets:,} sockets, {one.hz:g} messages of {one.bytes:,} bytes a second"
    compared = [("ours / bare", shown(ours.to_bare, 3), f"at most {BARE_RATIO_MAX}")]
    for name, value in one.ours_to.items():
        wanted = f"at most {NCHAN_RATIO_MAX}" if name == NCHAN else "below 1"
        compared.append((f"ours / {name}", shown(value, 3), wanted))
    idle = f"at most {IDLE_SOCKET_BYTES_MAX >> 10} KiB"
    if STOCK in by_name:
        idle += f", below {kib(by_name[STOCK].idle_socket_bytes)} of {STOCK}"
    compared.append(("idle socket of ours", f"{kib(ours.idle_socket_bytes)} KiB", idle))
    return [
        title,
        row(HEAD),
        *map(way_line, one.ways),
        *(f"  {name:<36}{value:>18}   {wanted}" for name, value, wanted in compared),
    ]


def table(result: Result) -> list[str]:
    """The result for people."""
    lines = [line for one in result.crowds for line in crowd_lines(one)]
    return [*lines, *(f"left out: {name}: {reason}" for name, reason in result.absent.items())]


def main(rounds: int, peers: bool, loads: Sequence[Load] = LOADS) -> int:
    """Measure, print the table and one line of JSON; 1 if our way, or the bare one, lost or could not be measured."""
    open_file_room(max(load.sockets for load in loads))
    others, absent = all_peers() if peers else ([], {})
    # Beside the code, for a folder for temporary files is often kept in memory, where a sync costs nothing.
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as thrown_away, on_core(LOAD_CORE):
        crowds = run([python(BARE), python(OURS), *others], loads, rounds, Path(thrown_away) / "ways.log")
    result = Result(crowds=crowds, rounds=rounds, absent=absent)
    click.echo("\n".join([*table(result), *(f"WRONG  {fault}" for fault in result.faults)]))
    click.echo(msgspec.json.encode(result))
    return 1 if result.faults else 0
