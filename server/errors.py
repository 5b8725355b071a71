"""What goes wrong in the server beside requests."""

from streaming.errors import DiemCauError


class SettingsError(DiemCauError):
    """A setting that cannot be used as it stands; the start stops with EXIT_SETTINGS."""


class AdminUnavailable(DiemCauError):  # noqa: N818 - a state of the file, which passes or is mended
    """admin.db cannot be read or written now: nothing was changed."""
