"""Numbers as a host reads them aloud: 33394 is "ba mươi ba nghìn ba trăm chín mươi tư".

``static/js/lib/spoken.js`` follows the same rules; both are held to ``tests/golden/words.json``.
"""

SPOKEN_MAX = 10**15 - 1
"""Larger numbers are not read aloud."""
ABOUT_FROM = 100
"""Smaller numbers are said as they are, also while they grow."""

_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"vi": ("", "nghìn", "triệu", "tỷ", "nghìn tỷ"), "en": ("", "thousand", "million", "billion", "trillion")}


def spoken(n: int, lang: str) -> str:
    """A number from 0 to SPOKEN_MAX in words; "" for any other."""
    if not 0 <= n <= SPOKEN_MAX:
        return ""
    if n == 0:
        return _VI[0] if lang == "vi" else _EN[0]
    groups = []
    rest = n
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    said = []
    for scale in range(len(groups) - 1, -1, -1):
        group = groups[scale]
        if not group:
            continue
        is_first = scale == len(groups) - 1
        words = (
            _vi_group(group, is_first=is_first) if lang == "vi" else _en_group(group, is_first=is_first or scale > 0)
        )
        name = _SCALES[lang][scale]
        if lang == "vi" and scale == 4 and groups[3]:
            name = "nghìn"  # "hai nghìn không trăm linh năm tỷ": the billions are named once.
        said += [words, name] if name else [words]
    return " ".join(said)


def rounded(n: int) -> int:
    """A number of at least ABOUT_FROM to the nearest with two digits that count: 16432 → 16000."""
    unit: int = 10 ** (len(str(n)) - 2)
    return (n + unit // 2) // unit * unit


def _vi_group(group: int, *, is_first: bool) -> str:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    said = []
    if hundreds or not is_first:
        said += [_VI[hundreds], "trăm"]
    if tens > 1:
        said += [_VI[tens], "mươi"]
    elif tens == 1:
        said.append("mười")
    elif said and ones:
        said.append("linh")
    if ones:
        said.append(_vi_ones(ones, tens))
    return " ".join(said)


def _vi_ones(ones: int, tens: int) -> str:
    if ones == 5 and tens:
        return "lăm"
    if tens > 1 and ones in {1, 4}:
        return "mốt" if ones == 1 else "tư"
    return _VI[ones]


def _en_group(group: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(group, 100)
    said = [_EN[hundreds], "hundred"] if hundreds else []
    if rest and (said or not is_first):
        said.append("and")
    if rest >= 20:
        ones = rest % 10
        said.append(_EN_TENS[rest // 10] + (f"-{_EN[ones]}" if ones else ""))
    elif rest:
        said.append(_EN[rest])
    return " ".join(said)
