"""The declarations that scripts are checked against are those of the structs, in the words of TypeScript."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import pytest
from msgspec import inspect

from server.commands.declarations import FILE, declared, typescript


class Inner(msgspec.Struct):
    """A struct."""

    n: int


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (int, "number"),
        (float | None, "number | null"),
        (bool, "boolean"),
        (Any, "unknown"),
        (Literal["a", "b"], '"a" | "b"'),
        (list[str], "string[]"),
        (tuple[int | None, ...], "(number | null)[]"),
        (tuple[tuple[int, str | None], ...], "[number, string | null][]"),
        (Mapping[int, list[Literal["a"]]], 'Record<string, ("a")[]>'),
        (dict[str, Inner] | msgspec.Raw, "Record<string, Inner>"),
        (dict[str, Inner | msgspec.Raw], "Record<string, Inner>"),
    ],
)
def test_a_type_in_the_words_of_typescript(type_: Any, text: str) -> None:
    assert typescript(inspect.type_info(type_)) == text


def test_a_type_that_has_no_declaration_is_refused() -> None:
    with pytest.raises(TypeError, match="no declaration for"):
        typescript(inspect.type_info(bytes))


def test_what_may_lack_is_marked() -> None:
    text = declared()
    assert "    columns?: string[];\n" in text, "UNSET"
    assert "    field?: string | null;\n" in text, "left out where it is the default"
    assert "    milestone: Passed | null;\n" in text, "a default that is on the wire all the same"
    assert '| { do: "hold"; unit: string | null; reason?: string; tell?: boolean }\n' in text, (
        "a default of what is sent"
    )


def test_the_declarations_are_those_of_the_structs() -> None:
    assert FILE.read_text(encoding="utf-8") == declared(), "old: run python3 run.py declarations"
