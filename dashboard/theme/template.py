"""A theme's templates: sandboxed, and bounded in the rounds of their loops and the length of what they write.

Jinja's sandbox keeps a template from Python; it does not keep it from time and memory. Grammar and bounds do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from dashboard.theme.grammar import FILTERS, TESTS, check_grammar
from dashboard.theme.markup import check_markup
from dashboard.theme.titles import titles_of
from streaming.contests.theme_files import theme_error
from streaming.errors import DiemCauError

ROUNDS_MAX = 2_000
"""Rounds of all loops of a template together."""
PARTS_MAX = 64
"""Parts that one template may show."""
CHARS_MAX = 200_000
"""What a template writes besides its parts."""
TEXT_CHARS_MAX = 2_000
"""A text that a template joins together."""
NUMBER_MAX = 10**15


class Unbounded(DiemCauError):  # noqa: N818 - a finding, as are those of the checks
    """A template that would write or loop too much, or shows what is neither text nor a number."""


@dataclass
class _Spent:
    rounds: int = 0
    parts: int = 0
    part_chars: int = 0


_spent: ContextVar[_Spent | None] = ContextVar("spent", default=None)
"""What the render of this moment has spent; None while constants are looked at as a template is compiled."""


@dataclass(frozen=True)
class Compiled:
    """A checked template, what it says that its scene is called, by language, and the parts that it shows."""

    template: Template
    titles: Mapping[str, str]
    parts: frozenset[str]


class SceneTemplates(ImmutableSandboxedEnvironment):
    """Compiles and renders the templates of scenes. ``parts`` are the functions that give elements, ``words`` those
    that give text; templates call no others."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "%"})

    def __init__(self, parts: Collection[str], words: Collection[str]) -> None:
        # Not optimized: the optimizer would work constants out before anything is bounded.
        super().__init__(
            autoescape=True, undefined=StrictUndefined, optimized=False, trim_blocks=True, lstrip_blocks=True,
            finalize=_finalized,
        )  # fmt: skip
        self._parts = frozenset(parts)
        self._calls = self._parts | frozenset(words)
        self.globals = {}
        self.filters = {name: self.filters[name] for name in FILTERS} | {"rounds": _rounds, "joined": _joined}
        self.tests = {name: self.tests[name] for name in TESTS}

    def compiled(self, source: str, name: str) -> Compiled:
        """The template of a source, checked.

        Raises:
            ContestError: Naming the line of what it may not say.
        """
        try:
            tree = self.parse(source)
            check_grammar(tree, name, self._calls)
            check_markup(tree, name, self._parts)
            titles = titles_of(tree, name)
            parts = self._parts & meta.find_undeclared_variables(tree)
            bounded: nodes.Template = _Bounding().visit(tree)
            code = self.compile(bounded, name=name, filename=name)
        except TemplateSyntaxError as error:
            raise theme_error(name, f"a template ({error.message})", error.lineno) from error
        except (RecursionError, MemoryError) as error:
            raise theme_error(name, "less within each other") from error
        return Compiled(Template.from_code(self, code, {}), titles, parts)

    def rendered(self, template: Template, values: Mapping[str, Any]) -> Markup:
        """The template with its values.

        Raises:
            Unbounded: If it passes a bound.
            TemplateError: If a name or an attribute is not there, or not for templates.
        """
        spent = _Spent()
        token = _spent.set(spent)
        pieces: list[str] = []
        written = 0
        try:
            for piece in template.generate(values):
                pieces.append(piece)
                written += len(piece)
                if written - spent.part_chars > CHARS_MAX:
                    raise Unbounded(f"it writes more than {CHARS_MAX} characters besides its parts")
        except (ArithmeticError, AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
            raise TemplateError(f"{type(error).__name__}: {error}") from error
        finally:
            _spent.reset(token)
        return Markup("".join(pieces))  # noqa: S704 - its own HTML is checked, values are escaped

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers alone: "x" * 10**9 would be a gigabyte."""
        for side in (left, right):
            if isinstance(side, bool) or not isinstance(side, int | float) or abs(side) > NUMBER_MAX:
                raise Unbounded(f"“{operator}” is for numbers; ~ joins texts")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A part or a word. The grammar has let no other call pass."""
        try:
            made = super().call(context, obj, *args, **kwargs)
        except (LookupError, TypeError, ValueError) as error:
            name = next((name for name in self._calls if context.get(name) is obj), "a function")
            raise TemplateError(f"{name}(): {type(error).__name__}: {error}") from error
        if isinstance(made, Markup):
            _spend(parts=1)
        return made


def _spend(rounds: int = 0, parts: int = 0, part_chars: int = 0) -> None:
    spent = _spent.get()
    if spent is None:
        return
    spent.rounds += rounds
    spent.parts += parts
    spent.part_chars += part_chars
    if spent.rounds > ROUNDS_MAX:
        raise Unbounded(f"its loops go more than {ROUNDS_MAX} rounds")
    if spent.parts > PARTS_MAX:
        raise Unbounded(f"it shows more than {PARTS_MAX} parts")


class _Bounding(NodeTransformer):
    """Puts a count of rounds around what each loop goes through, and a bound around what ~ joins."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "rounds", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        pieces = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(pieces, "joined", [], [], None, None, lineno=node.lineno)


def _rounds(items: Iterable[Any]) -> Iterator[Any]:
    if not isinstance(items, list | tuple):
        raise Unbounded("a loop goes through a list")
    for item in items:
        _spend(rounds=1)
        yield item


def _joined(pieces: Iterable[Any]) -> str:
    text = "".join(str(_plain(piece)) for piece in pieces)
    if len(text) > TEXT_CHARS_MAX:
        raise Unbounded(f"it joins a text of more than {TEXT_CHARS_MAX} characters")
    return text


def _finalized(value: Any) -> Any:
    """What is about to be written: a part as it is, text and numbers escaped."""
    if isinstance(value, Markup):
        _spend(part_chars=len(value))
        return value
    return escape(_plain(value))


def _plain(value: Any) -> str | int | float:
    if isinstance(value, StrictUndefined):
        str(value)  # Raises, naming what is not there.
    if not isinstance(value, str | int | float) or isinstance(value, bool | Markup):
        raise Unbounded(f"it shows a {type(value).__name__}, which is neither text nor a number")
    return value
