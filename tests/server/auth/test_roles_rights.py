"""Who may what, by the table of rights alone."""

import pytest

from server.auth.roles import RIGHTS, Right, Role


@pytest.mark.parametrize("right", Right)
def test_an_administrator_may_do_everything(right: Right) -> None:
    assert right in RIGHTS[Role.ADMINISTRATOR]


def test_everybody_who_is_signed_in_has_an_account_of_his_own() -> None:
    assert all(Right.SELF in RIGHTS[role] for role in Role)


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(Role)
