"""Scenes: what a screen shows, each an arrangement of parts with settings.

Pages carry no inline script and no inline style: ``script-src 'self'; style-src 'self'`` suffices for all of them
but the trend, whose chart library sets styles by script (allowed by ``style-src 'self'``) and adds one style element.
"""
