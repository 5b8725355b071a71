"""If-None-Match (RFC 9110 §13.1.2): whether a client already has the current representation."""

import re

from starlette.datastructures import Headers

_TAG = re.compile(r'\*|"[\x21\x23-\x7e\x80-\xff]*"')


def has_it(headers: Headers, etag: str) -> bool:
    """Whether one of the tags is ``etag``, weak or strong, or ``*``, which matches anything.

    Weak comparison, as the RFC asks for GET: a compressing proxy makes a strong tag weak, and some programs do the
    opposite. Several header lines form one list.
    """
    given = headers.getlist("if-none-match")
    if not given:
        return False
    tags = _TAG.findall(",".join(given))
    return "*" in tags or etag.removeprefix("W/") in tags
