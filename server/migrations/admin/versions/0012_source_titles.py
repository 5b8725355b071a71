"""What people call a source, beside its name."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("sources", sa.Column("title", sa.String))
