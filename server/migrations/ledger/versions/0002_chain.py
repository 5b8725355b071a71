"""The chained hash of the rows, a link for each commit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "chain", sa.Column("seq", sa.Integer, primary_key=True), sa.Column("hash", sa.LargeBinary, nullable=False)
    )
