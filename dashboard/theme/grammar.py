"""What a theme's template may say: an arrangement of parts, with conditions and loops over what it is given.

Allowed by the name of each node of the syntax tree. What is missing is missing on purpose: macros, blocks, includes and
captured text can call or double themselves, and ``a.b()`` reaches methods.
"""

from collections.abc import Collection, Iterator

from jinja2 import nodes

from streaming.contests.theme_files import theme_error

PLAIN = (
    nodes.Add, nodes.And, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Const, nodes.Div, nodes.If, nodes.Keyword,
    nodes.Mod, nodes.Mul, nodes.Neg, nodes.Not, nodes.Operand, nodes.Or, nodes.Output, nodes.Sub, nodes.Template,
    nodes.TemplateData,
)  # fmt: skip
"""Nodes that need no look at what is in them beyond their own parts."""
FILTERS = frozenset({"default", "length", "lower", "upper"})
TESTS = frozenset({"defined", "none"})


def check_grammar(tree: nodes.Template, name: str, calls: Collection[str]) -> None:
    """Check a parsed template; ``calls`` are the functions that it may call by their plain names.

    Raises:
        ContestError: Naming the line of what it may not say.
    """
    for node in _all(tree):
        expected = _expected(node, calls)
        if expected is not None:
            raise theme_error(name, expected, node.lineno)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node below one, in the order of the text, without recursion."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(list(one.iter_child_nodes())))


def _expected(node: nodes.Node, calls: Collection[str]) -> str | None:
    match node:
        case nodes.Name(name=name, ctx="store") if name in calls or name.startswith("_"):
            return f"another name than “{name}”"
        case nodes.Name(name=name) if name.startswith("_"):
            return f"no name “{name}”"
        case nodes.Call(node=nodes.Name(name=name), dyn_args=None, dyn_kwargs=None) if name in calls:
            return None
        case nodes.Call():
            return f"one of the functions {', '.join(sorted(calls))}"
        case nodes.Filter(name=name):
            return None if name in FILTERS else f"one of the filters {', '.join(sorted(FILTERS))}, not “{name}”"
        case nodes.Test(name=name):
            return None if name in TESTS else f"one of the tests {', '.join(sorted(TESTS))}, not “{name}”"
        case nodes.For(recursive=True):
            return "a loop that does not call itself"
        case nodes.For(target=nodes.Name()) | nodes.Assign(target=nodes.Name()):
            return None
        case nodes.Getattr(node=nodes.Name(), attr=attr) if not attr.startswith("_"):
            return None
        case nodes.Getitem(node=nodes.Name() | nodes.Getattr(), arg=nodes.Const(value=int())):
            return None
        case nodes.List(items=items) | nodes.Tuple(items=items):
            # A list of a list of a list, each twice in the next, is written in ten lines and compared for hours.
            good = all(isinstance(item, nodes.Const | nodes.Getattr) for item in items)
            return None if good else "a list of plain values"
        case nodes.Name():
            return None
    return None if isinstance(node, PLAIN) else f"no {type(node).__name__.lower()} in the template of a scene"
