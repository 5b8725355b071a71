"""Pages from templates: strict about names, escaped, never stored."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from dashboard import inline, static
from dashboard.words.words import texts

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@cache
def environment() -> Environment:
    """The templates, compiled once a process; they hold no state."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "common_texts": texts,
        "guard_script": inline.source(inline.GUARD),
        "modules": static.modules,
        "shell_script": inline.source(inline.SHELL),
    }
    return made


def page(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page as a response; not cacheable, because it shows the state of this moment."""
    text = environment().get_template(template).render(values)
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})
