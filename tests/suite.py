"""What ``run.py test`` runs: every test there is, JavaScript's among them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXIT_CODES = {pytest.ExitCode.OK: 0, pytest.ExitCode.USAGE_ERROR: 2}
WHOLE = "--whole"
WHOLE_VARIABLE = "DIEMCAU_WHOLE"
"""Set to 1 by ``--whole``, for this process and those that it starts."""
WORKERS_PER_PROCESSOR = 2
"""Tests of servers and pages wait for them half of their time."""
WORKERS_MAX = 6
"""Processes that the suite is spread over at most; each may have a browser and a server."""
AGAIN_MAX = 5
"""Tests that are run again alone at most; where more fail, it is not the machine."""
FORGET = ["-o", "tmp_path_retention_policy=failed"]
"""Files of tests that passed are removed at once."""
INSTALL_WAIT_S = 300
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
ROOM_BYTES = 2 * 1024**3
"""What must be free there; the suite writes a tenth of it."""
NODE_MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"


def run_suite(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments, paths taken from the project's root; return the exit code.

    Without paths the tests are spread over the machine's processors, a file at a time. ``--whole`` makes what is slow
    by nature as large as it was designed. ``node --test`` runs inside, as ``tests/test_javascript.py``, so that
    pytest's closing line counts it.
    """
    os.chdir(ROOT)
    given = [argument for argument in arguments if argument != WHOLE]
    if len(given) < len(arguments):
        os.environ[WHOLE_VARIABLE] = "1"
    else:
        work_in_memory()
    keep_compiled()
    install_node_modules()
    skips, failures = Skips(), Failures()
    spreading = spread(given)
    code = pytest.main([*spreading, *given], plugins=[skips, failures])
    for reason, count in skips.counted.items():
        tell(f"Skipped {count}: {reason}")
    if code == pytest.ExitCode.TESTS_FAILED and spreading and 0 < len(failures.names) <= AGAIN_MAX:
        return alone(failures.names)
    return EXIT_CODES.get(pytest.ExitCode(code), 1)


def alone(names: Sequence[str]) -> int:
    """Run tests that failed beside others once more, one after the other and with nothing beside; return the exit code.

    Pages and servers of several workers share the processors, and on a busy machine one may come too late. What fails
    alone too has failed.
    """
    tell(f"Failed beside others, run again alone: {', '.join(names)}")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n0", *names], check=False)
    return 0 if done.returncode == 0 else 1


def spread(given: Sequence[str]) -> list[str]:
    """The arguments by which the whole suite is spread; none where somebody names tests, or says how it is to run."""
    if any(not argument.startswith("-") or argument.startswith(("-n", "-p", "--pdb", "--co")) for argument in given):
        return []
    workers = min((os.cpu_count() or 1) * WORKERS_PER_PROCESSOR, WORKERS_MAX)
    # In the order of their collection: what takes long is begun first, see conftest.py.
    # Python 3.11 cannot parse a source in a greenlet of Playwright's ("recursion depth mismatch"), which the long form
    # of a traceback does: one failure there would end the whole run.
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder", "--tb=native", *FORGET]


def keep_compiled() -> None:
    """Keep what is compiled, for hundreds of processes read it, even where the environment says to compile anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def work_in_memory(memory: Path = MEMORY) -> None:
    """Have tests make their files in memory, where there is room for them and nobody has said where they belong.

    They make thousands of data folders, in which each change waits for the disk. What a disk does wrong is tested by a
    library that stands between it and the server, on whatever disk.
    """
    if "TMPDIR" in os.environ or not memory.is_dir():
        return
    found = os.statvfs(memory)
    if found.f_bavail * found.f_frsize >= ROOM_BYTES and not found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def install_node_modules() -> None:
    """Install what checks the front end, as the lock file says, where npm is and it is not there yet.

    Without a network the tests that need it are skipped, or fail in CI.
    """
    npm, stamp = shutil.which("npm"), NODE_MODULES / "made.stamp"
    digest = sha256(LOCK.read_bytes()).hexdigest()
    if npm is None or (stamp.is_file() and stamp.read_text() == digest):
        return
    tell("Installing what checks the front end (npm ci)")
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=INSTALL_WAIT_S)
    except subprocess.TimeoutExpired:
        tell(f"npm ci: not done within {INSTALL_WAIT_S} s")
        return
    if done.returncode == 0:
        stamp.write_text(digest)
    else:
        tell(f"npm ci: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]}")


class Skips:
    """A plugin that counts what was skipped, by reason, for the last lines: whoever reads them alone must see it."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Take the reasons over from the reporter, to which every worker's reports have come."""
        for report in terminalreporter.stats.get("skipped", []):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.counted[reason.removeprefix("Skipped: ")] += 1


class Failures:
    """A plugin that notes which tests failed, whichever worker ran them."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Take the names over from the reporter."""
        found = (*terminalreporter.stats.get("failed", []), *terminalreporter.stats.get("error", []))
        self.names = [*dict.fromkeys(report.nodeid for report in found)]


def tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
