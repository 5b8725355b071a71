"""Packages for renderers of OGraf: the manifest as the specification wants it, and the graphic beside it."""

import io
import re
import zipfile
from typing import Any

import msgspec
import pytest

from dashboard import static
from dashboard.overlays.lower_third import LowerThirdSettings
from dashboard.pages.ograf import GRAPHIC, PACKAGED, package
from tests.browser.cases import folder
from tests.worlds.editions import edition

ADDRESS = "http://127.0.0.1:8000/overlays/lower-third?out=tv1&wait=1"
MANIFEST_KEYS = {
    "$schema", "id", "version", "main", "name", "description", "author", "customActions", "supportsRealTime",
    "supportsNonRealTime", "stepCount", "schema", "renderRequirements", "thumbnails",
}  # fmt: skip
"""What a manifest may have, by EBU's JSON schema of OGraf v1."""


def taken(name: str, address: str = ADDRESS, asked: Any = None, lang: str = "vi") -> tuple[dict[str, Any], str]:
    """The manifest and the graphic of a package."""
    overlay = PACKAGED[name]
    made = edition(folder("ha-giang"), lang)
    body = package(overlay, made, overlay.settings() if asked is None else asked, out="tv1", address=address)
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        assert files.testzip() is None
        assert files.namelist() == [f"{name}.ograf.json", "graphic.mjs"]
        return msgspec.json.decode(files.read(f"{name}.ograf.json")), files.read("graphic.mjs").decode()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", list(PACKAGED))
def test_a_manifest_has_what_the_specification_and_renderers_want(name: str, lang: str) -> None:
    found, _ = taken(name, lang=lang)
    assert found["$schema"] == "https://ograf.ebu.io/v1/specification/json-schemas/graphics/schema.json"
    assert found.keys() <= MANIFEST_KEYS
    # What a renderer defines the element as.
    assert re.fullmatch(r"[a-z][a-z0-9._]*-[a-z0-9._-]+", f"{found['id']}-v{found['version']}")
    assert found["main"] == "graphic.mjs"
    assert found["name"].endswith(" · tv1")
    assert (found["supportsRealTime"], found["supportsNonRealTime"], found["stepCount"]) == (True, False, 1)
    assert set(found["renderRequirements"][0]) <= {"resolution", "frameRate", "accessToPublicInternet", "engine"}
    for field in found["schema"]["properties"].values():
        assert field["title"]
        assert type(field["default"]) is {"string": str, "boolean": bool}[field["type"]]
        if field.get("gddType") == "select":
            assert set(field["gddOptions"]["labels"]) == set(field["enum"])


def test_the_fields_are_the_settings_and_say_first_what_the_address_asks_for() -> None:
    found, _ = taken(
        "lower-third", asked=LowerThirdSettings(name="Nguyễn Văn A", titles=("Bí thư", "Chủ tịch"), size=80)
    )
    fields = found["schema"]["properties"]
    assert list(fields) == ["unit", "honorific", "name", "titles", "capitals"]
    assert fields["name"]["title"] == "Họ và tên"
    assert fields["name"]["maxLength"] == 80
    assert fields["honorific"]["gddOptions"]["labels"]["dong-chi"] == "Đồng chí"
    assert (fields["titles"]["gddType"], fields["titles"]["default"]) == ("multi-line", "Bí thư\nChủ tịch")


def test_a_graphic_holds_its_address_as_text_and_a_version_that_changes_with_it() -> None:
    odd = 'http://a/overlays/total?x="; alert(1); "\n&wait=1'
    (first, _), (same, _), (other, text) = taken("total"), taken("total"), taken("total", odd)
    assert first == same
    assert first["version"] != other["version"]
    assert msgspec.json.decode(re.findall(r"^const ADDRESS = (.*);$", text, re.MULTILINE)[0]) == odd
    assert text.replace(msgspec.json.encode(odd).decode(), '""', 1) == static.files()[GRAPHIC].read_text("utf-8")
    assert "customElements.define" not in text
