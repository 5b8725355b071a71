"""What a contest calls its rounds."""

from collections.abc import Sequence

import pytest

from dashboard.words.rounds import RoundNoun, own_texts, round_noun
from streaming.contests.contest import Contest, Round, load_contest, shipped_contest

SHIPPED = load_contest(shipped_contest()).contest


def contest(names: Sequence[str], names_en: Sequence[str]) -> Contest:
    rounds = tuple(
        Round(n, name, n, n + 1, name_en) for n, (name, name_en) in enumerate(zip(names, names_en, strict=True), 1)
    )
    return Contest(id="x", title="x", rounds=rounds, units=SHIPPED.units)


@pytest.mark.parametrize(
    ("names", "vi"),
    [
        (["Tuần 1", "Tuần 2"], ("tuần", "Tuần thi")),
        (["Ngày 39"], ("ngày", "Ngày thi")),
        (["Đợt thi 1", "Đợt thi 2"], ("đợt thi", "Đợt thi")),
        (["Vòng sơ khảo", "Vòng chung kết"], ("vòng", "Vòng thi")),
        (["Sơ khảo", "Chung kết"], ("đợt thi", "Đợt thi")),
        (["Sơ khảo"], ("đợt thi", "Đợt thi")),
    ],
)
def test_it_is_the_word_of_their_names(names: list[str], vi: tuple[str, str]) -> None:
    assert round_noun(contest(names, [""] * len(names)), "vi") == RoundNoun(vi[0], vi[0], vi[1])


@pytest.mark.parametrize(
    ("names", "en"),
    [
        (["Week 1", "Week 2"], ("week", "weeks")),
        (["First stage", "Second stage"], ("stage", "stages")),
        (["Day 1"], ("day", "days")),
        (["Heats", "Final"], ("round", "rounds")),
        (["", ""], ("round", "rounds")),
    ],
)
def test_in_english_too(names: list[str], en: tuple[str, str]) -> None:
    noun = round_noun(contest([f"Tuần {n}" for n, _ in enumerate(names)], names), "en")
    assert (noun.one, noun.many) == en


def test_texts_take_it_and_keep_their_other_gaps() -> None:
    texts = {"a": "{n} giữa hai {rounds}", "b": "{round_head}", "c": "{rounding}", "d": "trong một {a_round}, {round}"}
    told = {"a": "{n} giữa hai tuần", "b": "Tuần thi", "c": "{rounding}", "d": "trong một tuần, {round}"}
    assert own_texts(texts, SHIPPED, "vi") == told
