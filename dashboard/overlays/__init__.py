"""Overlays: graphics over somebody else's picture, each an arrangement of parts with settings, as a scene is."""
