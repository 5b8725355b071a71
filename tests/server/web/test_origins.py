"""Origins, compared as scheme, host and port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.origins import Origin, asked_origin, origin_of, origins_of, written_origin

NAME = "https://so-lieu.example.vn"

SAME = [
    (NAME, "https", "so-lieu.example.vn"),
    (NAME, "https", "so-lieu.example.vn:443"),
    (NAME, "https", "so-lieu.example.vn:"),
    (NAME, "wss", "so-lieu.example.vn:443"),
    (NAME, "https", "SO-LIEU.Example.vn"),
    (NAME, "https", "so-lieu.example.vn."),
    (NAME, "https", "so-lieu.example.vn.:443"),
    ("HTTPS://So-Lieu.example.vn.", "https", "so-lieu.example.vn"),
    ("http://10.0.0.7", "http", "10.0.0.7:80"),
    ("http://10.0.0.7:8000", "ws", "10.0.0.7:8000"),
    ("http://may_1:8000", "http", "MAY_1:8000"),
    ("http://[::1]:8000", "http", "[0:0::1]:8000"),
    ("https://[2001:db8::1]", "https", "[2001:DB8::1]:443"),
    ("https://xn--imcu-zua1656bsfa.vn", "https", "xn--imcu-zua1656bsfa.vn:443"),
]
OTHER = [
    (NAME, "http", "so-lieu.example.vn"),
    (NAME, "https", "so-lieu.example.vn:80"),
    (NAME, "https", "so-lieu.example.vn:8443"),
    (NAME, "http", "so-lieu.example.vn:443"),
    (NAME, "https", "lieu.example.vn"),
    (NAME, "https", "so-lieu.example.vn.."),
    ("http://10.0.0.7:443", "https", "10.0.0.7"),
    ("http://[::1]:8000", "http", "[::2]:8000"),
    ("http://[::1]:8000", "http", "::1:8000"),
]
NO_ORIGIN = [
    "null", "NULL", "", "https://", "https://:443", "https://a.vn/", "https://a.vn?x", "https://a.vn#x",
    "https://u@a.vn", "https://a.vn, https://a.vn", "https://a..vn", "https://.", "https://a.vn:0", "https://a.vn:65536",
    "https://a.vn:443443", "https://a.vn:+80", "https://a.vn:８０", "https://a.vn: 80", " https://a.vn", "https://a.vn\n",
    "ws://a.vn", "file://", "//a.vn", "a.vn", "https://[::1", "https://[::g]", "https://[1.2.3.4]", "https://::1",
    "https://*.vn", "https://\u00e1.vn", "https://" + "a" * 300, "blob:https://a.vn",
]  # fmt: skip


@pytest.mark.parametrize(("origin", "scheme", "host"), SAME)
def test_one_origin_however_it_is_written(origin: str, scheme: str, host: str) -> None:
    assert origin_of(origin) == asked_origin(scheme, host) is not None


@pytest.mark.parametrize(("origin", "scheme", "host"), OTHER)
def test_another_scheme_host_or_port_is_another_origin(origin: str, scheme: str, host: str) -> None:
    assert origin_of(origin) is not None
    assert origin_of(origin) != asked_origin(scheme, host)


@pytest.mark.parametrize("text", NO_ORIGIN)
def test_what_is_no_origin_is_none_and_so_no_list_holds_it(text: str) -> None:
    assert origin_of(text) is None
    assert origin_of(text) not in origins_of(["null", "", NAME])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://tv.example.vn:443", "https://tv.example.vn"),
        (" HTTPS://TV.example.vn. ", "https://tv.example.vn"),
        ("http://điểmcầu.vn:8080", "http://xn--imcu-zua1656bsfa.vn:8080"),
        ("http://[::1]:80", "http://[::1]"),
        ("null", "None"),
        ("https://điểm cầu.vn", "None"),
    ],
)
def test_the_settings_may_write_an_origin_as_people_do(written: str, kept: str) -> None:
    assert str(written_origin(written)) == kept


names = st.from_regex(r"[a-z0-9_]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z0-9]{1,6}){0,3}", fullmatch=True)
addresses = st.one_of(names, st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str))
origins = st.builds(Origin, st.sampled_from(["http", "https"]), addresses, st.integers(1, 65_535))


@given(origins)
def test_an_origin_reads_back_what_it_writes(origin: Origin) -> None:
    assert origin_of(str(origin)) == written_origin(str(origin)) == origin
    scheme, _, host = str(origin).partition("://")
    assert asked_origin(scheme, host) == origin


@given(origins, origins)
def test_two_origins_are_equal_only_where_all_three_parts_are(one: Origin, other: Origin) -> None:
    is_same = (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)
    assert (origin_of(str(one)) == origin_of(str(other))) == is_same


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for found in (origin_of(text), written_origin(text), asked_origin("https", text), asked_origin(text, "a.vn")):
        assert found is None or origin_of(str(found)) == found
