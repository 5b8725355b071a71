"""What the OpenAPI document says of feeds."""

from typing import get_args

from dashboard.exports.feed_files import FORMS
from dashboard.exports.feeds import ROWS_MAX, Record
from dashboard.words.words import LANGS
from server.routes.api import feeds
from server.routes.api.operation import JSON, Operation, Parameter
from server.routes.language import LANG
from server.routes.live import OUT
from streaming.contests.contest import RankBy

TEXT = {"type": "string"}
FORM = Parameter("form", "path", "How it is written", TEXT | {"enum": list(FORMS)}, is_required=True)
PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        Parameter(OUT, "query", "The output as which numbers are asked for, instead of those of a store", TEXT),
        Parameter(feeds.REHEARSAL, "query", "1: of the rehearsal store", TEXT | {"enum": ["0", "1"]}),
        Parameter(feeds.ROUND, "query", 'A round\'s number, or "all"', TEXT),
        Parameter(LANG, "query", "The language of what is written", TEXT | {"enum": list(LANGS)}),
        Parameter(feeds.PARENT, "query", "A unit's code; left out, the root", TEXT),
        Parameter(feeds.BY, "query", "The column that ranks", TEXT | {"enum": list(get_args(RankBy))}),
        Parameter(
            feeds.ROWS,
            "query",
            "How many rows there are, empty ones included; left out, one for each place",
            {"type": "integer", "minimum": 1, "maximum": ROWS_MAX},
        ),
        Parameter(feeds.UNIT, "query", "A unit's code", TEXT, is_required=True),
    )
}
SUMMARIES: dict[feeds.Name, str] = {
    "total": "The whole contest as a flat record, for graphics that take no web page",
    "standings": "The units right below one from the first place down, as flat records",
    "unit": "A unit as a flat record",
}


def of_feeds() -> tuple[Operation, ...]:
    """The operations."""
    return tuple(
        Operation(
            f"/api/v1/feeds/{name}.{{form}}",
            summary,
            list[Record],
            (400, 404, 503),
            (FORM, *(PARAMETERS[each] for each in feeds.PARAMETERS[name])),
            media_as_text=tuple(each.media_type for each in FORMS.values() if each.media_type != JSON),
            also=((304, "The client has what a tag of If-None-Match names, or *"),),
        )
        for name, summary in SUMMARIES.items()
    )
