"""What a contest calls its rounds: "tuần", "ngày", "đợt", taken from the names that it gave them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.words.english import plural
from streaming.contests.contest import Contest, Round

DEFAULTS = {"vi": "đợt thi", "en": "round"}
"""What a round is called where the names have no word in common."""

_GAP = re.compile(r"\{(?:a_round|rounds|round_head)\}")


@dataclass(frozen=True)
class RoundNoun:
    """The noun as the texts of a language use it: in a sentence, and as a heading ("Tuần thi")."""

    one: str
    many: str
    head: str


def round_noun(contest: Contest, lang: str) -> RoundNoun:
    """What the contest calls its rounds in a language."""
    one = _shared([_name(round_, lang) for round_ in contest.rounds]) or DEFAULTS[lang]
    if lang == "en":
        one = one if one.isascii() else DEFAULTS[lang]  # The rounds have no English names.
        return RoundNoun(one, plural(one), _capital(one))
    return RoundNoun(one, one, _capital(one if one.endswith(" thi") else f"{one} thi"))


def own_texts(texts: Mapping[str, str], contest: Contest, lang: str) -> Mapping[str, str]:
    """Texts of a language with the gaps {a_round}, {rounds} and {round_head} filled in by the contest's own word.

    {round} is none of them: that is the name of one of the rounds, which a page fills in.
    """
    noun = round_noun(contest, lang)
    values = {"{a_round}": noun.one, "{rounds}": noun.many, "{round_head}": noun.head}
    # Few have a gap at all, and every page asks for all of them.
    return {key: _GAP.sub(lambda gap: values[gap[0]], text) if "{" in text else text for key, text in texts.items()}


def _name(round_: Round, lang: str) -> str:
    return (round_.name_en or round_.name) if lang == "en" else round_.name


def _shared(names: Sequence[str]) -> str:
    """The words that all names begin with, or else end with, figures left out: Tuần 1, Tuần 2 → tuần."""
    words = [name.lower().split() for name in names]
    first = _beginning(words)
    last = _beginning([each[::-1] for each in words])
    return " ".join(first or last[::-1])


def _beginning(names: Sequence[Sequence[str]]) -> list[str]:
    shared: list[str] = []
    for column in zip(*names, strict=False):
        if len(set(column)) > 1 or any(char.isdigit() for char in column[0]):
            break
        shared.append(column[0])
    # A name of nothing else is the round's own: what it is called is no word for all of them.
    return [] if len(names) == 1 and len(shared) == len(names[0]) else shared


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
