"""The golden cases of parts: what each shows of made-up boards. ``python -m tests.worlds.parts`` writes them anew."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from dashboard.pages import hall, unit
from dashboard.parts.part import Cut, Part
from dashboard.parts.parts import PARTS
from dashboard.parts.recent import RecentSpec
from dashboard.parts.roll import RollSpec
from dashboard.parts.text import TEXTS
from dashboard.words.words import LANGS
from streaming.points.point import points_of
from streaming.program.points import PointsAired
from streaming.topics.state import BreakdownState, UnitState
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import topic_frame, unit_frame
from tests.suite import ROOT
from tests.worlds.editions import edition

GOLDEN = ROOT / "tests" / "golden" / "parts"
CASES = (
    Case("ha-giang", "zero"), Case("ha-giang", "opening"), Case("ha-giang", "typical"), Case("ha-giang", "ties"),
    Case("absurd", "absurd"), Case("cao-bang-2022", "typical"),
)  # fmt: skip
UNITS = (
    (CASES[0], "026"), (CASES[1], "026"), (CASES[2], "026"), (CASES[2], "00712"), (CASES[2], "02"), (CASES[2], "HG-CQ"),
    (CASES[3], "00712"), (CASES[4], "024"), (CASES[5], "042"),
)  # fmt: skip
"""Pages of units: a district, one of its communes, the province, agencies; equal neighbours; ranked by % of targets."""
STEPS = (1, 20, 60, 120, 200)
"""Steps of a map, as a take fixes them."""
LEFT_MS = (-1, 0, 1, 1_000, 1_001, 10_000, 277_400, 3_600_000, 86_399_001, 86_399_000, 90_061_500, 900 * 86_400_000)
"""What is left of a countdown."""
LATER_MS = 2_000
"""The screen's clock, after the frame."""

Asked = tuple[tuple[Any, ...], dict[str, Any]]


def part_of(cut: Cut) -> str:
    """A unit whose map has names in its cells, where the contest has one."""
    tree = cut.tree
    return next((unit.code for unit in tree.children(tree.root.code) if not tree.is_leaf(unit.code)), tree.root.code)


def cuts(lang: str = LANGS[0]) -> Iterator[tuple[str, Cut]]:
    """Every cut by its name: of the board, then of units."""
    for case in CASES:
        frame = frame_of(case)
        cut = hall.cut_of(frame, edition(folder(case.contest), lang), frame.at + LATER_MS)
        yield str(case), replace(cut, points=_aired(cut, case.kind))
        if case.contest == "ha-giang":
            parts = topic_frame(frame, folder(case.contest).contest, "breakdown")
            yield f"{case}-breakdown", hall.cut_of(parts, edition(folder(case.contest), lang), frame.at + LATER_MS)
    for case, code in UNITS:
        of = folder(case.contest)
        frame = unit_frame(frame_of(case), of.contest, code)
        yield f"{case}-{code}", unit.cut_of(frame, edition(of, lang), frame.at + LATER_MS)


def _aired(cut: Cut, kind: str) -> PointsAired | None:
    """The connection points that are aired beside a board: none, a few, a page and more of them."""
    codes = [unit.code for unit in points_of(cut.tree)]
    step = {"opening": 40, "typical": 6, "absurd": 9}.get(kind)
    return None if step is None else PointsAired(tuple(codes[::step]), len(codes), 12_345)


def asked(cut: Cut) -> dict[str, tuple[Asked, ...]]:
    """What templates ask of each part."""
    if isinstance(cut.state, UnitState):
        code, steps = cut.frame.topic.rpartition("/")[2], STEPS
        return {
            "place": (((), {"of": code}),),
            "facts": (((), {"of": code}),),
            "ladder": (((), {"of": code}),),
            "gaps": (((), {"of": code}),),
            "below": (((), {"of": code, "steps": steps}), ((), {"of": code})),
            "map": (((), {"of": code, "by": "completed", "is_below": True}),),
            "number": ((("pace",), {"of": code}),),
            "text": ((("heard",), {}), (("corrected",), {}), (("target",), {"of": code}), (("share",), {"of": code})),
        }
    if isinstance(cut.state, BreakdownState):
        root = cut.tree.root.code
        return {"split": ((("channel",), {"of": root}), (("group",), {"of": root, "column": "participants"}))}
    root, by, steps = cut.tree.root.code, cut.contest.ranking.by, STEPS
    largest = max(cut.tree.children(root), key=lambda unit: len(cut.tree.children(unit.code))).code
    columns = ("completed", "participants", "rate", "pace", "taking_part")
    return {
        "number": tuple(((column,), {"of": root}) for column in columns),
        "text": tuple(((name,), {"of": root}) for name in TEXTS),
        "rows": (
            ((), {"of": root, "by": "started"}),
            ((), {"of": root, "by": by, "limit": 3, "columns": ["pace", by]}),
        ),
        "table": (
            ((), {"of": root, "by": by}),
            ((), {"of": root, "by": "participants", "order": "full"}),
            ((), {"of": largest, "by": by, "order": "full"}),
        ),
        "map": (
            ((), {"of": root, "by": "completed", "steps": steps}),
            ((), {"of": root, "by": "started"}),
            ((), {"of": root, "by": "completed", "is_below": True}),
            ((), {"of": part_of(cut), "by": by}),
            ((), {"of": root, "by": "completed", "lit": 7}),
        ),
        "legend": (
            ((), {"of": root, "by": "completed", "steps": steps}),
            ((), {"of": root, "by": "completed", "head": "Lượt thi"}),
            ((), {"of": root, "by": "completed", "steps": (1, 999, 1_000, 2_500, 1_500_000, 3_000_000_000)}),
        ),
        "recent": (((), {}),),
        "trend": (((), {"of": root}),),
        "milestone": (((), {}),),
        "light": (((), {"of": root}),),
        "gauge": (((), {}),),
        "roll": (
            ((), {"of": root}),
            ((), {"of": root, "level": "upper", "present": True}),
            ((), {"of": root, "level": "lower", "counts": False}),
        ),
        "countdown": (((), {}), *(((), {"to_ms": cut.now_ms + ms}) for ms in LEFT_MS)),
    }


def views(part: Part[Any, Any]) -> Iterator[dict[str, Any]]:
    """The views of a part: its spec, and what is seen of it, by the name of the frame and the language."""
    for pair in zip(*map(cuts, LANGS), strict=True):
        for lang, (name, cut) in zip(LANGS, pair, strict=True):
            for args, kwargs in asked(cut).get(part.name, ()):
                spec = part.ask(cut.edition, *args, **kwargs)
                if isinstance(spec, RecentSpec):
                    # The names of all units would be most of the file.
                    named = {code: spec.units[code] for code in cut.frame.state.get("recent", ())}
                    spec = msgspec.structs.replace(spec, units=named)
                if isinstance(spec, RollSpec):
                    there = {*(cut.points.connected if cut.points else ())}
                    spec = msgspec.structs.replace(
                        spec,
                        names={code: text for code, text in spec.names.items() if code in there},
                        groups={code: group for code, group in spec.groups.items() if code in there},
                    )
                yield {"frame": name, "lang": lang, "spec": spec, "view": part.view(spec, cut)}


def cases(part: Part[Any, Any]) -> dict[str, Any]:
    return {"cases": list(views(part))}


def frames() -> dict[str, Any]:
    """The frames by name, with what a page knows beside them."""
    found = {}
    for name, cut in cuts():
        root = cut.frame.topic.rpartition("/")[2] if isinstance(cut.state, UnitState) else cut.tree.root.code
        found[name] = {
            "frame": cut.frame, "now_ms": cut.now_ms, "leaves": cut.leaves, "timezone": cut.contest.timezone,
            "root": root, "by": cut.contest.ranking.by, "points": cut.points,
        }  # fmt: skip
    return found


FILES = {"_frames": frames} | {part.name: partial(cases, part) for part in PARTS}
"""What stands in each golden file, by its name without the ending."""


def file(name: str) -> Path:
    return GOLDEN / f"{name}.json"


def text(name: str) -> bytes:
    """A golden file as it should be."""
    return msgspec.json.encode(FILES[name]()) + b"\n"


if __name__ == "__main__":
    for name in FILES:
        file(name).write_bytes(text(name))
