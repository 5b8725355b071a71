"""Keys of devices, each of which steers one output."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("screen_keys", sa.Column("output", sa.String))
