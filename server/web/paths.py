"""Paths below which programs ask, and the one that is never logged whole."""

PROGRAM_PATHS = ("/api/", "/live/", "/healthz", "/readyz", "/metrics", "/static/", "/theme/", "/logos/", "/pictures/")
"""Requests below these come from programs, all others from people with a browser."""
SECRET_PATH = "/welcome/"  # noqa: S105 - an address, no password
"""What follows is the token of a one-time link, which must not be logged."""


def path_logged(path: str) -> str:
    """A path as it is logged."""
    return f"{SECRET_PATH}…" if path.startswith(SECRET_PATH) else path
