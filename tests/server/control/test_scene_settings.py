"""Settings of a scene: what is wrong with one is said by its name, with what it could be."""

from typing import Annotated, Literal

import msgspec
import pytest

from server.control.scene_settings import read_settings, told
from server.errors import WrongTake


class Settings(msgspec.Struct, frozen=True):
    lead: Literal["started", "completed"] = "started"
    steps: tuple[int, ...] = ()
    limit: Annotated[int, msgspec.Meta(ge=1, le=24)] = 5
    whole: bool = False
    unit: str | None = None

    def __post_init__(self) -> None:
        if list(self.steps) != sorted(self.steps):
            raise ValueError("steps: expected numbers that rise")


class NoDefault(msgspec.Struct, frozen=True):
    unit: str


def read(text: str, type_: type[msgspec.Struct] = Settings) -> msgspec.Struct:
    return read_settings(msgspec.json.decode(text, type=dict[str, msgspec.Raw]), type_)


def test_what_is_left_out_has_its_default() -> None:
    assert read("{}") == Settings()
    assert read('{"lead": "completed", "steps": [1, 5], "unit": "024"}') == Settings("completed", (1, 5), unit="024")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"leads": 1}', "settings.leads: found “leads”, expected lead, steps, limit, whole, unit"),
        ('{"lead": "most"}', 'settings.lead: found “"most"”, expected "completed" or "started"'),
        ('{"lead": null}', 'settings.lead: found “null”, expected "completed" or "started"'),
        ('{"steps": [1, "5"]}', 'settings.steps: found “[1, "5"]”, expected a list, each a whole number'),
        ('{"limit": 25}', "settings.limit: found “25”, expected a whole number from 1 to 24"),
        ('{"whole": "true"}', 'settings.whole: found “"true"”, expected true or false'),
        ('{"unit": 24}', "settings.unit: found “24”, expected a text or null"),
        ('{"steps": [5, 1]}', "settings.steps: found “[5, 1]”, expected numbers that rise"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_expected(text: str, says: str) -> None:
    with pytest.raises(WrongTake) as refused:
        read(text)
    assert str(refused.value) == says


def test_a_setting_that_must_be_there_is_asked_for() -> None:
    with pytest.raises(WrongTake, match=r"settings\.unit: found “”, expected a text"):
        read("{}", NoDefault)


def test_settings_are_told_as_they_are_read_back() -> None:
    given = Settings("completed", (1, 5), 7, whole=True)
    assert msgspec.convert(dict(told(given)), Settings) == given
