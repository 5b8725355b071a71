"""Whether a client has what it asks for already (If-None-Match, RFC 9110 §13.1.2)."""

import re

from starlette.datastructures import Headers

_TAG = re.compile(r'\*|"[\x21\x23-\x7e\x80-\xff]*"')


def has_it(headers: Headers, etag: str) -> bool:
    """Whether one of the tags is ``etag``, weak or strong, or ``*``, which is whatever there is.

    Compared weakly, as is right for a GET: a proxy that compresses makes a strong tag weak, and some programs do the
    opposite. Several lines are one list.
    """
    given = headers.getlist("if-none-match")
    if not given:
        return False
    tags = _TAG.findall(",".join(given))
    return "*" in tags or etag.removeprefix("W/") in tags
