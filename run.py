#!/usr/bin/env python3
"""Điểm Cầu's one command: makes ``.venv`` beside itself on first use, then hands over to ``server.cli``.

Until the virtual environment stands only the standard library is used, and the file parses on
Python 3.6, so that an old interpreter is told what is wrong instead of showing a SyntaxError.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this is what refuses the outdated version
    sys.stderr.write(
        f"run.py: this is Python {sys.version_info[0]}.{sys.version_info[1]} at {sys.executable}; "
        "expected Python 3.11 or newer\n"
    )
    sys.exit(1)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_PINS = ROOT / "requirements.txt"
TEST_PINS = ROOT / "requirements-test.txt"  # the run pins are among them; a test compares the two
MADE = VENV / "made.stamp"
LOCK_WAIT_S = 900  # longer than a slow line needs for the download; after that somebody should look


class LaunchError(Exception):
    """What stops the start before the product's own code runs; its text is the one line that is shown."""


def main(argv: list[str]) -> int:
    """Bring ``.venv`` up to the pins, enter it, and run the command; return the exit code."""
    pins = TEST_PINS if argv[:1] in (["test"], ["bench"]) else RUN_PINS
    is_inside = Path(sys.prefix).resolve() == VENV.resolve()
    try:
        changed = prepare(pins, is_inside)
    except LaunchError as error:
        say(f"run.py: {error}\n")
        return 1
    except KeyboardInterrupt:
        say("run.py: stopped while .venv was being made; the next start goes on\n")
        return 1
    if changed or not is_inside:
        os.execv(str(PYTHON), [str(PYTHON), str(ROOT / "run.py"), *argv])
    from server.cli import cli

    cli(args=argv, prog_name="run.py")
    return 0


def prepare(pins: Path, is_inside: bool) -> bool:
    """Install what ``pins`` names unless a stamp says it is there; return whether anything was done.

    One launcher at a time holds a lock on this very file, so two first starts make one environment.

    Raises:
        LaunchError: If the environment cannot be made or a package cannot be installed.
    """
    if (is_inside or is_usable()) and is_stamped(pins):
        return False
    with Path(__file__).open("rb") as held:
        wait_for_lock(held.fileno())
        if not is_inside and not is_usable():
            make_venv()
        if not is_stamped(pins):
            install(pins)
            stamp(pins)
            if pins == TEST_PINS:
                stamp(RUN_PINS)
    return True


def wait_for_lock(fd: int) -> None:
    """Take the lock, or wait at most ``LOCK_WAIT_S`` for the launcher that has it."""
    deadline_s = time.monotonic() + LOCK_WAIT_S
    was_told = False
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline_s:
                raise LaunchError(
                    f"{VENV}: another run.py has been making it for over {LOCK_WAIT_S} s; expected it to end"
                ) from None
        else:
            return
        if not was_told:
            say("Another run.py is making .venv; waiting for it\n")
            was_told = True
        time.sleep(0.5)


def is_usable() -> bool:
    """Whether ``python -m venv`` ran to its end there, and its interpreter is still the one it was made for.

    After an upgrade of the machine's Python the link may point at a version that sees no package.
    """
    if not (MADE.exists() and os.access(str(PYTHON), os.X_OK)):
        return False
    asked = subprocess.run([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL, check=False)
    return asked.returncode == 0


def make_venv() -> None:
    """Make ``.venv`` anew; what stood there was half made, or its interpreter is gone."""
    say(f"Making .venv with Python {sys.version.split()[0]}\n")
    shutil.rmtree(str(VENV), ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if made.returncode != 0:
        lines = made.stdout.split("\n")
        if any("ensurepip" in line for line in lines):
            raise LaunchError(
                f"{VENV}: {sys.executable} has no ensurepip; "
                "expected a Python with venv (on Debian: apt install python3-venv)"
            )
        said = [line.strip() for line in lines if line.strip()]
        raise LaunchError(f"{VENV}: {' '.join(command)} failed; {said[-1] if said else 'it said nothing'}")
    MADE.touch()


def install(pins: Path) -> None:
    """pip-install the pinned, hashed packages, naming each one as pip comes to it.

    Raises:
        LaunchError: With pip's last error line, if a package is not to be had or its hash differs.
    """
    lines = [re.match(r"[A-Za-z0-9._-]+(?===)", line) for line in read(pins).split("\n")]
    names = {number: line.group() for number, line in enumerate(lines, start=1) if line}
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-color"]
    command += ["--progress-bar", "off", "--require-hashes", "-r", str(pins)]
    seen: set[int] = set()
    errors: list[str] = []
    line = Progress()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for text in pip.stdout or ():
            # pip says each package another way (to fetch, at hand, installed), but always the line of its pin.
            at = re.search(r"\(line ([0-9]+)\)", text)
            if at and int(at.group(1)) in names.keys() - seen:
                seen.add(int(at.group(1)))
                line.show(f"[{len(seen)}/{len(names)}] {names[int(at.group(1))]}")
            elif text.startswith("Installing collected packages"):
                line.show(f"[{len(names)}/{len(names)}] unpacking")
            elif text.startswith("ERROR:"):
                errors.append(text[len("ERROR:") :].strip())
    line.end()
    if pip.returncode != 0:
        reason = errors[-1] if errors else f"pip ended with {pip.returncode}"
        raise LaunchError(
            f"{pins}, package {len(seen)} of {len(names)}: {reason}; expected a network to install it from"
        )


class Progress:
    """One line that rewrites itself on a terminal, plain lines anywhere else."""

    def __init__(self) -> None:
        self.is_tty = sys.stderr.isatty()

    def show(self, text: str) -> None:
        say("\r\x1b[K" + text[: shutil.get_terminal_size().columns - 1] if self.is_tty else text + "\n")

    def end(self) -> None:
        if self.is_tty:
            say("\r\x1b[K")


def say(text: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command, which may print a secret there."""
    sys.stderr.write(text)
    sys.stderr.flush()


def is_stamped(pins: Path) -> bool:
    """Whether what ``pins`` says today is what was installed last."""
    path = stamp_path(pins)
    return path.exists() and read(path) == digest(pins)


def stamp(pins: Path) -> None:
    """Write down that ``pins`` are installed, whole or not at all: a kill in the middle leaves no stamp."""
    unfinished = stamp_path(pins).with_suffix(".new")
    unfinished.write_text(digest(pins), encoding="utf-8")
    unfinished.replace(stamp_path(pins))


def stamp_path(pins: Path) -> Path:
    return VENV / (pins.stem + ".stamp")


def digest(pins: Path) -> str:
    return hashlib.sha256(read(pins).encode("utf-8")).hexdigest()


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise LaunchError(f"{path}: {error.strerror}; expected a readable file") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
