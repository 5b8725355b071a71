"""What the OpenAPI document says of files: rundowns as workbooks, scripts, logs of what was shown, pictures."""

from dashboard.words.words import LANGS
from server.routes.api.operation import JSON, Operation, Parameter
from server.routes.api.pictures import NameAsked, PictureShown, PicturesShown
from server.routes.api.rundown_files import DOCX, XLSX, RundownRead
from server.routes.api.strap_files import StrapsFileRead
from server.routes.api.straps import ApprovalAsked, StrapAsked, StrapsShown
from server.web.problems import StaleTakeBody

TEXT = {"type": "string"}
LANG = Parameter("lang", "query", "The language of what is written", {"type": "string", "enum": list(LANGS)})
STRAP = Parameter("strap", "path", "The id of the strap", TEXT, is_required=True)
DIGEST = Parameter("digest", "path", "The digest of the picture", TEXT, is_required=True)


def of_files(output: Parameter, asks_as: Parameter) -> tuple[Operation, ...]:
    """The operations; the parameters are those that others have too."""
    return (
        Operation(
            "/api/v1/outputs/{output}/rundown.xlsx",
            "The rundown of an output as a workbook",
            str,
            (400, 401, 403, 404, 503),
            (output, LANG, asks_as),
            media_type=XLSX,
            security=("session", "device"),
        ),
        Operation(
            "/api/v1/outputs/{output}/rundown.xlsx",
            "What a workbook, the body, would change in the rundown; with seen, change it",
            RundownRead,
            (400, 401, 403, 404, 408, 409, 413, 422, 503),
            (
                output,
                Parameter("seen", "query", "The version of the output for which it was told", {"type": "integer"}),
                LANG,
                asks_as,
            ),
            ((XLSX, str),),
            larger=((409, StaleTakeBody),),
            security=("session", "device"),
        ),
        Operation(
            "/api/v1/outputs/{output}/shown.csv",
            "What an output showed",
            str,
            (400, 401, 403, 404, 422, 429, 503),
            (
                output,
                Parameter("run", "query", "When the run began, ms since the epoch", {"type": "integer"}),
                LANG,
                asks_as,
            ),
            media_type="text/csv; charset=utf-8",
            security=("session", "device"),
        ),
        Operation(
            "/api/v1/outputs/{output}/script.docx",
            "What the host says, as a document",
            str,
            (400, 401, 403, 404, 503),
            (output, LANG, asks_as),
            media_type=DOCX,
            security=("session", "device"),
        ),
        Operation(
            "/api/v1/pictures",
            "Every picture that a scene may show, the newest first; for those who may see the control room",
            PicturesShown,
            (400, 401, 403, 503),
            (asks_as,),
            security=("session",),
        ),
        Operation(
            "/api/v1/pictures",
            "Take in a picture, the file itself as the body; for administrators and operators",
            PictureShown,
            (400, 401, 403, 408, 409, 413, 422, 503),
            (
                Parameter("name", "query", "What it is called, as a rule the file's name", TEXT, is_required=True),
                asks_as,
            ),
            tuple((kind, str) for kind in ("image/png", "image/jpeg", "image/webp", "image/svg+xml")),
            security=("session",),
        ),
        Operation(
            "/api/v1/pictures/{digest}",
            "Call a picture by another name; for administrators and operators",
            PictureShown,
            (400, 401, 403, 404, 408, 413, 415, 422, 503),
            (DIGEST, asks_as),
            ((JSON, NameAsked),),
            security=("session",),
        ),
        Operation(
            "/api/v1/pictures/{digest}",
            "Take away a picture that no output shows or is to show; for administrators and operators",
            None,
            (400, 401, 403, 404, 409, 503),
            (DIGEST, asks_as),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps",
            "The prepared straps of people, in protocol order; for the room and directors",
            StrapsShown,
            (400, 401, 403, 503),
            (asks_as,),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps",
            "Add a person; for administrators and operators",
            StrapsShown,
            (400, 401, 403, 408, 409, 413, 415, 422, 503),
            (asks_as,),
            ((JSON, StrapAsked),),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps/{strap}",
            "Edit a strap; for administrators and operators",
            StrapsShown,
            (400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
            (STRAP, asks_as),
            ((JSON, StrapAsked),),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps/{strap}/approve",
            "Approve a strap as it was seen, or take that back; for administrators and operators",
            StrapsShown,
            (400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
            (STRAP, asks_as),
            ((JSON, ApprovalAsked),),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps/{strap}",
            "Take a strap away; for administrators and operators",
            None,
            (400, 401, 403, 404, 409, 503),
            (
                STRAP,
                Parameter(
                    "seen", "query", "The version of it that was looked at", {"type": "integer"}, is_required=True
                ),
                asks_as,
            ),
            security=("session",),
        ),
        Operation(
            "/api/v1/straps.xlsx",
            "The straps as a workbook, to be filled in",
            str,
            (400, 401, 403, 503),
            (LANG, asks_as),
            media_type=XLSX,
            security=("session",),
        ),
        Operation(
            "/api/v1/straps.xlsx",
            "What a workbook, the body, would change in the list of straps; with seen, change it",
            StrapsFileRead,
            (400, 401, 403, 408, 409, 413, 422, 503),
            (
                Parameter("seen", "query", "The version of the list for which it was told", {"type": "integer"}),
                LANG,
                asks_as,
            ),
            ((XLSX, str),),
            security=("session",),
        ),
    )
