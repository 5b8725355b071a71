"""What each output shows, of the live and of the rehearsal numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "programs",
        sa.Column("output", sa.String, primary_key=True),
        sa.Column("store", sa.String, primary_key=True),
        sa.Column("contest", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("take", sa.String, nullable=False),
    )
