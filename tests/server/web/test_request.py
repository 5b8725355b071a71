"""Whom a client is counted with."""

import pytest

from server.web.request import neighbourhood


@pytest.mark.parametrize(
    ("address", "counted_by"),
    [
        ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("::1", "::/64"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("", ""), ("pipe", "pipe"),
    ],
)  # fmt: skip
def test_one_client_of_ipv6_is_its_network(address: str, counted_by: str) -> None:
    assert neighbourhood(address) == counted_by
