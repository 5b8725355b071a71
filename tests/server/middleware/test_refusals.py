"""What is refused is counted, and told at most once a second however often it comes."""

from structlog.testing import capture_logs

from server.middleware.refusals import PATH_CHARS_MAX, Refusals
from tests.worlds.serving import until


async def test_a_storm_writes_a_line_at_once_and_then_one_for_all_that_came_meanwhile() -> None:
    refusals = Refusals(every_s=0.01)
    with capture_logs() as lines:
        for number in range(1_000):
            refusals.note("foreign_origin", f"/live/{number}")
        refusals.note("key_not_in_force", "/live/board")
        assert len(lines) == 1
        await until(lambda: len(lines) == 2)
    first, rest = lines
    assert (first["first_path"], first["foreign_origin"]) == ("/live/0", 1)
    assert (rest["first_path"], rest["foreign_origin"], rest["key_not_in_force"]) == ("/live/1", 999, 1)
    assert {line["log_level"] for line in lines} == {"warning"}


async def test_after_a_quiet_while_the_first_is_told_at_once_again() -> None:
    refusals = Refusals(every_s=0.0)
    with capture_logs() as lines:
        refusals.note("foreign_origin", "/a")
        await until(lambda: not refusals._is_waiting)
        refusals.note("foreign_origin", "/b")
    assert [line["first_path"] for line in lines] == ["/a", "/b"]


async def test_a_path_is_cut_and_a_one_time_link_hidden() -> None:
    refusals = Refusals(every_s=0.0)
    with capture_logs() as lines:
        refusals.note("tells_no_site", "/" + "x" * 5_000)
        await until(lambda: not refusals._is_waiting)
        refusals.note("tells_no_site", "/welcome/secret")
    assert [line["first_path"] for line in lines] == ["/" + "x" * (PATH_CHARS_MAX - 1), "/welcome/…"]
