"""A module for a process apart that does what a broken decoder might: ``python -m tests.worlds.probe WHAT``."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from resource import getrlimit

from dashboard.apart import bound

LIMITS = {"AS": 2**30, "CPU": 7, "FSIZE": 0, "CORE": 0, "NOFILE": 64, "NPROC": 0}


def main() -> None:
    """Say the environment, say too much, never end, or keep the pipe open in another process."""
    match sys.argv[1]:
        case "environment":
            json.dump(dict(os.environ), sys.stdout)
        case "flood":
            while True:
                os.write(1, bytes(65_536))
        case "deaf":
            os.close(1)
            time.sleep(600)
        case "child":
            subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)
        case "bounds":
            json.dump(bounds(), sys.stdout)


def bounds() -> dict[str, object]:
    """What holds of a process that is bound, and what becomes of a file that it writes."""
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"a")
        bound(2**30, 7)
        found: dict[str, object] = {name: getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in LIMITS}
        try:
            file.write(b"a")
        except OSError as error:
            found["file"] = error.strerror
    try:
        bytearray(2**30)
    except MemoryError:
        found["memory"] = "none"
    return found


if __name__ == "__main__":
    main()
