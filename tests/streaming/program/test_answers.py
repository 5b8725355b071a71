"""A device that has not heard may ask again, and nothing is done twice."""

import pytest

from streaming.program.answers import ANSWER_KEPT_MS, ANSWERS_KEPT_MAX, ANSWERS_OF_ONE_MAX, Answers
from streaming.program.errors import KeyUsedAgain

TAKE = b"tv1/take {}"


def test_the_same_question_has_the_answer_that_it_had_for_ten_minutes() -> None:
    answers = Answers()
    assert answers.find("key:a", "k1", TAKE, 0) is None
    answers.keep("key:a", "k1", TAKE, 12, 0)
    assert answers.find("key:a", "k1", TAKE, ANSWER_KEPT_MS) == 12
    assert answers.find("key:a", "k1", TAKE, ANSWER_KEPT_MS + 1) is None


def test_a_key_is_its_devices_own_and_names_one_question() -> None:
    answers = Answers()
    answers.keep("key:a", "k1", TAKE, 12, 0)
    assert answers.find("key:b", "k1", TAKE, 0) is None
    with pytest.raises(KeyUsedAgain, match="Idempotency-Key"):
        answers.find("key:a", "k1", b"tv1/panic {}", 0)


def test_no_more_are_kept_than_there_is_room_for_and_the_oldest_go() -> None:
    answers = Answers()
    devices = ANSWERS_KEPT_MAX // ANSWERS_OF_ONE_MAX
    for device in range(devices + 1):
        for number in range(ANSWERS_OF_ONE_MAX):
            answers.keep(f"key:{device}", str(number), TAKE, number, 0)
    assert answers.find("key:0", str(ANSWERS_OF_ONE_MAX - 1), TAKE, 0) is None
    assert answers.find("key:1", "0", TAKE, 0) == 0


def test_a_device_that_asks_for_ever_has_none_forgotten_but_its_own() -> None:
    answers = Answers()
    answers.keep("key:a", "k1", TAKE, 12, 0)
    for number in range(ANSWERS_KEPT_MAX):
        answers.keep("key:b", str(number), TAKE, number, 0)
    assert answers.find("key:a", "k1", TAKE, 0) == 12
    assert answers.find("key:b", str(ANSWERS_KEPT_MAX - ANSWERS_OF_ONE_MAX - 1), TAKE, 0) is None
    assert answers.find("key:b", str(ANSWERS_KEPT_MAX - ANSWERS_OF_ONE_MAX), TAKE, 0) is not None
