"""Reads QR codes back, from their squares alone and by ISO/IEC 18004: nothing of what draws them is used.

Of level M, in bytes, of versions 1 to 10. Whatever its check codewords tell of is an error: what is read here was drawn
and not photographed.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

BLOCKS_M: dict[int, tuple[int, list[int]]] = {
    1: (10, [16]), 2: (16, [28]), 3: (26, [44]), 4: (18, [32] * 2), 5: (24, [43] * 2), 6: (16, [27] * 4),
    7: (18, [31] * 4), 8: (22, [38] * 2 + [39] * 2), 9: (22, [36] * 3 + [37] * 2), 10: (26, [43] * 4 + [44]),
}  # fmt: skip
"""By version: check codewords of each block, and the data codewords of each."""
ALIGNED: dict[int, list[int]] = {
    1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46],
    10: [6, 28, 50],
}  # fmt: skip
MASKS: list[Callable[[int, int], bool]] = [
    lambda i, j: (i + j) % 2 == 0, lambda i, _: i % 2 == 0, lambda _, j: j % 3 == 0, lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0, lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0, lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
]  # fmt: skip
Matrix = Sequence[Sequence[bool]]


def read_qr(rows: Matrix) -> str:
    """The text of a code; rows from the top, without the quiet edge."""
    size = len(rows)
    version = (size - 17) // 4
    assert size == 17 + 4 * version
    assert all(len(row) == size for row in rows)
    level, mask = _format(rows)
    assert level == "M"
    used = _functions(version)
    bits: list[bool] = []
    # From the right in pairs of columns, up and down in turn, without the column of the timing pattern.
    for nth, right in enumerate((*range(size - 1, 6, -2), 5, 3, 1)):
        down = range(size) if nth % 2 else range(size - 1, -1, -1)
        places = ((i, j) for i in down for j in (right, right - 1) if (i, j) not in used)
        bits += [rows[i][j] ^ MASKS[mask](i, j) for i, j in places]
    words = [sum(bit << 7 - n for n, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits) - 7, 8)]
    return _text(_data(words, version), version)


def _format(rows: Matrix) -> tuple[str, int]:
    around = [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8),
              (1, 8), (0, 8)]  # fmt: skip
    said = sum(rows[i][j] << 14 - n for n, (i, j) in enumerate(around)) ^ 0b101010000010010
    left = said
    for n in range(14, 9, -1):
        left ^= (0b10100110111 << n - 10) * (left >> n & 1)
    assert left == 0, "the format is broken"
    return "MLHQ"[said >> 13], said >> 10 & 7


def _functions(version: int) -> set[tuple[int, int]]:
    """The squares that carry no data."""
    size = 17 + 4 * version
    used = {(i, j) for i in range(size) for j in range(size) if i == 6 or j == 6}
    for i, j in ((0, 0), (0, size - 8), (size - 8, 0)):
        used |= {(i + a, j + b) for a in range(9 if i == 0 else 8) for b in range(9 if j == 0 else 8)}
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for i in ALIGNED[version]:
        for j in ALIGNED[version]:
            if (i, j) not in corners:
                used |= {(i + a, j + b) for a in range(-2, 3) for b in range(-2, 3)}
    # What these take of the format: a row and a column of it stand beside each finder.
    used |= {(8, size - 1 - n) for n in range(8)} | {(size - 1 - n, 8) for n in range(8)}
    if version >= 7:
        used |= {(i, size - 11 + j) for i in range(6) for j in range(3)}
        used |= {(size - 11 + i, j) for i in range(3) for j in range(6)}
    return used


def _data(words: list[int], version: int) -> bytes:
    checks, sizes = BLOCKS_M[version]
    blocks: list[list[int]] = [[] for _ in sizes]
    left = iter(words)
    for nth in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if nth < size:
                block.append(next(left))
    data = bytes(word for block in blocks for word in block)
    for _ in range(checks):
        for block in blocks:
            block.append(next(left))
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] << 1 ^ 0x11D * (powers[-1] >> 7))
    logs = {power: n for n, power in enumerate(powers)}
    for block in blocks:
        for n in range(checks):
            total = 0
            for word in block:
                total = word ^ (powers[(logs[total] + n) % 255] if total else 0)
            assert total == 0, "a square is wrong"
    return data


def _text(data: bytes, version: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    assert bits.startswith("0100"), "not in bytes"
    length = 8 if version < 10 else 16
    count, begins = int(bits[4 : 4 + length], 2), 4 + length
    return bytes(int(bits[begins + 8 * n : begins + 8 * n + 8], 2) for n in range(count)).decode()


# From a document's page.

_SQUARE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) (-?[\d.]+) re f\b")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
NEAR_PT = 40.0
"""Squares that are further apart than this are of two codes."""


def pages_of(document: bytes) -> list[bytes]:
    """What is drawn on each page of a PDF."""
    found = []
    for packed in _STREAM.findall(document):
        try:
            said = zlib.decompress(packed)
        except zlib.error:
            continue
        if b" re" in said and b" Tf" in said:
            found.append(said)
    return found


def codes_on(page: bytes) -> list[str]:
    """The texts of the QR codes on a page, from the top left on, each drawn in black squares on white."""
    squares = [tuple(map(float, found)) for found in _SQUARE.findall(page)]
    lefts, tops = sorted({x for x, *_ in squares}), sorted({y for _, y, *_ in squares}, reverse=True)
    across, down = _apart(lefts), _apart(tops)
    return [
        read_qr(_matrix([(x, y, w, abs(h)) for x, y, w, h in squares if left <= x <= right and low <= y <= top]))
        for top, low in down
        for left, right in across
        if any(left <= x <= right and low <= y <= top for x, y, *_ in squares)
    ]


def _apart(places: list[float]) -> list[tuple[float, float]]:
    ends = [0, *(n + 1 for n, (one, next_) in enumerate(pairwise(places)) if abs(next_ - one) > NEAR_PT), len(places)]
    return [(places[start], places[end - 1]) for start, end in pairwise(ends)]


def _matrix(squares: list[tuple[float, float, float, float]]) -> Matrix:
    left, top = min(x for x, *_ in squares), max(y for _, y, *_ in squares)
    right, low = max(x + w for x, _, w, _ in squares), min(y for _, y, *_ in squares)
    # The first row begins with the seven squares of a finder; a code has 17 and a multiple of four.
    corner = next(w for x, y, w, _ in squares if (x, y) == (left, top))
    size = 17 + 4 * round(((right - left) / (corner / 7) - 17) / 4)
    step = (top - low) / (size - 1)
    rows = [[False] * size for _ in range(size)]
    for x, y, w, _ in squares:
        for n in range(round(w / step)):
            rows[round((top - y) / step)][round((x - left) / step) + n] = True
    return rows
