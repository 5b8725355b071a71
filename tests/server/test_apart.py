"""Work in a process of its own: what comes of it, and that it ends."""

import json

import pytest

from server.apart import Apart, CameToNothing

READER, PROBE = "dashboard.pictures.reading", "tests.worlds.probe"


async def test_a_module_reads_a_file_and_says_what_it_is() -> None:
    assert b'"other_kind"' in await Apart().run(READER, b"GIF89a", "a.gif", within_s=60, answer_bytes_max=1_000)


async def test_a_module_knows_nothing_of_what_the_server_was_started_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMCAU_METRICS_TOKEN", "secret")
    # It leaves its input aside, of which more comes than a pipe holds.
    said = await Apart().run(PROBE, bytes(1_000_000), "environment", within_s=60, answer_bytes_max=10_000)
    assert json.loads(said).keys() <= {"LC_ALL", "LD_LIBRARY_PATH"}


@pytest.mark.parametrize(
    ("module", "what", "within_s", "said"),
    [
        (READER, "a.png", 0.001, "no answer within 0.001 s"),
        (PROBE, "deaf", 1, "no answer within 1 s"),
        (PROBE, "child", 1, "no answer within 1 s"),
        (PROBE, "flood", 60, "it said more than 1000 bytes"),
        ("dashboard.pictures.nothing", "", 60, "it ended with 1"),
    ],
)
async def test_one_that_does_not_answer_has_come_to_nothing(module: str, what: str, within_s: float, said: str) -> None:
    with pytest.raises(CameToNothing, match=said):
        await Apart().run(module, b"", what, within_s=within_s, answer_bytes_max=1_000)
