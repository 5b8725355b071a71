"""Engines: browsers of the age that stations still run, beside the machine's own, driven by the same Playwright.

An npm package carries each: `bin/chromium.br` is the browser, packed with brotli, `bin/aws.tar.br` the libraries that
it may miss. Its `swiftshader` stays packed: without a graphics card, as CasparCG runs by default, nothing asks for it.
What Playwright itself runs in a page may be too new for them (`wait_for_selector`, say); `evaluate` is not.
"""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserType

from tests.suite import ROOT
from tests.worlds.node import find_node

AGE_OF_OBS_28 = ROOT / "node_modules" / "@sparticuz" / "chromium"
"""Chromium 103, which OBS 28 to 30 are made of."""
OLDER = "DIEMCAU_ENGINE"
"""The variable that names folders of other such packages; that of chrome-aws-lambda 5.3.1 carries Chromium 86."""
ARGUMENTS = [
    "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--font-render-hinting=none",
]  # fmt: skip
UNPACK = "fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
UNPACK_WAIT_S = 300
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/.fonts</dir><dir>/usr/share/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""
"""Without a font the browser dies at its first text; the package's own list names a folder of its own maker's."""


@dataclass(frozen=True)
class Engine:
    """A browser in a folder, with the libraries and fonts that it is started with."""

    folder: Path

    def launch(self, chromium: BrowserType) -> Browser:
        """Start it, headless."""
        env: dict[str, str | float | bool] = {
            **os.environ,
            "LD_LIBRARY_PATH": str(self.folder / "lib"),
            "FONTCONFIG_FILE": str(self.folder / "fonts.xml"),
            "HOME": str(self.folder),
        }
        return chromium.launch(executable_path=self.folder / "chromium", args=ARGUMENTS, env=env)


def packages(environ: Mapping[str, str]) -> list[Path]:
    """The packages whose engines pages are opened in."""
    return [AGE_OF_OBS_28, *(Path(each) for each in environ.get(OLDER, "").split(os.pathsep) if each)]


def unpacked(package: Path) -> Engine | None:
    """The engine of a package, unpacked beside it the first time; None where the package is not installed."""
    folder = package / "unpacked"
    if folder.is_dir():
        return Engine(folder)
    node = find_node()
    if node is None or not (package / "bin" / "chromium.br").exists():
        return None
    # Whole or not at all: two processes of one run may do it at the same time.
    made = Path(tempfile.mkdtemp(prefix="unpacked-", dir=package))
    for packed, to in (("chromium.br", "chromium"), ("aws.tar.br", "aws.tar")):
        command = [node, "-e", UNPACK, str(package / "bin" / packed), str(made / to)]
        subprocess.run(command, check=True, timeout=UNPACK_WAIT_S)
    with tarfile.open(made / "aws.tar") as tar:
        tar.extractall(made, filter="data")
    (made / "aws.tar").unlink()
    (made / "chromium").chmod(0o755)
    (made / "fonts.xml").write_text(FONTS.format(folder=folder), encoding="utf-8")
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made)
    return Engine(folder)
