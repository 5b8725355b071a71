"""The words of the map's steps: "1–19", "2–5 nghìn", "từ 200".

``static/js/parts/legend.js`` follows the same rules; golden files hold both to them.
"""

from collections.abc import Sequence

from dashboard.map.steps import colour
from dashboard.words.words import Words

SCALES = (9, 6, 3)
"""Zeros of the words for which large bounds are told shorter: billions, millions, thousands."""


def words_of(steps: Sequence[int], words: Words) -> list[tuple[int, str]]:
    """Return the colour and the words of each step, zero first.

    From a thousand on, where bounds are round to a tenth, a step is told by both of them: "1–2 nghìn" holds 1.999 and
    not 2.000. As whole numbers six of them would be wider than the map.
    """
    highs = (*steps[1:], None)
    told = [(0, _range(0, steps[0], words))]
    return told + [(colour(low, steps), _range(low, high, words)) for low, high in zip(steps, highs, strict=True)]


def _range(low: int, high: int | None, words: Words) -> str:
    """A step from `low` to below `high`, None for the top one."""
    scaled = _scaled(low, words)
    if high is None:
        return words.say("step_from", n=_said(scaled, words) if scaled else words.number(low))
    above = _scaled(high, words)
    if scaled is None or above is None:
        return words.number(low) if high == low + 1 else f"{words.number(low)}–{words.number(high - 1)}"
    if scaled[0] == above[0]:
        return _said((scaled[0], f"{scaled[1]}–{above[1]}"), words)
    return f"{_said(scaled, words)} – {_said(above, words)}"


def _scaled(bound: int, words: Words) -> tuple[int, str] | None:
    """A bound as a number of thousands, millions or billions; None where that takes more than a tenth."""
    for zeros in SCALES:
        tenth = 10 ** (zeros - 1)
        if bound >= 10 * tenth:
            whole, tenths = divmod(bound // tenth, 10)
            mark = "." if words.lang == "en" else ","
            text = words.number(whole) + (f"{mark}{tenths}" if tenths else "")
            return (zeros, text) if bound % tenth == 0 else None
    return None


def _said(scaled: tuple[int, str], words: Words) -> str:
    return words.say(f"scale_{scaled[0]}", n=scaled[1])
