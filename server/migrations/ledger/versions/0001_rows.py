"""Rows, and what the file says of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "rows",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("received_ms", sa.Integer, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("id", sa.String),
        sa.Column("digest", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("by", "id"),
    )
    op.create_table(
        "meta", sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False)
    )
