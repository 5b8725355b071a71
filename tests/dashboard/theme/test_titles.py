"""What a theme's template calls its scene: plain text, read and not rendered."""

import pytest

from dashboard.theme.template import SceneTemplates
from streaming.errors import ContestError

TEMPLATES = SceneTemplates({"number"}, {"say"})
VI = '{% set scene_title = "Vòng loại" %}'
EN = '{% set scene_title_en = "Qualifying round" %}'
ONCE = "set once, to a text in quotes, outside of if and for"


@pytest.mark.parametrize(
    ("source", "titles"),
    [
        ("<p>{{ title }}</p>", {}),
        (VI, {"vi": "Vòng loại"}),
        (f"<p></p>\n{EN}{VI}", {"vi": "Vòng loại", "en": "Qualifying round"}),
        ('{% set scene_title = "  Vòng   loại " %}', {"vi": "Vòng loại"}),
        (f"{VI}<h2>{{{{ scene_title }}}}</h2>", {"vi": "Vòng loại"}),
    ],
)
def test_a_template_says_what_its_scene_is_called(source: str, titles: dict[str, str]) -> None:
    assert TEMPLATES.compiled(source, "scenes/vong_loai.html").titles == titles


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% set scene_title = title %}", f"scene_title {ONCE}"),
        ("{% set scene_title = 3 %}", f"scene_title {ONCE}"),
        ("{% set scene_title = 'a' ~ 'b' %}", f"scene_title {ONCE}"),
        (f"{VI}{VI}", f"scene_title {ONCE}"),
        (f"{{% if has_map %}}{VI}{{% endif %}}", f"scene_title {ONCE}"),
        ("{% for scene_title in settings.steps %}{% endfor %}", f"scene_title {ONCE}"),
        (f"{VI}{{% set scene_title_en = has_map %}}", f"scene_title_en {ONCE}"),
        ("{% set scene_title = ' ' %}", "as scene_title some text"),
        (f"{{% set scene_title = '{'x' * 41}' %}}", "as scene_title at most 40 characters (it has 41)"),
        ("{% set scene_title = 'a\u202eb' %}", "as scene_title no control, bidi"),
        (EN, "scene_title beside scene_title_en"),
    ],
)
def test_one_that_cannot_be_said_is_named(source: str, expected: str) -> None:
    with pytest.raises(ContestError) as refused:
        TEMPLATES.compiled(source, "scenes/vong_loai.html")
    assert str(refused.value).startswith("theme/scenes/vong_loai.html")
    assert f"expected {expected}" in str(refused.value)
