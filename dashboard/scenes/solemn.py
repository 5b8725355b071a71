"""Chào cờ and phút mặc niệm: nothing moves, nothing is announced and nothing goes on by itself until somebody acts.

The picture of a flag is the station's, or the contest's own by a template of its theme; here stand words alone.
"""

from dashboard.scenes.scene import QUICK_BEAT_MS, Scene, Settings

ANTHEM = Scene("anthem", Settings, QUICK_BEAT_MS, head="none", solemn=True, family="rite")
SILENCE = Scene("silence", Settings, QUICK_BEAT_MS, head="none", solemn=True, family="rite")
