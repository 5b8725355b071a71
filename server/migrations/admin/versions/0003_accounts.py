"""Accounts, their sessions and one-time links, and the log of sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("password", sa.String),
        sa.Column("totp", sa.String),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("revoked_ms", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("accounts_in_force", "accounts", ["login"], unique=True, sqlite_where=sa.text("revoked_ms IS NULL"))
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("account", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("seen_ms", sa.Integer, nullable=False),
        sa.Column("expires_ms", sa.Integer, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("revoked_ms", sa.Integer),
    )
    op.create_table(
        "links",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("account", sa.Integer),
        sa.Column("made_ms", sa.Integer, nullable=False),
        sa.Column("expires_ms", sa.Integer, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.Integer, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("account", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("sign_ins_of_account", "sign_ins", ["account", "address"])
