"""Places among siblings."""

from collections.abc import Mapping, Sequence

Value = int | float | None


def places(values: Mapping[str, Value]) -> dict[str, int | None]:
    """The place of each code by its value, highest first: 1, 2, 2, 4; None for a code without a value.

    Equal values share a place and the next place is skipped, as competitions rank
    (a unit's place is one more than the number of units strictly ahead of it).
    """
    ordered = sorted((value for value in values.values() if value is not None), reverse=True)
    first: dict[int | float, int] = {}
    for index, value in enumerate(ordered, start=1):
        first.setdefault(value, index)
    return {code: None if value is None else first[value] for code, value in values.items()}


def in_order(codes: Sequence[str], values: Mapping[str, Value]) -> list[str]:
    """The codes from the highest value down; ties stay in the order given, codes without a value come last."""
    return sorted(codes, key=lambda code: (values[code] is None, -(values[code] or 0)))


def near(code: str, codes: Sequence[str], values: Mapping[str, Value]) -> tuple[str | None, str | None]:
    """The siblings just ahead of and just behind a code: the nearest values strictly above and below its own.

    Of several with the same value the official order decides: the last of those ahead, the first of those behind.
    """
    own = values[code]
    if own is None:
        return None, None
    order = in_order(codes, values)
    ahead = [other for other in order if (value := values[other]) is not None and value > own]
    behind = [other for other in order if (value := values[other]) is not None and value < own]
    return (ahead[-1] if ahead else None, behind[0] if behind else None)
