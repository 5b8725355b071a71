"""Sources and their secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("scope", sa.String),
        sa.Column("heartbeat_s", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "secrets",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("revoked_ms", sa.Integer),
    )
