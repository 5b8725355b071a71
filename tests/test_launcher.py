"""The launcher, run for real in a small project of its own whose one package is a wheel made here."""

import ast
import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.suite import ROOT

CLI = """
import sys
import tiny

def cli(args, prog_name):
    print(prog_name, tiny.VERSION, "in", sys.prefix, *args)
    sys.exit(int(args[0]) if args else 0)
"""
WAIT_S = 120


def put_wheel(folder: Path, version: str) -> str:
    """Write the wheel of package ``tiny`` into the folder; return its sha-256."""
    files = {
        "tiny.py": f"VERSION = {version!r}\n",
        f"tiny-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"tiny-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    hashes = {name: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for name, text in files.items()}
    record = "".join(f"{name},sha256={of.rstrip(b'=').decode()},\n" for name, of in hashes.items())
    files[f"tiny-{version}.dist-info/RECORD"] = record + f"tiny-{version}.dist-info/RECORD,,\n"
    path = folder / f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Project:
    """A folder with the real run.py, a made-up server.cli, and one pinned package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "wheels").mkdir()
        (folder / "server").mkdir()
        (folder / "server" / "__init__.py").touch()
        (folder / "server" / "cli.py").write_text(CLI)
        (folder / "run.py").write_text((ROOT / "run.py").read_text())
        self.pin("1.0")

    def pin(self, version: str, digest: str | None = None) -> None:
        digest = digest or put_wheel(self.folder / "wheels", version)
        pins = f"# a comment names other==9\ntiny=={version} \\\n    --hash=sha256:{digest}\n"
        (self.folder / "requirements.txt").write_text(pins)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        keep = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        wheels = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder / "wheels"), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.Popen(
            [sys.executable, str(self.folder / "run.py"), *arguments],
            env=keep | wheels,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, list[str], list[str]]:
        """Exit code, lines of standard output, lines of standard error."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=WAIT_S)
        return process.returncode, out.splitlines(), err.splitlines()


def test_the_launcher_installs_what_is_pinned_and_enters_it(tmp_path: Path) -> None:
    project = Project(tmp_path)
    inside = f"in {tmp_path / '.venv'}"
    half_made = tmp_path / ".venv" / "half-made"
    half_made.parent.mkdir()
    half_made.touch()

    first = [project.start("0", "--port", "1"), project.start("0", "--port", "2")]
    outs, errs = zip(*(process.communicate(timeout=WAIT_S) for process in first), strict=True)
    assert [process.returncode for process in first] == [0, 0], errs
    assert sum("Making .venv" in err for err in errs) == 1, "two first starts make one environment"
    assert sum("[1/1] tiny" in err for err in errs) == 1
    assert not half_made.exists(), "a half-made environment is made anew"
    assert outs == (f"run.py 1.0 {inside} 0 --port 1\n", f"run.py 1.0 {inside} 0 --port 2\n"), (
        "standard output is the command's own"
    )

    assert project.run() == (0, [f"run.py 1.0 {inside}"], []), "the second start installs nothing and says nothing"
    assert project.run("78")[0] == 78, "the command's exit code is the launcher's"

    project.pin("1.1")
    code, out, err = project.run()
    assert (code, out) == (0, [f"run.py 1.1 {inside}"]), "a changed pin installs again"
    assert err[0] == "[1/1] tiny"

    project.pin("1.2", digest="0" * 64)
    put_wheel(tmp_path / "wheels", "1.2")
    for _ in range(2):  # what failed leaves no stamp
        code, _, err = project.run()
        assert code == 1
        assert err[-1].startswith(f"run.py: {tmp_path / 'requirements.txt'}, package 1 of 1: ")
        assert len(err) == 2, err


def test_missing_pins_are_named(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "made.stamp").touch()
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "requirements.txt").unlink()
    code, out, err = project.run()
    expected = f"run.py: {tmp_path / 'requirements.txt'}: No such file or directory; expected a readable file"
    assert (code, out, err) == (1, [], [expected])


def test_python_3_6_can_read_far_enough_to_be_refused() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_refused_in_one_line(version: tuple[int, int, int]) -> None:
    pretend = f"import runpy, sys; sys.version_info = {version}; runpy.run_path('run.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False, timeout=WAIT_S
    )
    told = f"run.py: this is Python {version[0]}.{version[1]} at {sys.executable}; expected Python 3.11 or newer\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
