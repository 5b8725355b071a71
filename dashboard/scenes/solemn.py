"""Chào cờ and phút mặc niệm: nothing moves, nothing is announced and nothing goes on by itself until somebody acts.

The picture of a flag is the station's, or one that was uploaded, or the contest's own by its theme; else words alone.
"""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings


class SolemnSettings(Settings, frozen=True, forbid_unknown_fields=True):
    """``picture`` is the digest of one that was uploaded; "" is the contest's own, else the word. One that has been
    removed since is as good as none."""

    picture: str = ""


ANTHEM = Scene("anthem", SolemnSettings, QUICK_BEAT_MS, head="none", solemn=True, family="rite")
SILENCE = Scene("silence", SolemnSettings, QUICK_BEAT_MS, head="none", solemn=True, family="rite")
