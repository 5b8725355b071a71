"""The one table of what errors become on the wire: status, Retry-After and body, to the byte."""

from http import HTTPStatus

import pytest
from starlette.exceptions import HTTPException

from server.errors import (
    AdminUnavailable,
    CatchingUp,
    NoData,
    NoRight,
    NotSignedIn,
    PicturesFull,
    PictureUsed,
    SignInBusy,
    Stale,
    Starting,
    StillWriting,
    StrapsFull,
    UnknownOverlay,
    UnknownUnit,
    WrongPicture,
    WrongStrap,
    WrongTake,
)
from server.web.problems import PROBLEM, Problem, problem_of, problem_response, wrong_value
from streaming.decisions.decision import Decided
from streaming.errors import ClockWrong, Declined, FoldError, LedgerBusy, LedgerUnavailable, NotHeld, Undecidable
from streaming.intake.bodies import NotReadHere, TooManyItems, Unreadable
from streaming.ledger.rows import SYSTEM
from streaming.points.errors import TooManyLines, WrongPoint
from streaming.program.errors import (
    KeyUsedAgain,
    Locked,
    Moved,
    NotNow,
    OtherOutput,
    PressedTwice,
    UnknownOutput,
    WrongSteering,
)
from streaming.program.state import Done, Lock, SceneOnAir

DONE = Done(1, SYSTEM, 7_000, "take", SceneOnAir("live", {"lead": "started"}, 7_000, 7_000))
HELD = Lock("account:2", 1_000)
DONE_TOLD = (
    '{"version":1,"by":"system","at":7000,"did":"take",'
    '"scene":{"name":"live","settings":{"lead":"started"},"take":7000,"since":7000,"step":0,"countdown":null},"reason":""}'
)
LAST = Decided(7, "hold", "A", "account:2", 1_000)
LAST_TOLD = '{"seq":7,"kind":"hold","unit":"A","by":"account:2","at":1000,"final":false,"source":null}'
RELEASE = Decided(8, "release", None, "a", 2_000)
RELEASE_TOLD = '{"seq":8,"kind":"release","unit":null,"by":"a","at":2000,"final":false,"source":null}'

WRITING_TOLD = "a decided, and that is still being written: release of everything"
CLOCK_TOLD = "the server's clock is 60 s behind what sources tell: nothing was stored, send the same again"


@pytest.mark.parametrize(
    ("error", "status", "retry_after", "rest"),
    [
        (Starting(), 503, "1", '"detail":"the server is starting or stopping","code":"starting"'),
        (CatchingUp(), 503, "5", '"detail":"the ledger is being replayed","code":"catching_up"'),
        (CatchingUp("rows wait to be counted"), 503, "5", '"detail":"rows wait to be counted","code":"catching_up"'),
        (SignInBusy(), 429, "5", '"detail":"too many sign in at once","code":"busy"'),
        (
            UnknownOutput("tv9"),
            404,
            None,
            '"detail":"output: there is no such output","code":"unknown_output","field":"output","value":"tv9"',
        ),
        (
            WrongTake("scene", "x", "live"),
            422,
            None,
            (
                '"detail":"scene: found “x”, expected live"'
                ',"code":"wrong_value","field":"scene","value":"x","expected":"live"'
            ),
        ),
        (
            NoData("trend", "series"),
            409,
            None,
            (
                '"detail":"scene: trend has nothing to show yet (series)"'
                ',"code":"no_data","field":"scene","value":"series"'
            ),
        ),
        (
            Moved(DONE),
            409,
            None,
            f'"detail":"seen: system has put live on air, which is version 1","code":"stale","last":{DONE_TOLD}',
        ),
        (
            PressedTwice(DONE),
            409,
            None,
            (
                f'"detail":"pressed twice: system has put live on air, which is version 1"'
                f',"code":"too_soon","last":{DONE_TOLD}'
            ),
        ),
        (
            Locked(HELD),
            409,
            None,
            '"detail":"output: account:2 holds it","code":"locked","field":"output","value":"account:2"',
        ),
        (OtherOutput("tv1"), 403, None, '"detail":"output: this is for tv1 alone","code":"no_right"'),
        (NotNow("no_step", "there is no step"), 409, None, '"detail":"there is no step","code":"no_step"'),
        (
            WrongSteering("delay_ms", 5, "less"),
            422,
            None,
            (
                '"detail":"delay_ms: expected less","code":"wrong_value"'
                ',"field":"delay_ms","value":"5","expected":"less"'
            ),
        ),
        (
            KeyUsedAgain(),
            422,
            None,
            '"detail":"Idempotency-Key: it has named another action before","code":"key_used_again"',
        ),
        (NotSignedIn(), 401, None, '"detail":"sign in first, at /sign-in","code":"not_signed_in"'),
        (NoRight("this topic is not public"), 403, None, '"detail":"this topic is not public","code":"no_right"'),
        (
            UnknownUnit("release", "Z" * 100),
            404,
            None,
            f'"detail":"release: there is no such unit","code":"unknown_unit","field":"release","value":"{"Z" * 80}"',
        ),
        (NotHeld("A"), 409, None, '"detail":"unit: it is not held","code":"not_held","field":"unit","value":"A"'),
        (NotHeld(None), 409, None, '"detail":"unit: it is not held","code":"not_held","field":"unit"'),
        (Stale(LAST), 409, None, f'"detail":"account:2 decided since: hold of A","code":"stale","last":{LAST_TOLD}'),
        (
            StillWriting(RELEASE),
            409,
            None,
            f'"detail":"{WRITING_TOLD}","code":"still_writing","last":{RELEASE_TOLD}',
        ),
        (Undecidable("there is no round 7"), 422, None, '"detail":"there is no round 7","code":"wrong_value"'),
        (
            Undecidable("delta: found 0", "delta"),
            422,
            None,
            '"detail":"delta: found 0","code":"wrong_value","field":"delta"',
        ),
        (LedgerBusy("50 wait"), 429, "1", '"detail":"50 wait","code":"busy"'),
        (LedgerUnavailable("the disk is full"), 503, "5", '"detail":"the disk is full","code":"ledger_unavailable"'),
        (AdminUnavailable("/srv"), 503, "2", '"detail":"admin.db cannot be written now","code":"admin_busy"'),
        (ClockWrong(60_000), 503, "30", f'"detail":"{CLOCK_TOLD}","code":"clock"'),
        (Unreadable("no JSON"), 400, None, '"detail":"no JSON","code":"unreadable"'),
        (NotReadHere("utf-16", "charset"), 415, None, '"detail":"utf-16","code":"charset"'),
        (
            TooManyItems(9),
            413,
            None,
            '"detail":"the batch has more than 9 items, expected several smaller ones","code":"too_many_items"',
        ),
        (HTTPException(405), 405, None, '"detail":"Method Not Allowed","code":"method_not_allowed"'),
        (
            FoldError("row 3: what nobody knows"),
            500,
            None,
            '"detail":"The server failed to answer; its log says why.","code":"internal_error"',
        ),
        (
            wrong_value("by", "x", "rate"),
            400,
            None,
            '"detail":"by: found “x”, expected rate","code":"wrong_value","field":"by","value":"x","expected":"rate"',
        ),
    ],
)
def test_an_error_becomes_these_bytes(error: Exception, status: int, retry_after: str | None, rest: str) -> None:
    answer = problem_response(problem_of(error))
    title = HTTPStatus(status).phrase
    expected = f'{{"type":"about:blank","title":"{title}","status":{status},{rest}}}'
    assert (answer.status_code, bytes(answer.body).decode()) == (status, expected)
    assert dict(answer.headers) == {
        "cache-control": "no-store",
        **({} if retry_after is None else {"retry-after": retry_after}),
        "content-length": str(len(answer.body)),
        "content-type": PROBLEM,
    }


def test_a_problem_stands_for_itself() -> None:
    problem = Problem(403, "forbidden", "not here")
    assert problem_of(problem) is problem


def test_everything_that_is_declined_has_its_row_in_the_table() -> None:
    def below(kind: type[Declined]) -> list[type[Declined]]:
        return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]

    given = {
        NoRight: ("no",),
        UnknownUnit: ("release", "Z"),
        NotHeld: ("A",),
        Stale: (LAST,),
        StillWriting: (LAST,),
        Undecidable: ("no",),
        UnknownOutput: ("tv9",),
        UnknownOverlay: ("clock",),
        WrongTake: ("scene", "x", "live"),
        NoData: ("trend", "series"),
        StrapsFull: (500,),
        WrongStrap: ("strap_name", "name", "", "a name"),
        PictureUsed: ("tv1",),
        PicturesFull: ("fewer pictures",),
        WrongPicture: ("not_a_picture", "a picture", ""),
        Moved: (DONE,),
        PressedTwice: (DONE,),
        Locked: (HELD,),
        OtherOutput: ("tv1",),
        NotNow: ("no_step", "no"),
        WrongSteering: ("delay_ms", 5, "less"),
        WrongPoint: ("present", -5, "0 to 9999"),
        TooManyLines: (6, 60, 9.5),
    }
    for kind in below(Declined):
        assert problem_of(kind(*given.get(kind, ()))).status != 500
