"""The rundown that is shipped to start from: ninety minutes of an online launch ceremony, in the order in which such
ceremonies go. What the host says is a beginning that the office finishes, in the language of the hall."""

from pathlib import Path

import msgspec

from streaming.contests.contest import Contest
from streaming.program.arming import LAUNCH
from streaming.program.rundown import Item, Rundown
from streaming.program.state import SceneSettings

FILE = Path(__file__).with_suffix(".json")
MINUTE_MS = 60_000


class Planned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item as the file has it; ``say`` may name the {title} of the contest and its first {organiser}."""

    id: str
    title: str
    minutes: int
    say: str
    scene: str | None = None
    settings: SceneSettings = {}
    note: str = ""
    hold: bool = False
    arm: bool = False


def shipped(contest: Contest, now_ms: int) -> Rundown:
    """The evening of a contest: planned so that the launch stands at the opening of the first round, where that is to
    come; else without times."""
    evening = msgspec.json.decode(FILE.read_bytes(), type=tuple[Planned, ...])
    launch = next(at for at, planned in enumerate(evening) if planned.scene == LAUNCH)
    begins_ms = contest.rounds[0].opens_ms - sum(planned.minutes for planned in evening[:launch]) * MINUTE_MS
    at_ms = begins_ms if begins_ms > now_ms else None
    organiser = contest.organisers[0] if contest.organisers else "Ban Tổ chức"
    items: list[Item] = []
    for planned in evening:
        items.append(
            Item(
                id=planned.id,
                title=planned.title,
                scene=planned.scene,
                settings=planned.settings,
                say=planned.say.format(title=contest.title, organiser=organiser),
                note=planned.note,
                at_ms=at_ms,
                duration_s=planned.minutes * 60,
                hold=planned.hold,
                arm=planned.arm,
            )
        )
        at_ms = None if at_ms is None else at_ms + planned.minutes * MINUTE_MS
    return Rundown(tuple(items), at_ms)
