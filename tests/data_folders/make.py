"""Makes a data folder as the code of its time wrote it, with what it must still be counted to later.

Each folder here was made once, by the code of the commit that it is named after, and is never written again:

    git worktree add ../then 3170cff
    cd ../then && PYTHONPATH=. python ../here/tests/data_folders/make.py ../here/tests/data_folders/3170cff

The folder is closed in order, so that no ``-wal`` is beside it. Its secrets and its password are made up and open
nothing.
"""

import json
import sys
from pathlib import Path

from server.auth.roles import Role
from server.auth.sources import Sources
from server.store import Store
from streaming.fold.tally import ALL
from tests.worlds.apps import NOW_MS, app_of, client_of
from tests.worlds.people import WRITES, account, sign_in

LEAVES = ("P1D1X1", "P1D1X2", "P2D1X1")
AT = "2024-01-01T00:30:00Z"


class Clock:
    """A clock that a reader can follow: a second for each look."""

    def __init__(self) -> None:
        self.ms = NOW_MS

    def __call__(self) -> int:
        self.ms += 1_000
        return self.ms


def item(number: int, kind: str = "completed", **fields: object) -> dict[str, object]:
    """One participation of a person who comes back every seventh time."""
    body = {"id": f"e{number}", "kind": kind, "unit": LEAVES[number % 3], "at": AT, "channel": "website"}
    return body | {"person": f"người {number % 7}", "score": 10 + number % 10} | fields


def make(data: Path) -> None:
    """Make the folder, and put beside its files what they must be counted to."""
    app = app_of(data, now_ms=Clock())
    secrets = {(name, test): _add(data, name, test=test) for name in ("web", "fanpage") for test in (False, True)}
    with client_of(app) as client:
        admin = account(app, "lan", Role.ADMINISTRATOR)
        account(app, "binh", Role.OPERATOR)
        app.keys.add("tv")
        assert admin.number == 1
        for (name, _), secret in secrets.items():
            bearer = {"Authorization": f"Bearer {secret}"}
            first = 100 if name == "web" else 500
            batch = [item(first + n, ("registered", "started", "completed")[n % 3 if n < 9 else 2]) for n in range(30)]
            sent = [batch, batch[:5], [{"id": f"v{first}", "kind": "voided", "at": AT, "voids": f"e{first + 12}"}]]
            for body in sent:
                answer = client.post("/api/v1/participations", json=body, headers=bearer)
                assert answer.status_code == 200, answer.text
            # A void that comes before what it voids.
            early = {"id": f"early{first}", "kind": "voided", "at": AT, "voids": f"e{first + 40}"}
            for one in (early, item(first + 40), item(first + 41)):
                assert client.post("/api/v1/participations", json=one, headers=bearer).status_code == 200
        assert sign_in(client, "lan") == 303
        for test in (False, True):
            seen = 0
            for body in (
                {"do": "hold", "unit": "P1D1X2", "reason": "đối soát"},
                {"do": "quarantine", "entries": [["web", "e113"]], "reason": "trùng"},
                {"do": "void", "entries": [["web", "e116"]], "reason": "gửi nhầm"},
                {"do": "correct", "unit": "P2D1X1", "round": 1, "column": "completed", "delta": 5,
                 "reason": "phiếu giấy", "labelled": True},
                {"do": "release", "unit": "P1D1X2"},
                {"do": "hold", "unit": "P1D1X1"},
            ):  # fmt: skip
                sends = body if body["do"] == "hold" else body | {"seen": seen}
                query = "?rehearsal=1" if test else ""
                answer = client.post(f"/api/v1/control/decisions{query}", json=sends, headers=WRITES)
                assert answer.status_code == 200, answer.text
                seen = answer.json()["seq"]
        expected = {store.name: counted(store) for store in app.state.stores}
    (data / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (data / "serve.lock").unlink()


def _add(data: Path, name: str, *, test: bool) -> str:
    data.mkdir(parents=True, exist_ok=True)
    return Sources(data / "admin.db").add(name, test=test)


def counted(store: Store) -> dict[str, object]:
    """What a store's fold says of its rows."""
    store.pump.replay()
    fold = store.pump.fold
    return {
        "id": store.ledger.id,
        "rows": fold.seq,
        "whole": {code: list(counts) for code, counts in fold.whole.counts[ALL].items()},
        "public": {code: list(counts) for code, counts in fold.public.counts[ALL].items()},
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]))
