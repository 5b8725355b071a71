"""What the product is compared with and this machine may lack: found, or installed beside the code.

Nothing of it goes into the system: npm's packages and Debian's are unpacked into PEERS.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from tests.bench.ways.listeners import Way, python
from tests.suite import ROOT

PEERS = ROOT / ".bench-peers"
WAYS = Path(__file__).parent / "ways"
NODE_PACKAGES = {"ws": "8.23.0", "socket.io": "4.8.4"}
DEBIAN_PACKAGES = ("nginx", "libnginx-mod-nchan")
MODULE = Path("usr/lib/nginx/modules/ngx_nchan_module.so")
NGINX = Path("usr/sbin/nginx")
INSTALL_S = 180.0
SAID_MAX = 200


class LacksError(Exception):
    """A peer cannot be had; the text is the reason, in one line."""


def program(name: str) -> str:
    """The path of a program.

    Raises:
        LacksError: If this machine has none.
    """
    # /usr/sbin is not on the path of everybody.
    path = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if path is None:
        raise LacksError(f"{name} is not on this machine")
    return path


def done(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command in a folder to its end, with ``environment`` beside ours; returns what it printed.

    Raises:
        LacksError: If it fails, or takes longer than INSTALL_S.
    """
    name = Path(command[0]).name
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LacksError(f"{name} {command[1]} took longer than {INSTALL_S:.0f} s") from None
    if ended.returncode != 0:
        said = " ".join(ended.stderr.split())[-SAID_MAX:]
        raise LacksError(f"{name} {command[1]} ended with {ended.returncode}: {said}")
    return ended.stdout


def node_packages(folder: Path) -> Path:
    """The folder of NODE_PACKAGES, installed if it lacks one of that version.

    Raises:
        LacksError: If they cannot be installed.
    """
    modules = folder / "node_modules"
    if any(version_of(modules / name) != version for name, version in NODE_PACKAGES.items()):
        folder.mkdir(exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in NODE_PACKAGES.items()]
        quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
        done([program("npm"), "install", *quiet, "--prefix", str(folder), *wanted], folder)
    return modules


def version_of(package: Path) -> str:
    """The version of an unpacked package of npm, empty if there is none."""
    try:
        described = msgspec.json.decode((package / "package.json").read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        return ""
    return str(described.get("version", ""))


def node(name: str) -> Way:
    """A way written for Node.

    Raises:
        LacksError: If Node or a package cannot be had.
    """
    modules = node_packages(PEERS)
    return Way(
        name,
        (program("node"), str(WAYS / f"{name}.cjs")),
        environment={"NODE_PATH": str(modules)},
        speaks_engine_io=name == "socketio",
    )


def nchan() -> Way:
    """nginx with Nchan: the system's, else Debian's unpacked into PEERS.

    Raises:
        LacksError: If it cannot be had.
    """
    for root in (Path("/"), PEERS / "debian"):
        if (root / NGINX).exists() and (root / MODULE).exists():
            break
    else:
        unpack_debian(root)
    environment = {}
    if root != Path("/"):
        libraries = sorted({str(path.parent) for path in (root / "usr/lib").rglob("*.so.*")})
        environment = {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}
    # What it still lacks shows here, and not in the middle of a bench.
    done([root / NGINX, "-v"], ROOT, environment)
    return Way("nchan", python("nchan").command, (str(root / NGINX), str(root / MODULE)), environment)


def unpack_debian(root: Path) -> None:
    """Unpack DEBIAN_PACKAGES, and what they need that the system has not, without installing them.

    Raises:
        LacksError: If they cannot be downloaded, or have no module.
    """
    root.mkdir(parents=True, exist_ok=True)
    only = [f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]
    needed = done([program("apt-cache"), "depends", *only, *DEBIAN_PACKAGES], root)
    done([program("apt-get"), "download", *DEBIAN_PACKAGES, *(n for n in needs(needed) if not is_installed(n))], root)
    for package in sorted(root.glob("*.deb")):
        done([program("dpkg-deb"), "-x", package, root], root)
        package.unlink()
    if not (root / MODULE).exists():
        raise LacksError("Debian's nginx came without the module of Nchan")


def needs(shown: str) -> list[str]:
    """The packages that `apt-cache depends` shows as needed; virtual ones, in angle brackets, are left out."""
    names = [line.partition("Depends:")[2].strip() for line in shown.splitlines() if "Depends:" in line]
    return sorted({name for name in names if not name.startswith("<")} - set(DEBIAN_PACKAGES))


def is_installed(package: str) -> bool:
    """The system has the package."""
    try:
        return "ok installed" in done([program("dpkg-query"), "-W", "-f", "${Status}", package], ROOT)
    except LacksError:
        return False


def found(wanted: Mapping[str, Callable[[], Way]]) -> tuple[list[Way], dict[str, str]]:
    """The ways that can be had, and why the others cannot, by name."""
    ways, absent = [], {}
    for name, find in wanted.items():
        try:
            ways.append(find())
        except LacksError as error:
            absent[name] = str(error)
    return ways, absent


def peers() -> tuple[list[Way], dict[str, str]]:
    """All peers that can be had, and why the others cannot, by name."""
    by_name: dict[str, Callable[[], Way]] = {name: partial(python, name) for name in ("broadcast", "starlette")}
    by_name |= {name: partial(node, name) for name in ("ws", "socketio")}
    return found(by_name | {"nchan": nchan})
