"""What an output shows before anybody has taken anything: the standby scene until the opening, then the live one, led
by those who have entered; and what stands for the main backdrop."""

from dashboard.parts.part import Cut
from streaming.program.output import Output
from streaming.program.state import Countdown, SceneOnAir

STANDBY, LIVE = "standby", "live"
"""The scenes that an output shows by itself, before the opening and from then on."""
BACKDROP = "backdrop"
LEADS, FINISHED = "started", "completed"
"""What the live scene leads with by itself: in the first minutes everybody is inside the quiz. Where sources report
completed entries alone, the first would stay at 0."""


def scene_of(cut: Cut, now_ms: int) -> str:
    """The scene of now."""
    return LIVE if is_open(cut, now_ms) else STANDBY


def lead_of(cut: Cut) -> str:
    """What the live scene leads with."""
    return FINISHED if leads_with_nothing(cut) else LEADS


def is_over(scene: SceneOnAir, cut: Cut, now_ms: int) -> bool:
    """Whether what an output shows by itself has had its time. It never goes back."""
    if scene.name == STANDBY:
        return is_open(cut, now_ms)
    return scene.name == LIVE and scene.settings.get("lead") == LEADS and leads_with_nothing(cut)


def backdrop_of(output: Output) -> str:
    """The scene that the way to the main backdrop leads to. Until the ceremony has begun here, which it has once
    anything else was on air, that is the standby scene: it invites, and counts down."""
    has_begun = any(scene.name != STANDBY for scene in (*output.before, output.scene))
    return BACKDROP if has_begun else STANDBY


def counts_to(scene: SceneOnAir, cut: Cut) -> Countdown | None:
    """What a scene should count down to that an output shows by itself: the opening, wherever it is moved."""
    return Countdown(cut.opens_ms) if scene.name == STANDBY else scene.countdown


def leads_with_nothing(cut: Cut) -> bool:
    """Whether sources tell only of those who have finished."""
    board = cut.board
    return not board.count(board.root, LEADS) and board.count(board.root, FINISHED) > 0


def is_open(cut: Cut, now_ms: int) -> bool:
    """Whether the first round has opened, by the contest's clock and as public rounds are, or the first public entry is
    there."""
    if cut.opens_ms is not None and now_ms >= cut.opens_ms:
        return True
    return any(cut.board.count(cut.board.root, column) for column in ("registered", "started", "completed"))
