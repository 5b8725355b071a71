"""Nchan, a module of nginx in C: this program starts nginx and posts to it, and is not counted itself."""

import asyncio
import http.client
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.meter import LOAD_CORE, on_core
from tests.bench.ways.program import Task, messages, ready, task
from tests.suite import ROOT

START_S = 10.0
STEP_S = 0.05
POST_S = 5.0
ALONE = (
    "unshare",
    "--map-root-user",
    "--mount",
    "sh",
    "-c",
    'mount -t tmpfs none /var/lib && mkdir /var/lib/nginx && exec "$@"',
    "sh",
)
"""Before nginx's command. Nchan wants the folder for bodies that Debian's nginx was built with, whatever is configured;
here it gets one that nobody else sees. The root that nginx is told to run as is one of that small world too."""
CONFIGURATION = """
load_module {module};
user root;
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
worker_rlimit_nofile 20000;
events {{ worker_connections 12000; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = /live/bench {{
      nchan_subscriber websocket;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
      nchan_message_buffer_length 1;
    }}
    location = /publish {{
      nchan_publisher http;
      nchan_channel_id bench;
      nchan_message_buffer_length 1;
    }}
  }}
}}
"""


def configuration(folder: Path, module: str, port: int) -> str:
    """nginx.conf, with everything that nginx writes in one folder."""
    return CONFIGURATION.format(folder=folder, module=module, port=port)


def family(parent: int) -> list[int]:
    """A process and its children."""
    found = [parent]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue  # It has just ended.
            if int(status.rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def post(connection: http.client.HTTPConnection, message: bytes) -> None:
    """Publish a message.

    Raises:
        RuntimeError: If nginx does not take it.
    """
    connection.request("POST", "/publish", message, {"Content-Type": "text/plain"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in {200, 201, 202}:
        raise RuntimeError(f"nginx answered {answer.status}")


def wait_for(port: int, nginx: subprocess.Popen[bytes]) -> None:
    """Wait until nginx takes connections and its worker runs.

    Raises:
        RuntimeError: If it does not within START_S.
    """
    ends_s = time.monotonic() + START_S
    while time.monotonic() < ends_s and nginx.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), STEP_S).close()
        except OSError:
            time.sleep(STEP_S)
            continue
        if len(family(nginx.pid)) > 1:
            return
    raise RuntimeError("nginx did not start")


async def publish(given: Task) -> None:
    """Post every message that is due."""
    connection = http.client.HTTPConnection("127.0.0.1", given.port, timeout=POST_S)
    async for message in messages(given):
        post(connection, message)
    connection.close()


def main(given: Task, program: str, module: str) -> None:
    """Serve."""
    with TemporaryDirectory(prefix=".bench-", dir=ROOT) as name:
        folder = Path(name)
        path = folder / "nginx.conf"
        path.write_text(configuration(folder, module, given.port))
        command = [*ALONE, program, "-p", name, "-e", "stderr", "-c", str(path)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as nginx:
            try:
                # nginx stays on the core on which it was started.
                with on_core(LOAD_CORE):
                    wait_for(given.port, nginx)
                    ready(*family(nginx.pid))
                    asyncio.run(publish(given))
            finally:
                nginx.terminate()


if __name__ == "__main__":
    main(task(), *sys.argv[4:6])
