"""The check that keeps what an audience sees within Chrome 86 finds what is too new, and lets the rest be."""

import subprocess
from pathlib import Path

import pytest

from tests.suite import ROOT
from tests.worlds.node import find_node

WAIT_S = 30
ROOMS = {
    "js": "dashboard/static/js",
    "css": "dashboard/static/css",
    "theme": "streaming/contests/a/theme",
    "templates": "templates",
}
"""Where the files below stand in a tree like this repository."""
OLD_ENOUGH = {
    "js/a.js": (
        "class A { #n = 1_000; async m() { await 1; this.#n ||= 2; return this?.x ?? 3; } }\n"
        "export const a = new A();\n"
        "document.body.replaceChildren(a);\n"
        "document.startViewTransition?.(() => {});\n"
        "Object.hasOwn ??= (thing, key) => Object.prototype.hasOwnProperty.call(thing, key);\n"
        "export class Rows { take(n) { return n; } }\nnew Rows().take({ row: { range: 1 } }.row.range);\n"
    ),
    "css/a.css": (
        "/* inset: 0; :has( */\n@media (min-aspect-ratio: 16/9) { .a { top: 0; content: 'aspect-ratio: 1'; } }\n"
        "@keyframes k { from { opacity: 0; } to { transform: translate(1px, 0); } }\n"
        "@supports (text-wrap: balance) { .a { text-wrap: balance; } }\n"
        ".b { --own: 1; -webkit-text-size-adjust: 100%; display: flex; gap: 1px; width: min(1px, 2vw); }\n"
        ".b:focus-visible, .b::before { font-family: ui-monospace; paint-order: stroke; }\n"
    ),
    "js/c.js": (
        "const LINES = `.a:not(.b), .c:nth-child(${n})`;\n"
        "export const of = (a) => a.closest(LINES) ?? a.querySelector(`[id='${n}']`);\n"
        "of(a).animate([{ transform: 'none', zIndex: 2 }, { opacity: 0, offset: 0.5, easing: 'linear' }], 250);\n"
        "a.style.animationDuration = `${n}ms`;\n"
        "export const data = [{ inset: 1, at: 2 }, { translate: 3, at: 4 }];\n"
    ),
    "theme/a.css": ".hall::before { position: fixed; background: url('a.svg') 50% 0 / auto 100% repeat-x; }",
    "templates/screens/a.html": (
        "<!doctype html><meta name=viewport><style>a { color: {{ ground }}; }</style>{# <search> #}\n"
        '<link rel="modulepreload" href="{{ a["b"] }}">\n'
        "<dialog{% if is_open %} open{% endif %} {{ attributes }}><a target='_top' data-own hidden>{{ t.a }}</a>\n"
    ),
    "js/control/a.js": "structuredClone([1].at(0));",
    "css/control/a.css": ".a { inset: 0; aspect-ratio: 1; }",
    "templates/control/a.html": "<div inert><input type=date></div>",
}
TOO_NEW = [
    ("js/b.js", "const x = await 1;", 1, "await outside a function, which came with Chrome 89"),
    ("js/b.js", "for await (const x of y) x();", 1, "await outside a function"),
    ("js/b.js", "\nclass B { static { B.x = 1; } }", 2, "a static block, which came with Chrome 94"),
    ("js/b.js", "class B { #n; has(o) { return #n in o; } }", 1, "#name in object"),
    ("js/b.js", "export const r = /x/d;", 1, "flag d"),
    ("js/b.js", "structuredClone({});", 1, "structuredClone, which came with Chrome 98"),
    ("js/b.js", "AbortSignal.timeout(5);", 1, "AbortSignal.timeout, which came with Chrome 103"),
    ("js/b.js", "window.addEventListener('x', f, { signal });", 1, "the option signal of addEventListener()"),
    ("js/deep/b.js", "let let = 1", 1, "cannot read"),
    ("css/b.css", ".a { inset: 0; }", 1, "inset, which came with Chrome 87"),
    ("css/b.css", ".a {\n  top: 0;\n  inset-inline: 0;\n}", 3, "inset"),
    ("css/b.css", ".a { aspect-ratio: 16 / 9; }", 1, "aspect-ratio"),
    ("css/b.css", ".a:has(.b) { top: 0; }", 1, ":has"),
    ("css/b.css", "@layer base { .a { top: 0; } }", 1, "@layer"),
    ("css/b.css", "@media print { .a { top: 0; & .b { top: 1px; } } }", 1, "a nested rule, which came with Chrome 112"),
    ("css/b.css", ".a { .b { top: 1px; } }", 1, "cannot read"),
    ("css/b.css", ".a { height: 100dvh; }", 1, "dvh"),
    ("css/b.css", ".a { color: color-mix(in srgb, red, blue); }", 1, "color-mix()"),
    ("css/b.css", ".a:is(.b, .c) { top: 0; }", 1, ":is, which came with Chrome 88"),
    ("css/b.css", ".a { translate: 1px; }", 1, "translate"),
    ("css/b.css", ".a { overflow: clip; }", 1, "overflow: clip, which came with Chrome 90"),
    ("css/b.css", ".a { colour: red; }", 1, "colour, which is no property, which no Chrome knows"),
    ("css/b.css", "@container (width > 1px) { .a { top: 0; } }", 1, "@container, which came with Chrome 105"),
    ("css/b.css", "@media (width > 1px) { .a { top: 0; } }", 1, "a range of a media feature"),
    ("css/b.css", ".a:not(.b, .c) { top: 0; }", 1, ":not() of more than one"),
    ("js/b.js", "export const f = (a) => a.at(-1);", 1, ".at(), which came with Chrome 92"),
    ("js/b.js", "export const f = (a) => { a.inert = true; };", 1, ".inert, which came with Chrome 102"),
    ("js/b.js", "export const f = (a) => a.querySelector('.b:has(.c)');", 1, ":has, which came with Chrome 105"),
    ("js/b.js", "const B = '.b:is(.c, .d)';\nexport const f = (a) => a.closest(B);", 2, ":is"),
    ("js/b.js", "export const FRAMES = [{ translate: '1px' }, { translate: 'none' }];", 1, "translate"),
    ("js/b.js", "export const f = (a) => { a.style.inset = '0'; };", 1, "inset, which came with Chrome 87"),
    ("js/b.js", "export const f = (a) => { a.style.cssText = 'top:0;aspect-ratio:1'; };", 1, "aspect-ratio"),
    ("js/b.js", "export const f = (a) => { a.style.setProperty('height', '100dvh'); };", 1, "dvh"),
    ("theme/b.css", ".a { inset: 0; }", 1, "inset, which came with Chrome 87"),
    ("templates/b.html", "<p>\n<div class='{{ a }}' inert></div>", 2, "the attribute inert of <div>"),
    ("templates/b.html", "<search>{{ a }}</search>", 1, "<search>, which came with Chrome 118"),
    ("templates/b.html", "<p>\n<style>\n.a { inset: 0; }</style>", 3, "inset, which came with Chrome 87"),
    ("templates/control/b.html", "<p popover='auto'>", 1, "the attribute popover of <p>, which came with Chrome 114"),
    ("css/control/b.css", ".a:has(.b) { top: 0; }", 1, ":has, which came with Chrome 105; expected at most Chrome 103"),
]


def check(folder: Path) -> tuple[int, list[str]]:
    node = find_node()
    if node is None or not (ROOT / "node_modules" / "css-tree").exists():
        pytest.skip("no css-tree in node_modules (run: npm ci)")
    done = subprocess.run(
        [node, "tests/syntax_floor.js", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def placed(name: str) -> str:
    room, _, rest = name.partition("/")
    return f"{ROOMS[room]}/{rest}"


def write(folder: Path, name: str, text: str) -> None:
    path = folder / placed(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_chrome_86_knows_passes(tmp_path: Path) -> None:
    for name, text in OLD_ENOUGH.items():
        write(tmp_path, name, text)
    assert check(tmp_path) == (0, ["3 scripts, 3 styles and 2 templates read, 0 findings"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the check says of everything that is too new, each in a file of its own; reading the data takes it long."""
    folder = tmp_path_factory.mktemp("floor")
    for nth, (name, text, _, _) in enumerate(TOO_NEW):
        write(folder, _numbered(name, nth), text)
    code, lines = check(folder)
    assert code == 1
    assert lines[-1].endswith(f"{len(lines) - 1} findings")
    found: dict[str, list[str]] = {}
    for line in lines[:-1]:
        path, _, said = line.partition(":")
        found.setdefault(Path(path).relative_to(folder).as_posix(), []).append(said)
    return found


def _numbered(name: str, nth: int) -> str:
    return name.replace("/b.", f"/b{nth}.")


@pytest.mark.parametrize("nth", range(len(TOO_NEW)), ids=[text.strip() for _, text, _, _ in TOO_NEW])
def test_what_is_too_new_is_named_with_its_line(nth: int, told: dict[str, list[str]]) -> None:
    name, _, line, what = TOO_NEW[nth]
    said = told[placed(_numbered(name, nth))]
    assert said[0].startswith(f"{line}: ")
    assert what in said[0]


def test_an_empty_folder_is_no_pass(tmp_path: Path) -> None:
    code, lines = check(tmp_path)
    assert code == 2
    assert lines == [f"{tmp_path}: no script, no style and no template where this repository has them"]


def test_the_screens_stay_within_chrome_86() -> None:
    assert check(ROOT)[0] == 0
