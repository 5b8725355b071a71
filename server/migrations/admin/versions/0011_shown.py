"""What outputs showed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "shown",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("output", sa.String, nullable=False, index=True),
        sa.Column("body", sa.String, nullable=False),
    )
