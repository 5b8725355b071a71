"""The maps of a contest: on which grounds it offers them, and those of each."""

from dashboard.map.atlas import Atlas
from dashboard.map.boundary_atlas import BoundaryAtlas
from dashboard.map.labels import Pause, no_pause
from dashboard.map.layout import Ground
from dashboard.map.packing import packed_grid
from streaming.contests.contest import ContestFolder


def grounds(folder: ContestFolder) -> tuple[Ground, ...]:
    """Return the grounds on which a contest offers its map, the one shown unless another is asked for first.

    That is the contest's choice. A grid is packed only where the folder says nothing of the land; there is none at all
    where it wants no map or has no place.
    """
    if folder.map == "none" or not any(unit.place for unit in folder.contest.tree.leaves):
        return ()
    found: list[Ground] = []
    if folder.grid is not None:
        found.append("hexagons")
    if folder.boundaries is not None:
        found.append("boundaries")
    return tuple(sorted(found, key=lambda ground: ground != folder.map)) or ("packed",)


class Atlases:
    """The maps of a contest, which all languages share; those of a ground are made when they are first asked for."""

    def __init__(self, folder: ContestFolder) -> None:
        self._folder = folder
        self.grounds = grounds(folder)
        self._made: dict[Ground, Atlas | BoundaryAtlas] = {}

    def has(self, ground: Ground) -> bool:
        """Whether the maps on a ground need only be laid out."""
        return ground in self._made

    def of(self, ground: Ground, pause: Pause = no_pause) -> Atlas | BoundaryAtlas:
        """The maps on one of the `grounds`."""
        if ground not in self._made:
            tree, grid, boundaries = self._folder.contest.tree, self._folder.grid, self._folder.boundaries
            if ground == "boundaries" and boundaries is not None:
                self._made[ground] = BoundaryAtlas(boundaries, tree, pause)
            else:
                self._made[ground] = Atlas(grid or packed_grid(tree), tree, ground, pause)
        return self._made[ground]
