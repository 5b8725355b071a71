"""Characters that no text of a participation may have, by a list of our own.

Not ``str.isprintable``: it refuses a no-break space and the joiner within an emoji, and each Python knows the
characters of its own year, so an entry that one takes another would refuse for ever. Bidi controls and other invisible
characters are let through too: an id only has to be the same again, and to refuse one loses an entry. Whoever shows it
to people escapes and isolates it.
"""

import re

_BAD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
EXPECTED = "text without control characters, halves of surrogate pairs, and separators of lines or paragraphs"


def bad_character_in(text: str) -> str | None:
    """The first character that a text may not have, as "U+0007 at character 3" (counted from 1), or None."""
    found = _BAD.search(text)
    return None if found is None else f"U+{ord(found[0]):04X} at character {found.start() + 1}"
