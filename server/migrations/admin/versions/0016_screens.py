"""Names of screens, and the addresses that they are to show."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "screens",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("show", sa.String, nullable=False),
        sa.Column("seen_ms", sa.Integer, nullable=False),
    )
