"""The control room's words: both languages have them all, and whatever can happen has its own."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboard.pages import point_phone, stage
from dashboard.pages.control import PAGES, texts
from dashboard.scenes.needs import NEEDS
from dashboard.scenes.scenes import SCENES
from dashboard.words.words import read_texts
from dashboard.words.words import texts as common_texts
from server.auth.roles import Role
from streaming.contests.rule_book import RULES
from streaming.decisions import kinds
from streaming.decisions.standing import CORRECTED_COLUMNS
from streaming.fold.tally import KINDS
from tests.suite import ROOT

STATIC = ROOT / "dashboard" / "static" / "js"
SCRIPTS = [path for room in ("control", "pages", "stage") for path in (STATIC / room).glob("*.js")]
REJECT_CODE = re.compile(r'"(unknown_unit|not_a_leaf|unknown_kind|id_conflict|missing|wrong_type|future_time|too_long|'
                         r'not_an_object|wrong_value|bad_text|bad_number|unreadable)"')  # fmt: skip


def own(lang: str) -> dict[str, str]:
    return read_texts("control", lang)


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    vi, en = own("vi"), own("en")
    assert {key for key in en if not key.endswith("_one")} == vi.keys()
    assert {key: gaps(en[key]) for key in vi} == {key: gaps(text) for key, text in vi.items()}
    assert all(key.removesuffix("_one") in vi for key in en)


def test_no_text_stands_twice() -> None:
    for lang in ("vi", "en"):
        assert own(lang).keys() & common_texts(lang).keys() == set()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_whatever_can_happen_has_its_words(lang: str) -> None:
    said = texts(lang)
    decided = {str(kind.__struct_config__.tag) for kind in kinds.KINDS if kind.is_remembered} | {"final"}
    wanted: set[Any] = {
        *(f"nav_{key}" for key, _ in PAGES),
        *(f"role_{role.value}" for role in Role),
        *(f"alarm_{rule.name}" for rule in RULES),
        *(f"rule_{rule.name}" for rule in RULES),
        *(f"alarm_{each}" for each in ("source_silent", "held_long", "ledger", "checkpoint", "put_back", "program")),
        *(f"alarm_clock_{each}" for each in ("ahead", "back", "row", "sources", "sources_slow")),
        *(f"last_{kind}" for kind in decided),
        *(f"take_{scene.name}" for scene in SCENES),
        *(f"lacks_{need}" for need in NEEDS),
        *(f"corrected_{column}" for column in CORRECTED_COLUMNS),
        *(f"kind_of_{kind}" for kind in KINDS),
        *(f"entry_{state}" for state in ("shown", "held", "quarantined", "voided")),
        *(f"source_{state}" for state in ("live", "silent", "awaited", "never", "off")),
        *(f"totals_{state}" for state in ("live", "quiet", "partly", "held", "final", "stale")),
    }
    assert wanted - said.keys() == set()


def test_every_code_of_a_reject_has_its_words() -> None:
    names = ("participation.py", "intake/bodies.py")
    source = "".join((ROOT / "streaming" / name).read_text("utf-8") for name in names)
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)+|missing|unreadable)"', source))
    told = {key.removeprefix("reject_") for key in own("vi") if key.startswith("reject_")}
    assert set(REJECT_CODE.findall(source)) <= told
    assert told - {"id_conflict"} <= codes


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_there_is(script: Path) -> None:
    keys = re.findall(r'(?<!outbox)\.(?:say|count)\("(\w+)"', script.read_text("utf-8"))
    assert set(keys) - texts("vi").keys() - stage.own("vi").keys() - point_phone.texts("vi").keys() == set()


TEMPLATES = sorted((ROOT / "templates" / "control").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_what_there_is(template: Path) -> None:
    assert set(re.findall(r"\bt\.(\w+)", template.read_text("utf-8"))) - texts("vi").keys() == set()


FORMS = [
    (path, form)
    for path in TEMPLATES
    for form in re.findall(r"<form[^>]*data-decides=.*?</form>", path.read_text("utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("template", "form"), FORMS, ids=lambda each: getattr(each, "name", ""))
def test_a_form_that_is_sent_as_it_stands_has_what_its_action_asks_for(template: Path, form: str) -> None:
    (do,) = re.findall(r'data-decides="(\w+)"', form)
    action = next(each for each in kinds.ACTIONS if each.__struct_config__.tag == do)
    names = set(re.findall(r'\bname="(\w+)"', form)) | ({"seen"} if "data-at-once" not in form else set())
    fields = {field.name: field.required for field in msgspec.structs.fields(action)}
    assert names <= fields.keys(), template
    assert {name for name, is_required in fields.items() if is_required} <= names
    assert gaps(texts("vi")[f"done_{do}"]) <= names
    if template.parent.name == "forms":
        assert template.stem == do


def test_no_text_is_said_by_nobody() -> None:
    sources = [*SCRIPTS, *TEMPLATES, ROOT / "dashboard" / "pages" / "control.py"]
    said = "".join(path.read_text("utf-8") for path in sources)
    made = ("alarm_", "rule_", "last_", "kind_of_", "entry_", "source_", "totals_", "reject_", "refused_", "level_",
            "nav_", "fact_", "effect_completed", "effect_participants", "entries_", "done_", "output_", "short_",
            "take_", "setting_", "lacks_", "mark_", "steered_", "store_",
            "withdraw_what_", "off_what_", "rundown_", "evidence_csv_", "family_")  # fmt: skip
    assert [key for key in own("vi") if key not in said and not key.startswith(made)] == []
