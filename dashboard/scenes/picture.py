"""A picture that somebody has uploaded, over the whole screen."""

from typing import Literal

from dashboard.parts.part import Cut
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings

CAPTION_CHARS_MAX = 120


class PictureSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``picture`` is the digest of one that was uploaded, the newest where it is ""; ``fit`` shows all of it, or fills
    the screen with it and cuts off what does not fit."""

    picture: str = ""
    fit: Literal["contain", "cover"] = "contain"
    caption: str = ""

    def __post_init__(self) -> None:
        if len(self.caption) > CAPTION_CHARS_MAX or not self.caption.isprintable():
            message = f"caption: expected one line of at most {CAPTION_CHARS_MAX} characters"
            raise ValueError(message)


def _chosen(settings: PictureSettings, cut: Cut) -> PictureSettings:
    newest = next((each.digest for each in cut.edition.gallery.all), "")
    return PictureSettings(settings.picture or newest, settings.fit, settings.caption.strip())


PICTURE = Scene("picture", PictureSettings, CALM_BEAT_MS, _chosen, needs=("picture",), head="none")
