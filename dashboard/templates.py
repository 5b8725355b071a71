"""The templates, compiled once a process: strict about names, escaped."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard import inline, static
from dashboard.made import TEMPLATES
from dashboard.words.words import texts


@cache
def environment() -> Environment:
    """The templates; they hold no state."""
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
        "host_script": inline.source(inline.HOST),
        "preloads": _preloads,
        "shim_script": inline.source(inline.SHIM),
        "shell_script": inline.source(inline.SHELL),
    }
    return made


@cache
def _preloads(module: str) -> Markup:
    """Links to all modules that a page's script imports: the same on every page."""
    link = Markup('<link rel="modulepreload" href="{}">\n')
    return Markup("").join(link.format(static.url(path)) for path in static.modules(module))
