"""What an earlier run has shown, as far as it can be shown now: an edit of the contest may have taken a unit from under
a scene, and another release has other scenes.

What was on air stays there, of the whole contest where its unit is gone; what was to come, or is a way back, is dropped
where it cannot be shown as it was. Each is told in the log.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog

from dashboard.parts.part import Cut
from dashboard.scenes.scene import Scene
from server.control.scene_settings import told
from server.control.store_cuts import StoreCuts
from server.errors import WrongTake
from streaming.contests.units import UnitCode
from streaming.ledger.rows import SYSTEM
from streaming.program.on_air import next_take
from streaming.program.output import Output
from streaming.program.state import SceneOnAir, SceneSettings, Store, Take

OF, UNIT = "of", "unit"
"""The settings that name the unit of a scene: one whose parts are shown, and one that is shown itself."""
PICTURE = "picture"
"""The setting that names a picture."""

log = structlog.get_logger(__name__)


class ShownBefore:
    """Knows the scenes of this release and the units of this contest."""

    def __init__(self, scenes: Mapping[str, Scene[Any]], cuts: StoreCuts) -> None:
        self._scenes = scenes
        self._cuts = cuts

    def mended(self, output: Output, now_ms: int) -> Output:
        """The output with nothing in it that cannot be shown; of a store whose scene cannot, it has none on air."""
        on_air: dict[Store, Take] = {}
        for store, take in output.on_air.items():
            if (kept := self._take(output, store, take, now_ms)) is not None:
                on_air[store] = kept
        store, still, withdrawn = output.store, output.still, output.withdrawn
        if still is not None:
            scene = self._scene(output.name, store, still.scene)
            still = None if scene is None else msgspec.structs.replace(still, scene=scene)
        if withdrawn is not None and withdrawn.scene is not None:
            scene = self._scene(output.name, store, withdrawn.scene)
            withdrawn = msgspec.structs.replace(withdrawn, scene=scene)
        preview = output.preview
        if preview is not None and not self._is_there(store, preview.name, preview.settings):
            preview = None
        mended = output.with_(
            on_air=on_air,
            still=still,
            withdrawn=withdrawn,
            preview=preview,
            before=tuple(each for each in output.before if self._is_there(store, each.name, each.settings)),
            runs={store: run.revived(now_ms) for store, run in output.runs.items()},
            coming=tuple(each for each in output.coming if self._is_there(store, each.scene.name, each.scene.settings)),
        )
        return mended if mended == output else mended.with_(version=output.version + 1)

    def _take(self, output: Output, store: Store, take: Take, now_ms: int) -> Take | None:
        scene = self._scene(output.name, store, take.scene)
        if scene is None or scene == take.scene:
            return None if scene is None else take
        # It is another picture, so it is another take.
        return next_take(SYSTEM, scene.name, scene.settings, now_ms, take, version=output.version + 1)

    def _scene(self, output: str, store: Store, shown: SceneOnAir) -> SceneOnAir | None:
        try:
            self._check(store, shown.name, shown.settings)
        except WrongTake as error:
            whole = {name: value for name, value in shown.settings.items() if name not in {OF, UNIT}}
            with_whole = self._of_the_whole(store, shown.name, whole) if whole != shown.settings else None
            if with_whole is None:
                _warn(output, shown.name, f"it cannot be shown now: {error}")
                return None
            _warn(output, shown.name, f"it is shown of the whole contest: {error}")
            return msgspec.structs.replace(shown, settings=with_whole, take=shown.take + 1, step=0)
        except (LookupError, msgspec.ValidationError) as error:
            _warn(output, shown.name, f"it cannot be shown now: {error}")
            return None
        return shown

    def _of_the_whole(self, store: Store, name: str, settings: SceneSettings) -> SceneSettings | None:
        try:
            scene = self._scenes[name]
            return told(scene.chosen(msgspec.convert(dict(settings), scene.settings), self._cuts.of(store)))
        except (LookupError, ValueError):
            return None

    def _is_there(self, store: Store, name: str, settings: SceneSettings) -> bool:
        try:
            self._check(store, name, settings)
        except (LookupError, msgspec.ValidationError, WrongTake):
            return False
        return True

    def _check(self, store: Store, name: str, settings: SceneSettings) -> None:
        msgspec.convert(dict(settings), self._scenes[name].settings)
        check_there(settings, self._cuts.of(store))


def check_there(settings: SceneSettings, cut: Cut) -> None:
    """Check that there is the unit that a scene is about, with units below it where its parts are shown, and the
    picture that it shows.

    Raises:
        WrongTake: If not.
    """
    unit = settings.get(UNIT)
    if unit and unit not in cut.tree:
        raise WrongTake("settings.unit", str(unit), "the code of a unit")
    code = settings.get(OF)
    if code and (code not in cut.tree or cut.tree.is_leaf(UnitCode(str(code)))):
        raise WrongTake("settings.of", str(code), "the code of a unit that has others below it")
    digest = settings.get(PICTURE)
    if digest and cut.edition.gallery.find(str(digest)) is None:
        raise WrongTake(f"settings.{PICTURE}", str(digest), "the digest of a picture that is kept")


def _warn(output: str, scene: str, reason: str) -> None:
    log.warning("output not applied", output=output, scene=scene, reason=reason)
