"""The prepared straps of people."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "straps",
        sa.Column("contest", sa.String, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
    )
