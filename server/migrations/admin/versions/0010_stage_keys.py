"""Keys of tablets on stage: what each is for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("screen_keys", sa.Column("stage", sa.String))
