"""Which connection points an output tells of on air: those that are connected, while it shows the scene of them."""

from collections.abc import Callable

from streaming.program.output import Output
from streaming.program.points import SCENE, PointsAired, RollCalled
from streaming.program.state import SceneSettings


class AiredPoints:
    """What each output airs of the roll call; ``roll`` gives that as it stands."""

    def __init__(self) -> None:
        self.roll: Callable[[], RollCalled] = RollCalled
        self._still: dict[str, PointsAired] = {}

    def of(self, output: Output) -> PointsAired | None:
        """What an output tells now, None while it shows another scene. While its picture stands still that stays."""
        scene = output.shown_scene
        if scene.name != SCENE:
            self._still.pop(output.name, None)
            return None
        if output.still is not None and (stood := self._still.get(output.name)) is not None:
            return stood
        aired = self._still[output.name] = self.to_be(scene.settings)
        return aired

    def to_be(self, settings: SceneSettings) -> PointsAired:
        """What would be aired with these settings of the scene."""
        return self.roll().aired(str(settings.get("level", "all")))
