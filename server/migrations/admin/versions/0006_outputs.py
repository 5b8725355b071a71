"""Everything of an output, not only what is on air of each store."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    table = op.create_table(
        "outputs",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("contest", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("picture", sa.LargeBinary),
    )
    rows = op.get_bind().execute(sa.text("SELECT output, store, contest, version, take FROM programs")).all()
    for name in {row.output for row in rows}:
        # What cannot be read was not read before either. Of two contests that of the higher version was the last.
        readable = {row.store: row for row in rows if row.output == name and _read(row.take) is not None}
        if not readable:
            continue
        last = max(readable.values(), key=lambda row: row.version)
        on_air = {store: _read(row.take) for store, row in readable.items() if row.contest == last.contest}
        body = json.dumps({"name": name, "version": last.version, "store": last.store, "on_air": on_air})
        op.bulk_insert(table, [{"name": name, "contest": last.contest, "version": last.version, "body": body}])
    op.drop_table("programs")


def _read(take: str) -> Any:
    try:
        return json.loads(take)
    except ValueError:
        return None
