"""The chained hash of the rows, on the last row of each commit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("rows", sa.Column("chain", sa.LargeBinary))
