"""The pictures that operators have uploaded."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("ext", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
