"""The page of the button on stage: one button that launches, and knows nothing else of the evening."""

from typing import Any

from dashboard.edition import Edition
from dashboard.page import PageData, common, data_block
from dashboard.pages import stage
from streaming.program.button import ButtonState
from streaming.topics.frames import Frame


class ButtonData(PageData, frozen=True, kw_only=True):
    """What the script of the button's page reads: the ``output`` that it launches, and the key ``me`` that does it."""

    output: str
    me: str


def page(told: Frame, edition: Edition, *, output: str, me: str, now_ms: int) -> dict[str, Any]:
    """The values of stage/button.html for a snapshot of `button`; a page that stands there launched or armed is painted
    so before its script runs, though only the script can press."""
    state, texts = ButtonState.of(told), stage.texts(edition.lang)
    is_armed = state.armed_until is not None and now_ms < state.armed_until
    look = "launched" if state.launched_at is not None else "armed" if is_armed else "dead"
    return common(edition.folder, edition.words, made=edition.made, rehearsal=told.rehearsal, is_screen=False) | {
        "p": texts,
        "look": look,
        "heading": texts[f"button_{look}"],
        "help": texts[f"button_{look}_help"],
        "first_told": data_block(told),
        "contest_data": data_block(
            ButtonData(
                lang=edition.lang,
                timezone=edition.contest.timezone,
                texts=stage.own(edition.lang),
                output=output,
                me=me,
            )
        ),
    }
