"""Provinces for tests of maps: as many communes as are asked for, right below or in districts."""

from dashboard.map.atlas import Atlas
from dashboard.map.layout import Layout
from dashboard.map.names import Names
from dashboard.map.packing import packed_grid
from dashboard.words.words import Words
from streaming.contests.units import Tree, Unit, UnitCode

ROOT = Unit(UnitCode("p"), None, "tỉnh", "P", "Tỉnh P")


def communes(count: int) -> Tree:
    """A province and its communes x0, x1 …"""
    return Tree([ROOT, *(Unit(UnitCode(f"x{n}"), ROOT.code, "xã", f"X{n}", f"Xã X{n}") for n in range(count))])


def district(count: int, each: int) -> Tree:
    """A province, its districts d0, d1 … and in each so many communes."""
    units = [ROOT]
    for nth in range(count):
        parent = UnitCode(f"d{nth}")
        units.append(Unit(parent, ROOT.code, "huyện", f"D{nth}", f"Huyện D{nth}"))
        units += [Unit(UnitCode(f"{parent}-{n}"), parent, "xã", f"X{n}", f"Xã X{n}") for n in range(each)]
    return Tree(units)


def province(count: int) -> Layout:
    """The map of a province with so many communes."""
    tree = communes(count)
    return Atlas(packed_grid(tree), tree).map(tree.root.code, Names(tree, Words("vi", "Asia/Ho_Chi_Minh")))
