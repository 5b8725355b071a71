"""What HTML a theme's template may hold: text in plain elements, every one of them ended where it began.

Looked at without its values, all branches one after the other, so that nothing hides in one that is seldom taken.
"""

from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from jinja2 import nodes

from streaming.contests.theme_files import theme_error

_TAGS = """
article aside b br dd div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hr i li ol p section small span strong
sub sup table tbody td th thead tr ul
"""
TAGS = frozenset(_TAGS.split())
"""No <a>, <form>, <iframe>, <img>, <link>, <meta>, <script>, <style>, <svg>: pictures come by picture()."""
VOID = frozenset({"br", "hr"})
ATTRIBUTES = frozenset({"aria-hidden", "aria-label", "class", "colspan", "lang", "role", "rowspan", "scope"})
"""No style, no on…, and no data-…, by which parts tell what they are."""
PART = "span"
_VALUE = "x x"
"""A value of the template, in two words, so that one outside of quotes shows as an attribute of its own."""


def check_markup(tree: nodes.Template, name: str, parts: Collection[str]) -> None:
    """Check the HTML of a parsed template; ``parts`` are the functions that give elements, not text.

    Raises:
        ContestError: If it holds more, or an element is not ended in its own branch.
    """
    alone = {id(child) for output in tree.find_all(nodes.Output) for child in output.nodes}
    for call in tree.find_all(nodes.Call):
        if id(call) not in alone and _is_part(call, parts):
            raise theme_error(name, "a part by itself between {{ and }}", call.lineno)
    reader = _Reader(name)
    reader.feed("".join(_text(tree, parts)))
    reader.close()
    if reader.open:
        reader.fail(f"an end of <{reader.open[-1]}> in the same branch")


def _text(node: nodes.Node, parts: Collection[str]) -> Iterator[str]:
    for child in node.iter_child_nodes():
        if not isinstance(node, nodes.Output):
            yield from _text(child, parts)
        elif isinstance(child, nodes.TemplateData):
            yield child.data
        elif _is_part(child, parts):
            yield f"<{PART}></{PART}>"
        else:
            yield _VALUE


def _is_part(node: nodes.Node, parts: Collection[str]) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in parts


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=False)
        self.name = name
        self.open: list[str] = []

    def fail(self, expected: str) -> None:
        raise theme_error(self.name, expected, self.getpos()[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.fail(f"plain elements, not <{tag}>")
        for attribute, value in attrs:
            if attribute not in ATTRIBUTES:
                self.fail(f"one of the attributes {', '.join(sorted(ATTRIBUTES))}, not “{attribute}”")
            if "<" in (value or ""):
                self.fail(f"no element within the attribute “{attribute}”")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.fail(f"<{tag}></{tag}>: browsers take <{tag}/> for its beginning")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.fail(f"no </{tag}> here: every element ends in its own branch")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self.fail("&lt; for “<”")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the signature of the class
        self.fail("a remark as {# … #}")

    def handle_decl(self, decl: str) -> None:
        self.fail(f"no <!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.fail(f"no <?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.fail(f"no <![{data}]>")
