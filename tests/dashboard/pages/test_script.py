"""The texts as a script: what pages carry, under a name that changes with them."""

import msgspec

from dashboard.pages.script import VARIABLE, script_of
from dashboard.words.words import LANGS
from tests.browser.cases import folder
from tests.worlds.editions import edition


def test_the_script_has_the_texts_of_its_language_under_an_address_of_its_own() -> None:
    scripts = {lang: script_of(edition(folder("ha-giang"), lang)) for lang in LANGS}
    assert len({script.path for script in scripts.values()}) == len(LANGS)
    for lang, script in scripts.items():
        begin, _, end = script.body.partition(b"{")
        assert begin == f"self.{VARIABLE}=".encode()
        assert msgspec.json.decode(b"{" + end.rstrip(b";\n")) == msgspec.json.decode(
            edition(folder("ha-giang"), lang).texts
        )
