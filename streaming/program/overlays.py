"""Overlays: the graphics of an output that stand over somebody else's picture, and what is done to them.

Which there are, and in which lane each stands, is known to whoever paints them; here are their states. What is done on
an output reaches those that follow it, as a take does, and no output that somebody holds.
"""

from collections.abc import Mapping

import msgspec

from streaming.program.action import Action, Case
from streaming.program.arming import check_armed
from streaming.program.errors import NotNow
from streaming.program.follow import send_overlays
from streaming.program.output import Output
from streaming.program.state import KeptOut, Overlay, SceneSettings


class OnOverlay(Action, frozen=True, kw_only=True):
    """Does something to the ``overlay`` of a name, which the output has."""

    aspect = "overlays"

    overlay: str

    def check(self, case: Case) -> None:
        """See whether there is something to change."""
        of(case.output, self.overlay)

    def changed(self, case: Case) -> Mapping[str, Overlay]:
        """The overlays that are different then."""
        raise NotImplementedError

    def apply(self, case: Case) -> list[Output]:
        """Change it here at once, and later where the output is followed."""
        return put(case, self.changed(case))


class ShowOverlay(OnOverlay, frozen=True, kw_only=True):
    """Shows it, with other ``data`` where some is given, from its first step; those that stand in its lane go.

    ``hides_after_ms`` is after how long it goes by itself. One that ``needs_arming`` is shown with intent alone.
    """

    did = "show"

    data: SceneSettings | None = None
    lane: frozenset[str] = frozenset()
    hides_after_ms: int | None = None
    needs_arming: bool = False

    def check(self, case: Case) -> None:
        """See whether it is there, and armed where that is asked."""
        super().check(case)
        if self.needs_arming:
            check_armed(case.output, case.at.now_ms, overlay=self.overlay)

    def changed(self, case: Case) -> Mapping[str, Overlay]:
        """It, and what stood in its lane."""
        now_ms, old = case.at.now_ms, of(case.output, self.overlay)
        gone = {name: hidden(each) for name, each in case.output.overlays.items() if name in self.lane and each.shown}
        shown = Overlay(
            shown=True,
            data=old.data if self.data is None else self.data,
            show=max(now_ms, old.show + 1),
            since=now_ms,
            hides_at=None if self.hides_after_ms is None else now_ms + self.hides_after_ms,
        )
        return gone | {self.overlay: shown}

    def apply(self, case: Case) -> list[Output]:
        """The same; what was armed for it is armed no more."""
        found = super().apply(case)
        if self.needs_arming:
            found[0] = found[0].ran(found[0].running.disarmed())
        return found


class HideOverlay(OnOverlay, frozen=True, kw_only=True):
    """Takes it away."""

    did = "hide"
    is_urgent = True

    def changed(self, case: Case) -> Mapping[str, Overlay]:
        """It, if it is there to be seen."""
        old = of(case.output, self.overlay)
        return {self.overlay: hidden(old)} if old.shown else {}


class StepOverlay(OnOverlay, frozen=True, kw_only=True):
    """Goes on to its next step, of ``steps`` beside its beginning; after the last it goes."""

    did = "next"
    press = "overlay"

    steps: int

    def check(self, case: Case) -> None:
        """See whether it is shown."""
        if not of(case.output, self.overlay).shown:
            raise NotNow("not_shown", f"the overlay {self.overlay} is not shown")

    def changed(self, case: Case) -> Mapping[str, Overlay]:
        """It, a step further."""
        old = of(case.output, self.overlay)
        if old.step >= self.steps:
            return {self.overlay: hidden(old)}
        return {self.overlay: msgspec.structs.replace(old, step=old.step + 1)}


class UpdateOverlay(OnOverlay, frozen=True, kw_only=True):
    """Gives it other data, and changes nothing of whether it is shown."""

    did = "update"

    data: SceneSettings
    needs_arming: bool = False

    def check(self, case: Case) -> None:
        """See whether it is there, and armed where what it says is seen at once and that is asked."""
        old = of(case.output, self.overlay)
        if self.needs_arming and old.shown:
            check_armed(case.output, case.at.now_ms, overlay=self.overlay)

    def changed(self, case: Case) -> Mapping[str, Overlay]:
        """It, with that."""
        old = of(case.output, self.overlay)
        return {} if old.data == self.data else {self.overlay: msgspec.structs.replace(old, data=self.data, step=0)}

    def apply(self, case: Case) -> list[Output]:
        """The same; what was armed for it is armed no more."""
        was_shown = of(case.output, self.overlay).shown
        found = super().apply(case)
        if self.needs_arming and was_shown:
            found[0] = found[0].ran(found[0].running.disarmed())
        return found


class ClearOverlays(Action, frozen=True, kw_only=True):
    """Takes every overlay away at once, without motion."""

    did = "clear"
    aspect = "overlays"
    is_urgent = True

    def apply(self, case: Case) -> list[Output]:
        """Clear it here at once, and later where it is followed."""
        now_ms, output = case.at.now_ms, case.output
        cleared = max(now_ms, output.cleared + 1)
        gone = {name: hidden(each) for name, each in output.overlays.items() if each.shown}
        # What was on its way here would bring some back.
        coming = tuple(each for each in output.coming if each.overlays is None)
        changed = output.with_(overlays={**output.overlays, **gone}, cleared=cleared, coming=coming)
        return [changed, *send_overlays(case.outputs, changed, case.hand.by, now_ms, gone)]


class FrameOverlays(Action, frozen=True, kw_only=True):
    """Sets what the overlays keep out of, and how they look; None leaves it. Both are of this picture, and go on to no
    output that follows."""

    did = "frame"
    aspect = "overlays"

    kept_out: tuple[KeptOut, ...] | None = None
    theme: str | None = None

    def apply(self, case: Case) -> list[Output]:
        """Change it here."""
        changes = {"kept_out": self.kept_out, "theme": self.theme}
        return [case.output.with_(**{name: value for name, value in changes.items() if value is not None})]


def of(output: Output, overlay: str) -> Overlay:
    """The overlay of a name.

    Raises:
        NotNow: If the output has none of it.
    """
    if overlay not in output.overlays:
        raise NotNow("no_overlay", f"the output has no overlay {overlay}")
    return output.overlays[overlay]


def put(case: Case, changed: Mapping[str, Overlay]) -> list[Output]:
    """An output with other overlays, and those to which they go."""
    output = case.output.with_(overlays={**case.output.overlays, **changed})
    if not changed:
        return [output]
    return [output, *send_overlays(case.outputs, output, case.hand.by, case.at.now_ms, changed)]


def hidden(overlay: Overlay) -> Overlay:
    """An overlay that is seen no more; what it would say is kept."""
    return msgspec.structs.replace(overlay, shown=False, step=0, hides_at=None)


def due_ms(output: Output) -> int | None:
    """When the next overlay of an output goes by itself, None if none does."""
    return min((each.hides_at for each in output.overlays.values() if each.hides_at is not None), default=None)


def expired(output: Output, now_ms: int) -> Output:
    """The output without the overlays whose time is over."""
    gone = {
        name: hidden(each)
        for name, each in output.overlays.items()
        if each.hides_at is not None and each.hides_at <= now_ms
    }
    return output.with_(overlays={**output.overlays, **gone}) if gone else output
