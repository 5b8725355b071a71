"""The data files' schemas, step by step: ``ledger`` (ledger.db, rehearsal.db) and ``admin`` (admin.db)."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from streaming.errors import LedgerUnavailable
from streaming.sqlite import make_engine

LOCK_TIMEOUT_S = 5.0


def migrate(path: Path, schema: Literal["ledger", "admin"]) -> None:
    """Bring a data file, made if need be, to the newest schema. Nobody else may have it open for writing.

    Raises:
        LedgerUnavailable: If the file cannot be opened or is no database of ours.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / schema).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = make_engine(path, "rwc", lock_timeout_s=LOCK_TIMEOUT_S)
    # The driver by itself begins nothing before a CREATE TABLE: a kill would leave half a schema that no start mends.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise LedgerUnavailable(f"{path}: {error.orig}") from error
    finally:
        engine.dispose()
