"""What API routes share."""

import msgspec
import pytest
from starlette.datastructures import QueryParams

from server.web.answers import answer, refuse_unknown
from server.web.problems import Problem


class Counted(msgspec.Struct):
    completed: int


def test_an_answer_of_this_moment_is_kept_by_no_cache() -> None:
    made = answer(Counted(7), 503)
    assert (made.status_code, made.body) == (503, b'{"completed":7}')
    assert made.headers["content-type"] == "application/json"
    assert made.headers["cache-control"] == "no-store"


def test_the_first_parameter_that_does_not_exist_is_named_with_those_that_do() -> None:
    refuse_unknown(QueryParams("unit=027&store=live&unit=028"), ("store", "unit"))
    with pytest.raises(Problem, match=r"^parameter: found “units”, expected store, unit$") as caught:
        refuse_unknown(QueryParams("store=live&units=027&lang=vi"), ("store", "unit"))
    assert (caught.value.status, caught.value.code, caught.value.value) == (400, "wrong_value", "units")
