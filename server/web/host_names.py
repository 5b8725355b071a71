"""Host names, as a request, a setting or the machine itself writes them."""

import re
from ipaddress import ip_address

LOCAL_SUFFIXES = (".local", ".lan", ".home.arpa", ".internal")
"""Suffixes that a local network may add to a machine's name; none of them exists in public DNS."""

NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]:/?#@\\\s]{1,254})(?P<port>:[0-9]{0,5})?")


def name_of(host: str) -> str | None:
    """The name in a Host or in a setting: lower case, without port and final dot; None if it is not a valid one."""
    found = _HOST.fullmatch(host)
    if found is None:
        return None
    name = found["name"].lower().removesuffix(".")
    if is_address(name):
        return name
    return name if len(name) <= 253 and NAME.fullmatch(name) else None


def in_ascii(host: str) -> str:
    """A name as browsers send it: lower case, and letters beyond ASCII in Punycode."""
    if host.isascii():
        return host.lower()
    name, colon, port = host.lower().partition(":")
    try:
        return name.encode("idna").decode() + colon + port
    except UnicodeError:
        return host


def port_in(host: str) -> str:
    """The port that a Host or a setting names, "" if none."""
    found = _HOST.fullmatch(host)
    return "" if found is None else (found["port"] or "").removeprefix(":")


def is_address(name: str) -> bool:
    """Whether a name is a literal address, [in brackets] if of IPv6."""
    try:
        return ip_address(name.removeprefix("[").removesuffix("]")).version == (6 if name.startswith("[") else 4)
    except ValueError:
        return False


def own_names(machine: str) -> frozenset[str]:
    """The names by which a local network may know a machine whose own name is ``machine``."""
    machine = machine.lower().removesuffix(".")
    first = machine.partition(".")[0]
    return frozenset({machine, *(first + suffix for suffix in LOCAL_SUFFIXES)}) if first else frozenset()
