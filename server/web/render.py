"""Pages from templates, never stored."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse

from dashboard.templates import environment


def page(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page as a response; not cacheable, because it shows the state of this moment."""
    text = environment().get_template(template).render(values)
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})


def fragment(text: str) -> HTMLResponse:
    """A piece of a page that its script puts in; not cacheable either."""
    return HTMLResponse(text, 200, {"Cache-Control": "no-store"})
