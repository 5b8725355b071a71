"""Static files: one digest, nothing missing, fonts as their list says."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from dashboard import inline, screens, static
from dashboard.screens import SCREENS
from tests.suite import ROOT

CSS = sorted((static.static_dir() / "css").glob("*.css"))
JS = sorted((static.static_dir() / "js").rglob("*.js"))
LINES_MAX = 350
TOO_NEW_CSS = (":has(", "@layer", "@container", "aspect-ratio:", "inset:", "color-mix(", "dvh", ":where(")
"""What Chrome 86 does not know. In a media query (min-aspect-ratio) the word is fine, as a property it is not."""


def test_an_address_holds_the_digest_of_all_files() -> None:
    assert static.url("css/hall.css") == f"/static/{static.digest()}/css/hall.css"
    assert re.fullmatch(r"[0-9a-f]{16}", static.digest())


def test_an_unknown_file_has_no_address() -> None:
    with pytest.raises(KeyError):
        static.url("css/missing.css")


def test_every_file_of_the_table_is_there() -> None:
    assert all(path.is_file() for path in static.files().values())
    assert "vendor/plotly.min.js" in static.files()
    assert not any(name.endswith(".md") for name in static.files())


def test_the_fonts_are_those_of_their_list() -> None:
    fonts = static.static_dir() / "fonts"
    lines = [line.split() for line in (fonts / "SHA256SUMS").read_text().splitlines()]
    listed = {name: digest for digest, name in lines}
    assert listed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in fonts.glob("*.woff2")}
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text()


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_a_style_sheet_asks_for_nothing_foreign_or_too_new(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"https?:|@import", text)
    for address in re.findall(r'url\("([^"]+)"\)', text):
        assert (path.parent / address).resolve().is_file(), address
    properties = re.sub(r"@media[^{]*", "", text)
    assert [word for word in TOO_NEW_CSS if word in properties] == []


@pytest.mark.parametrize("path", JS, ids=lambda path: path.name)
def test_a_module_imports_what_is_there_by_relative_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert len(text.splitlines()) < LINES_MAX
    for address in re.findall(r'(?:from|import) "([^"]+)"', text):
        assert address.startswith("."), address
        assert (path.parent / address).resolve().is_file(), address


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path)
def test_each_screen_has_its_parts(screen: object) -> None:
    path, template, module = (getattr(screen, name) for name in ("path", "template", "module"))
    text = (ROOT / "templates" / template).read_text("utf-8")
    assert f"{{% block module %}}{module}{{% endblock %}}" in text
    assert module in static.files()
    assert f"`{path}`" in (ROOT / "docs/reference/screens.md").read_text("utf-8")


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style_but_what_must_work_alone(template: Path) -> None:
    text = template.read_text("utf-8")
    assert " style=" not in text
    assert ("<style" in text) is (template.name in {"shell.html", "shim.html"})
    assert not re.search(r"\son\w+=", text)
    for attributes, script in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
        is_allowed = script in {"{{ guard_script }}", "{{ shell_script }}", "{{ host_script }}", "{{ shim_script }}"}
        assert is_allowed or 'type="application/json"' in attributes or "src=" in attributes
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
    for name in re.findall(r"\{\{ static \}\}/([\w./-]+)", text):
        assert name in static.files(), name


@pytest.mark.parametrize("name", inline.SCRIPTS)
def test_an_inline_script_needs_nothing_else_and_ends_where_it_ends(name: str) -> None:
    text = inline.source(name)
    assert "</" not in text
    assert "<!--" not in text
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    assert not re.search(r"^\s*(/\*|\*|//)", text, re.MULTILINE)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in inline.policy().split()


def test_a_page_names_every_module_that_its_script_comes_to() -> None:
    for page in sorted((static.static_dir() / "js" / "pages").glob("*.js")):
        name = f"js/pages/{page.name}"
        found = static.modules(name)
        assert len(set(found)) == len(found)
        assert name not in found
        for each in (name, *found):
            folder = (static.static_dir() / each).parent
            for address in re.findall(r'(?:from|import) "([^"]+)"', static.files()[each].read_text("utf-8")):
                imported = (folder / address).resolve().relative_to(static.static_dir().resolve()).as_posix()
                assert imported in found, (each, address)
    assert len(static.modules("js/pages/hall.js")) > 20


def test_the_waits_of_the_table_are_those_of_the_scripts() -> None:
    text = static.files()["js/live/retry.js"].read_text("utf-8")
    assert f"CLOSE_RETRY_MAX_MS = {screens.CLOSE_RETRY_MAX_MS:_};" in text
    assert f"PUBLIC_RETRY_MAX_MS = {screens.PUBLIC_RETRY_MAX_MS:_};" in text
    assert f"--ink: {screens.INK};" in static.files()["css/tokens.css"].read_text("utf-8")
