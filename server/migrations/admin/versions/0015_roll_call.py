"""What is known of connection points: the roll call."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "roll_call",
        sa.Column("contest", sa.String, primary_key=True),
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
    )
