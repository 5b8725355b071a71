"""How clients are counted by address: for sockets, connections and sign-ins alike."""

from ipaddress import IPv6Address, IPv6Network


def neighbourhood(address: str) -> str:
    """The address under which a client is counted: its own, or its /64 for IPv6, since one client has all of that."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
