"""Made-up participations for rehearsals: the same seed gives the same ones, byte for byte.

The shape is a ceremony's: rooms of 30 to 100 phones start right after the button, so at first everything is starts;
completions follow as quizzes end, 2 to 10 minutes later in life and QUICKER times sooner here, so that a rehearsal
sees its total move within seconds. From then on both run beside each other at the rate asked for, with people who
give up, come back, register first or are taken back, with repeats, and now and then an item that no server may keep.
"""

import heapq
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

QUICKER = 30
QUIZ_S = (120.0, 600.0)
BACK_AFTER_S = (60.0, 900.0)
"""How long after an entry somebody tries again, before it is divided by QUICKER."""

GIVES_UP = 0.12
COMES_BACK = 0.15
REGISTERS_FIRST = 0.05
IS_TAKEN_BACK = 0.004
IS_SENT_TWICE = 0.02
IS_BAD = 0.004
HAS_NO_NAME = 0.01
"""Shares: of people, of entries, and (sent twice, bad) of items."""

ELSEWHERE_SHARE = 0.015
"""A unit that is no place (agencies, ngoài tỉnh) takes this share of all people, each."""
LOG_WEIGHT_SIGMA = 0.6
"""How unequal units are whose size nobody knows."""

CHANNELS = (("website", 0.55), ("bao-ha-giang", 0.25), ("fanpage", 0.15), (None, 0.05))
GROUPS = (
    ("hoc-sinh", 0.3),
    ("doan-vien", 0.25),
    ("can-bo", 0.15),
    ("nguoi-dan", 0.15),
    ("hoi-vien", 0.07),
    ("luc-luong-vu-trang", 0.03),
    (None, 0.05),
)
"""A code that the contest does not know counts as undeclared, so the shipped contest's serve everywhere."""

Expects = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True)
class Made:
    """An item as the API takes it, and what a right server says to it."""

    item: dict[str, Any]
    expects: Expects


@dataclass(frozen=True)
class Leaf:
    """A unit that takes participations; ``weight`` is its share of people against the others'."""

    code: str
    weight: float


def leaves_of(units: Sequence[Mapping[str, Any]], sizes: Mapping[str, float], seed: int) -> list[Leaf]:
    """The leaves of a list of units as the API gives it, weighted by known sizes, else unequally by the seed."""
    rng = random.Random(f"{seed} sizes")  # noqa: S311 - made-up traffic, no secret
    parents = {unit["parent"] for unit in units}
    leaves = [unit for unit in units if unit["code"] not in parents]
    guesses = {unit["code"]: rng.lognormvariate(0, LOG_WEIGHT_SIGMA) for unit in leaves}
    mean = sum(sizes.values()) / len(sizes) if sizes else 1.0
    weights = {code: sizes.get(code, guess * mean) for code, guess in guesses.items()}
    total = sum(weights[unit["code"]] for unit in leaves if unit["place"]) or 1.0
    return [Leaf(unit["code"], weights[unit["code"]] if unit["place"] else total * ELSEWHERE_SHARE) for unit in leaves]


class Traffic:
    """The items of one made-up ceremony, in the order of sending, for ever.

    ``start_ms`` is when it begins (ms since the epoch, UTC) and ``rate`` how many items follow a second; item n
    happens at start_ms + n / rate. Ids begin with ``start_ms``, so that a second rehearsal repeats nothing.
    """

    def __init__(self, leaves: Sequence[Leaf], *, seed: int, start_ms: int, rate: float) -> None:
        self._leaves = [leaf.code for leaf in leaves]
        self._weights = [leaf.weight for leaf in leaves]
        self._rng = random.Random(seed)  # noqa: S311 - made-up traffic, no secret
        self._start = datetime.fromtimestamp(start_ms / 1000, UTC)
        self._prefix = f"td{seed}-{start_ms:x}"
        self._rate = rate
        self._count = 0
        self._people = 0
        self._due: list[tuple[float, int, dict[str, Any]]] = []

    def __iter__(self) -> Iterator[Made]:
        first: dict[str, Any] | None = None
        last: dict[str, Any] | None = None
        number = 0
        while True:
            at_s = number / self._rate
            number += 1
            dice = self._rng.random()
            if last is not None and dice < IS_SENT_TWICE:
                yield Made(last, "duplicate")
            elif dice < IS_SENT_TWICE + IS_BAD:
                yield Made(self._bad(at_s, first), "rejected")
            else:
                last = self._next(at_s)
                first = first or last
                yield Made(last, "accepted")

    def _next(self, at_s: float) -> dict[str, Any]:
        is_due = bool(self._due) and self._due[0][0] <= at_s
        plan = heapq.heappop(self._due)[2] if is_due else self._person()
        item = self._item(at_s, plan)
        self._plan_after(at_s, plan, item)
        return item

    def _person(self) -> dict[str, Any]:
        rng = self._rng
        self._people += 1
        return {
            "kind": "registered" if rng.random() < REGISTERS_FIRST else "started",
            "unit": rng.choices(self._leaves, self._weights)[0],
            "person": None if rng.random() < HAS_NO_NAME else f"{self._prefix}-{rng.getrandbits(64):016x}",
            "channel": _pick(rng, CHANNELS),
            "group": _pick(rng, GROUPS),
        }

    def _plan_after(self, at_s: float, plan: dict[str, Any], item: dict[str, Any]) -> None:
        rng = self._rng
        quiz_s = rng.triangular(QUIZ_S[0], QUIZ_S[1], QUIZ_S[0] * 2) / QUICKER
        back_s = rng.uniform(*BACK_AFTER_S) / QUICKER
        after = rng.random()
        match plan["kind"]:
            case "registered":
                self._plan(at_s + back_s, plan | {"kind": "started"})
            case "started" if after >= GIVES_UP:
                self._plan(at_s + quiz_s, plan | {"kind": "completed", "duration_s": round(quiz_s * QUICKER)})
            case "completed" if after < COMES_BACK:
                self._plan(at_s + back_s, {k: v for k, v in plan.items() if k != "duration_s"} | {"kind": "started"})
            case "completed" if after < COMES_BACK + IS_TAKEN_BACK:
                self._plan(at_s + back_s, {"kind": "voided", "voids": item["id"]})

    def _plan(self, at_s: float, plan: dict[str, Any]) -> None:
        self._count += 1
        heapq.heappush(self._due, (at_s, self._count, plan))

    def _item(self, at_s: float, plan: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        at = (self._start + timedelta(seconds=at_s)).isoformat(timespec="milliseconds")
        item = {"id": f"{self._prefix}-{self._count}", "at": at} | {k: v for k, v in plan.items() if v is not None}
        if plan["kind"] == "completed":
            item["score"] = min(20, max(0, round(self._rng.gauss(15, 3))))
        return item

    def _bad(self, at_s: float, first: dict[str, Any] | None) -> dict[str, Any]:
        """What a careless sender sends: never to be stored.

        An id with other content is that of the very first item, for that one is surely stored by then: batches may
        overtake each other, and who comes first would decide which of the two is kept.
        """
        item = self._item(at_s, self._person())
        faults: list[dict[str, Any]] = [
            {"unit": "00000"},
            {"at": "2022-09-08T09:31:02"},
            {"kind": "finished"},
            {"unit": int("688")},
        ]
        if first is not None:
            faults.append({**first, "score": -1})
        return item | self._rng.choice(faults)


def _pick(rng: random.Random, shares: Sequence[tuple[str | None, float]]) -> str | None:
    return rng.choices([code for code, _ in shares], [share for _, share in shares])[0]
