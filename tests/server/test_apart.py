"""Work in a process of its own: what comes of it, and that it ends."""

import pytest

from server.apart import Apart, CameToNothing

READER = "dashboard.pictures.reading"


async def test_a_module_reads_a_file_and_says_what_it_is() -> None:
    assert b'"other_kind"' in await Apart().run(READER, b"GIF89a", "a.gif", within_s=60)


@pytest.mark.parametrize(
    ("module", "within_s", "said"),
    [(READER, 0.001, "no answer within 0.001 s"), ("dashboard.pictures.nothing", 60, "it ended with 1")],
)
async def test_one_that_does_not_answer_has_come_to_nothing(module: str, within_s: float, said: str) -> None:
    with pytest.raises(CameToNothing, match=said):
        await Apart().run(module, b"", "a.png", within_s=within_s)
