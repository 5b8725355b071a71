"""The launch (Nghi thức phát động): the map asleep until the cue, then light over it and the words.

Its cue is given by one key, at once or ten seconds ahead; then it counts them down by the server's clock.
"""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

LAUNCH = Scene("launch", Settings, QUICK_BEAT_MS, head="kept")
