"""Templates of a theme: what they may say, and what becomes of those that want more."""

from typing import Any

import pytest
from jinja2 import TemplateError
from markupsafe import Markup

from dashboard.theme.template import CHARS_MAX, PARTS_MAX, ROUNDS_MAX, SceneTemplates, Unbounded
from streaming.errors import ContestError

TEMPLATES = SceneTemplates({"number", "rows"}, {"say"})


class Settings:
    lead = "completed"
    steps = (1, 10, 50)
    none = None


GIVEN: dict[str, Any] = {
    "number": lambda column, **_: Markup('<b data-x="y">{}</b>').format(column),
    "rows": lambda **_: Markup("<ol></ol>"),
    "say": lambda key: f"<{key}>",
    "settings": Settings(),
    "title": "Cuộc thi <thử>",
    "root": "02",
    "has_map": True,
}


def painted(source: str) -> str:
    return TEMPLATES.rendered(TEMPLATES.compiled(source, "scenes/live.html").template, GIVEN)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("<p class=\"a\">{{ title }}</p>", "<p class=\"a\">Cuộc thi &lt;thử&gt;</p>"),
        ("{{ number(settings.lead, of=root) }}", '<b data-x="y">completed</b>'),
        ("{{ say('x') }}{{ say(\"ranking_\" ~ settings.lead) }}", "&lt;x&gt;&lt;ranking_completed&gt;"),
        ("{% if has_map and not settings.none %}<i>a</i>{% else %}<i>b</i>{% endif %}", "<i>a</i>"),
        ("{% for s in settings.steps %}<li>{{ loop.index * 2 }}: {{ s + 1 }}</li>{% endfor %}",
         "<li>2: 2</li><li>4: 11</li><li>6: 51</li>"),
        ("{% set lead = settings.lead|upper %}{{ lead }}{{ settings.steps[1] }}", "COMPLETED10"),
        ("{# a remark #}<br>&nbsp;{{ settings.steps|length }}", "<br>&nbsp;3"),
        ("<p class=\"{{ title }}\"></p>", '<p class="Cuộc thi &lt;thử&gt;"></p>'),
        ("{{ 'a' if root == '02' else 'b' }}{{ -5 % 3 }}", "a1"),
    ],
)  # fmt: skip
def test_a_scene_is_an_arrangement(source: str, made: str) -> None:
    assert painted(source) == made


REFUSED = [
    # the way to Python
    ("{{ ''.__class__ }}", "no getattr"),
    ("{{ title.__class__ }}", "no getattr"),
    ("{{ settings._x }}", "no getattr"),
    ("{{ title['__class__'] }}", "no getitem"),
    ("{{ title|attr('__class__') }}", "not “attr”"),
    ("{{ title.format(settings) }}", "one of the functions number, rows, say"),
    ("{{ say.__globals__ }}", "no getattr"),
    ("{{ self }}{{ self.x() }}", "one of the functions"),
    ("{{ cycler.__init__ }}", "no getattr"),
    ("{{ lipsum() }}", "one of the functions"),
    ("{{ range(10) }}", "one of the functions"),
    ("{{ number(*settings.steps) }}", "one of the functions"),
    ("{{ number(**settings) }}", "one of the functions"),
    ("{{ (say)('x')('y') }}", "one of the functions"),
    ("{{ _x }}", "no name “_x”"),
    ("{% set say = title %}", "another name than “say”"),
    ("{% set a.b = 1 %}", "no assign"),
    # the way to other files
    ("{% include 'base.html' %}", "no include"),
    ("{% import '_parts.html' as x %}", "no import"),
    ("{% extends 'base.html' %}", "no extends"),
    ("{% from 'x' import y %}", "no fromimport"),
    # the way to time and memory
    ("{% for i in range(10**9) %}{% endfor %}", "one of the functions"),
    ("{% macro f() %}{{ f() }}{% endmacro %}", "no macro"),
    ("{% set x %}{{ x }}{{ x }}{% endset %}", "no assignblock"),
    ("{% filter upper %}x{% endfilter %}", "no filterblock"),
    ("{% call number('x') %}{% endcall %}", "no callblock"),
    ("{% block a %}{% endblock %}", "no block"),
    (
        "{% for i in settings.steps recursive %}{{ loop(settings.steps) }}{% endfor %}",
        "a loop that does not call itself",
    ),
    ("{{ 9 ** 9 ** 9 ** 9 }}", "no pow"),
    ("{% set a = [a, a] %}", "a list of plain values"),
    ("{% set a = {'a': 1} %}", "no dict"),
    ("{{ title|center(1000000000) }}", "not “center”"),
    ("{{ '%999999999d'|format(1) }}", "not “format”"),
    ("{{ title[::1] }}", "no getitem"),
    ("{% if title is sequence %}{% endif %}", "not “sequence”"),
    ("{% autoescape false %}{{ title }}{% endautoescape %}", "no scope"),
    ("{{ title|safe }}", "not “safe”"),
    ("{{ title", "a template ("),
    ("{% for %}", "a template ("),
    ("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}", "less within each other"),
    # HTML
    ("<script>alert(1)</script>", "not <script>"),
    ("<SCRIPT src=x></SCRIPT>", "not <script>"),
    ("<iframe></iframe>", "not <iframe>"),
    ("<img src=x onerror=alert(1)>", "not <img>"),
    ("<svg/onload=alert(1)>", "not <svg>"),
    ("<meta http-equiv=refresh content='0;url=//x'>", "not <meta>"),
    ("<base href='//x'>", "not <base>"),
    ("<form></form>", "not <form>"),
    ("<style>*{}</style>", "not <style>"),
    ("<p style='x'></p>", "not “style”"),
    ("<p onclick='x'></p>", "not “onclick”"),
    ("<p data-part='rows'></p>", "not “data-part”"),
    ("<p id='first-frame'></p>", "not “id”"),
    ("<{{ title }}>", "not <x>"),
    ("<p {{ title }}></p>", "not “x”"),
    ("<p class={{ title }}></p>", "not “x”"),
    ("<p {% if has_map %}onclick='x'{% else %}class='y'{% endif %}></p>", "not “onclick”"),
    ("{% if not has_map %}<script></script>{% endif %}", "not <script>"),
    ("<p>{% if has_map %}</p>{% endif %}<p></p></p>", "</p>"),
    ("</section>", "no </section> here"),
    ("<div>", "an end of <div>"),
    ("<div/>", "<div></div>: browsers"),
    ("a < b", "&lt; for “<”"),
    ("<!-- x -->", "a remark as"),
    ("<!doctype html>", "no <!doctype"),
    ("<?xml?>", "no <?"),
    ("<p class='{{ number('x') }}'></p>", "no element within"),
    ("{% set n = number('x') %}<p class='{{ n }}'></p>", "a part by itself"),
    ("{{ 'x' if has_map else number('x') }}", "a part by itself"),
]


@pytest.mark.parametrize(("source", "expected"), REFUSED, ids=[source[:40] for source, _ in REFUSED])
def test_what_wants_more_is_named_with_its_line(source: str, expected: str) -> None:
    with pytest.raises(ContestError) as caught:
        painted(f"<p></p>\n{source}")
    assert expected in str(caught.value)
    assert str(caught.value).startswith("theme/scenes/live.html")


NESTED = "{% for a in settings.steps %}" * 12 + "x" + "{% endfor %}" * 12


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (NESTED, f"more than {ROUNDS_MAX} rounds"),
        ("{{ 'x' * 1000000000 }}", "“*” is for numbers"),
        ("{{ title % 1 }}", "“%” is for numbers"),
        ("{{ settings.steps + settings.steps }}", "“+” is for numbers"),
        ("{{ 999999999999999 * 999999999999999 * 2 }}", "“*” is for numbers"),
        ("{% set a = title ~ title %}" + "{% set a = a ~ a %}" * 40, "joins a text of more than"),
        ("{% for c in title %}{% endfor %}", "a loop goes through a list"),
        ("{{ settings }}", "shows a Settings"),
        ("{{ settings.steps }}", "shows a tuple"),
        ("{{ say }}", "shows a function"),
        ("{{ number('x') }}" * (PARTS_MAX + 1), f"more than {PARTS_MAX} parts"),
        ("{% for a in settings.steps %}{% for b in settings.steps %}" + "x" * 30_000 + "{% endfor %}{% endfor %}",
         f"more than {CHARS_MAX} characters"),
    ],
)  # fmt: skip
def test_what_passes_a_bound_is_stopped(source: str, fault: str) -> None:
    with pytest.raises(Unbounded, match=fault.replace("*", r"\*").replace("+", r"\+")):
        painted(source)


@pytest.mark.parametrize(
    "source",
    ["{{ nothing }}", "{{ settings.nothing }}", "{{ 1 / 0 }}", "{{ -title }}", "{{ rows(1, 2) }}", "{{ 1 < title }}"],
)
def test_what_cannot_be_painted_is_an_error_of_the_template(source: str) -> None:
    with pytest.raises(TemplateError):
        painted(source)


def test_bounds_are_of_each_render() -> None:
    template = TEMPLATES.compiled("{% for a in settings.steps %}{{ number('x') }}{% endfor %}", "x").template
    for _ in range(PARTS_MAX):
        TEMPLATES.rendered(template, GIVEN)
