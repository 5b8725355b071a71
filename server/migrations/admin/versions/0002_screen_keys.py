"""Screen keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "screen_keys",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("revoked_ms", sa.Integer),
    )
