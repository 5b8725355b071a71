"""Files as a form is given them."""

from playwright.sync_api import FilePayload


def file(name: str, body: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=body)
