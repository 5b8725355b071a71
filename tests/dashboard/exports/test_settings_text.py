"""The settings of a scene in a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports.settings_text import read, written

VALUES = st.one_of(
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.none(),
    st.text(max_size=30),
    st.tuples(st.integers(0, 9), st.text(max_size=5)),
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_is_written_is_read_as_it_was(settings: dict[str, object]) -> None:
    assert read(written(settings)) == settings  # type: ignore[arg-type] # of these values


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", {}),
        ("by=completed; order=full", {"by": "completed", "order": "full"}),
        ("by = completed ;\n order=full;", {"by": "completed", "order": "full"}),
        ("of=024", {"of": "024"}),
        ("steps=[1,5,9]; caption=Chào cờ, hát Quốc ca", {"steps": (1, 5, 9), "caption": "Chào cờ, hát Quốc ca"}),
        ('caption="a; b=c"; n=5; on=true', {"caption": "a; b=c", "n": 5, "on": True}),
    ],
)
def test_what_people_write_is_read(text: str, settings: dict[str, object]) -> None:
    assert read(text) == settings


@pytest.mark.parametrize(
    "text", ["completed", "by", "by=a; by=b", "By=a", 'a="b', "a=[1", 'a="b" c', 'a={"b":1}', "a=[[1]]"]
)
def test_what_says_no_settings_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which of them says nothing to anybody
        read(text)
