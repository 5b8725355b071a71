"""What a process of ours may have that reads something from outside: nothing of the server's, and not much."""

import os
import resource
from collections.abc import Mapping

NICE = 10
"""Such a process stands back behind the server's own work."""
FILES_MAX = 64
PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""By these some machines find the libraries of their Python."""
OPTIONS = ("-B", "-s")
"""Of its Python: it writes no compiled files, and has no packages of the user's."""


def environment() -> Mapping[str, str]:
    """The variables that it gets: none of the settings that the server was started with, and so none of its secrets."""
    return {"LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def bound(memory_bytes: int, cpu_s: int) -> None:
    """Bound this process for the rest of its life: memory, processor time, files, and no other process.

    It writes into no file, and leaves none behind when it dies; what it has to say goes into a pipe.
    """
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES_MAX,
        # Root's processes are not counted by the kernel; as root a server should not run.
        resource.RLIMIT_NPROC: 0,
    }
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        new = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (new, new))
    os.nice(NICE)
