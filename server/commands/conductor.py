"""The demo's operator: walks through the rundown by itself, in two minutes instead of ninety, until somebody else acts.

It is a device as any other: it has a control key, and asks over HTTP.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx2

from server.clock import wall_ms

KEY_VARIABLE = "DIEMCAU_KEY"
SECONDS = {
    "standby": 15,
    "backdrop": 4,
    "anthem": 5,
    "launch": 6,
    "live": 30,
    "latest": 16,
    "standings": 12,
    "thanks": 6,
}
"""How long an item of a scene stands here."""
SPEECH_S = 3
COUNTS_S = 12
"""What the standby scene counts down."""
LAUNCH_AHEAD_MS = 5_000
LAUNCHED_S = 12
"""From the order to the moment at which the light rests, and people have read it."""
WAITS_S = 60.0
"""For a scene that has nothing to show yet; the first entries take some seconds."""
AGAIN_S = 1.0
END_SCENE = "live"
OUTPUT = "/api/v1/outputs/hall"


class Ended(Exception):  # noqa: N818 - it is no error
    """Somebody else steers, or the demo is over."""


class Conductor:
    """Steers the hall of one server by a client that shows its key."""

    def __init__(self, client: httpx2.Client, *, now_ms: Callable[[], int], sleep: Callable[[float], None]) -> None:
        self._client = client
        self._now_ms = now_ms
        self._sleep = sleep
        self._version: int | None = None

    def walk(self) -> None:
        """Walk through the whole evening, then show the live scene."""
        rundown = self._ask("GET", "/rundown")
        items = [self._quick(item) for item in rundown["items"]]
        ends_ms = self._now_ms() + sum(item["duration_s"] for item in items) * 1000
        self._act("rundown", method="PUT", items=items, ends_ms=ends_ms)
        for item in items:
            self._act("next", item=item["id"])
            if item["scene"] != "launch":
                self._sleep(item["duration_s"])
                continue
            self._sleep(SECONDS["launch"])
            self._act("arm")
            self._act("launch", at_ms=self._now_ms() + LAUNCH_AHEAD_MS, armed=True)
            self._sleep(LAUNCHED_S)
        self.show(END_SCENE)

    def show(self, scene: str) -> None:
        """Put one scene on air, once it has something to show."""
        self._act("take", scene=scene)

    def _quick(self, item: dict[str, Any]) -> dict[str, Any]:
        """An item as it goes here: soon, and by our hand alone."""
        lasts_s = SPEECH_S if item["scene"] is None else SECONDS.get(item["scene"], SPEECH_S)
        settings = item["settings"]
        if item["scene"] == "standby":
            settings = settings | {"to_ms": self._now_ms() + COUNTS_S * 1000}
        lasts_s += LAUNCHED_S if item["scene"] == "launch" else 0
        return item | {"at_ms": None, "duration_s": lasts_s, "settings": settings}

    def _act(self, what: str, *, method: str = "POST", **body: Any) -> None:
        """Do something, and again while it cannot be done yet."""
        waited_s = 0.0
        while True:
            self._check_hand()
            answer = self._client.request(method, f"{OUTPUT}/{what}", json=body)
            if answer.status_code == httpx2.codes.OK:
                self._version = answer.json()["version"]
                return
            if answer.json()["code"] not in {"no_data", "too_soon", "starting"} or waited_s >= WAITS_S:
                raise RuntimeError(f"{what}: {answer.json()['detail']}")
            self._sleep(AGAIN_S)
            waited_s += AGAIN_S

    def _check_hand(self) -> None:
        (hall,) = self._ask("GET", "")["outputs"]
        if self._version is not None and hall["version"] != self._version:
            raise Ended

    def _ask(self, method: str, path: str) -> Any:
        address = f"{OUTPUT}{path}" if path else "/api/v1/outputs"
        return self._client.request(method, address).raise_for_status().json()


def _end_with_input() -> None:
    """Wait for the end of standard input, then ask this process to end: a demo that is killed cannot."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(url: str, scene: str | None) -> None:
    """Steer the hall of the server at ``url``: the whole evening, or one scene."""
    headers = {"Authorization": f"Bearer {os.environ[KEY_VARIABLE]}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=10.0) as client:
        conductor = Conductor(client, now_ms=wall_ms, sleep=time.sleep)
        try:
            conductor.walk() if scene is None else conductor.show(scene)
        except Ended:
            return


if __name__ == "__main__":
    threading.Thread(target=_end_with_input, daemon=True).start()
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
