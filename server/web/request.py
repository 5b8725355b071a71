"""How clients are counted by where they come from: for sockets, connections and sign-ins alike."""

from ipaddress import IPv6Address, IPv6Network


def neighbourhood(address: str) -> str:
    """The address that a client is counted by: its own, or the /64 of IPv6, for one client has all of that."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
