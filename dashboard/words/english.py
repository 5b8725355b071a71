"""English nouns."""


def counted(count: int, noun: str) -> str:
    """1, "file" → "1 file"; 2 → "2 files"."""
    return f"{count} {noun if count == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural, by the rule that kinds of units and words for rounds follow: county → counties, class → classes."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z")) else "s")
