"""English nouns."""


def plural(noun: str) -> str:
    """The plural, by the rule that kinds of units and words for rounds follow: county → counties, class → classes."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z")) else "s")
