"""The check that keeps what an audience sees within Chrome 86 finds what is too new, and lets the rest be."""

import subprocess
from pathlib import Path

import pytest

from tests.suite import ROOT
from tests.worlds.node import find_node

WAIT_S = 30
OLD_ENOUGH = {
    "js/a.js": (
        "class A { #n = 1_000; async m() { await 1; this.#n ||= 2; return this?.x ?? 3; } }\n"
        "export const a = new A();\n"
    ),
    "css/a.css": (
        "/* inset: 0; :has( */\n@media (min-aspect-ratio: 16/9) { .a { top: 0; content: 'aspect-ratio: 1'; } }\n"
        "@keyframes k { from { opacity: 0; } to { transform: translate(1px, 0); } }\n"
    ),
}
TOO_NEW = [
    ("js/b.js", "const x = await 1;", 1, "await outside a function, which came with Chrome 89"),
    ("js/b.js", "for await (const x of y) x();", 1, "await outside a function"),
    ("js/b.js", "\nclass B { static { B.x = 1; } }", 2, "a static block, which came with Chrome 94"),
    ("js/b.js", "class B { #n; has(o) { return #n in o; } }", 1, "#name in object"),
    ("js/b.js", "export const r = /x/d;", 1, "flag d"),
    ("js/b.js", "structuredClone({});", 1, "structuredClone, which came with Chrome 98"),
    ("js/b.js", "AbortSignal.timeout(5);", 1, "AbortSignal.timeout()"),
    ("js/b.js", "window.addEventListener('x', f, { signal });", 1, "the signal of a listener"),
    ("js/deep/b.js", "let let = 1", 1, "cannot read"),
    ("css/b.css", ".a { inset: 0; }", 1, "inset, which came with Chrome 87"),
    ("css/b.css", ".a {\n  top: 0;\n  inset-inline: 0;\n}", 3, "inset"),
    ("css/b.css", ".a { aspect-ratio: 16 / 9; }", 1, "aspect-ratio"),
    ("css/b.css", ".a:has(.b) { top: 0; }", 1, ":has()"),
    ("css/b.css", "@layer base { .a { top: 0; } }", 1, "@layer"),
    ("css/b.css", "@media print { .a { top: 0; .b { top: 1px; } } }", 1, "a nested rule"),
    ("css/b.css", ".a { height: 100dvh; }", 1, "dvh"),
    ("css/b.css", ".a { color: color-mix(in srgb, red, blue); }", 1, "color-mix()"),
    ("css/b.css", ".a:is(.b, .c) { top: 0; }", 1, ":is()"),
    ("css/b.css", ".a { translate: 1px; }", 1, "translate"),
]


def check(folder: Path) -> tuple[int, list[str]]:
    node = find_node()
    if node is None or not (ROOT / "node_modules" / "acorn").exists():
        pytest.skip("no acorn in node_modules (run: npm ci)")
    done = subprocess.run(
        [node, "tests/syntax_floor.js", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_what_chrome_86_knows_passes(tmp_path: Path) -> None:
    for name, text in OLD_ENOUGH.items():
        write(tmp_path, name, text)
    assert check(tmp_path) == (0, ["1 scripts and 1 styles read, 0 findings"])


@pytest.mark.parametrize(("name", "text", "line", "what"), TOO_NEW)
def test_what_is_too_new_is_named_with_its_line(tmp_path: Path, name: str, text: str, line: int, what: str) -> None:
    write(tmp_path, name, text)
    code, lines = check(tmp_path)
    assert code == 1
    assert lines[0].startswith(f"{tmp_path / name}:{line}: ")
    assert what in lines[0]
    assert lines[-1].endswith("1 findings")


def test_an_empty_folder_is_no_pass(tmp_path: Path) -> None:
    code, lines = check(tmp_path)
    assert code == 2
    assert lines == [f"{tmp_path}: no script in js/ and no style in css/; expected the static files of the screens"]


def test_the_screens_stay_within_chrome_86() -> None:
    assert check(ROOT / "dashboard" / "static")[0] == 0
