"""Overlays of the dashboard."""
