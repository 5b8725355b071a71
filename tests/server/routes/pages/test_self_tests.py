"""The self-test: open to everybody, the same for all, and made once."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("path", "screen"), [("/test", '"/?lang=vi"'), ("/points/P1D1X1/test", '"/points/P1D1X1?lang=vi"')]
)
def test_it_leads_on_to_the_screen_that_it_was_for(client: TestClient, path: str, screen: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert f"href={screen}" in page.text
    assert '<html lang="en">' in client.get(path, params={"lang": "en"}).text


def test_there_is_none_of_what_is_no_point(client: TestClient) -> None:
    assert client.get("/points/%3Cimg%3E/test").status_code == 404
