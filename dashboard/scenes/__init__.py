"""Scenes: a frame and a contest in, ready-made words for a template out. Pure; numbers come from the frame alone.

Pages carry no inline script and no inline style: ``script-src 'self'; style-src 'self'`` suffices for all of them
but the trend, whose chart library sets styles by script (allowed by ``style-src 'self'``) and adds one style element.
"""
