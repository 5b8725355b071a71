"""The launch (Nghi thức phát động): the map asleep until the cue, then light over it and the words.

Its cue is given by one key, at once or ten seconds ahead; then it counts them down by the server's clock.
"""

from typing import Literal

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings


class LaunchSettings(Settings, frozen=True):
    """``opens`` says when the round opens that is about to: as planned, or with the press; one that waits for the
    button opens with it in any case. Only a launch on the hall's output opens any."""

    opens: Literal["plan", "press"] = "plan"


LAUNCH = Scene("launch", LaunchSettings, QUICK_BEAT_MS, head="kept", family="rite")
