"""The table of parts. A new one is its file here, its template, its script, and its line here and in parts.js."""

from typing import Any

from dashboard.parts.below import BELOW
from dashboard.parts.countdown import COUNTDOWN
from dashboard.parts.facts import FACTS
from dashboard.parts.gaps import GAPS
from dashboard.parts.gauge import GAUGE
from dashboard.parts.ladder import LADDER
from dashboard.parts.legend import LEGEND
from dashboard.parts.light import LIGHT
from dashboard.parts.map import MAP
from dashboard.parts.milestone import MILESTONE
from dashboard.parts.number import NUMBER
from dashboard.parts.part import Part
from dashboard.parts.place import PLACE
from dashboard.parts.recent import RECENT
from dashboard.parts.roll import ROLL
from dashboard.parts.rows import ROWS
from dashboard.parts.split import SPLIT
from dashboard.parts.table import TABLE
from dashboard.parts.text import TEXT
from dashboard.parts.trend import TREND

PARTS: tuple[Part[Any, Any], ...] = (
    NUMBER,
    TEXT,
    ROWS,
    TABLE,
    MAP,
    LEGEND,
    RECENT,
    TREND,
    MILESTONE,
    PLACE,
    FACTS,
    LADDER,
    BELOW,
    LIGHT,
    SPLIT,
    GAUGE,
    COUNTDOWN,
    GAPS,
    ROLL,
)
