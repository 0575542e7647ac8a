"""Creates and upgrades the records database."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from domain.errors import StoreError
from store.database import Database

FOLDER = Path(__file__).parent
# Any constant will do; it only has to be the same in every process of this program.
MIGRATION_LOCK = 7_241_953


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema; creates the tables of an empty one.

    Several processes may call it at once. Raises `StoreError` when the database is newer than this program.
    """
    config = Config()
    # Options are interpolated by ConfigParser, to which a percent sign means something.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.read() as connection:
        if _revision(connection) == head:
            return
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        current = _revision(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise StoreError(
                f"The records database has schema {current}, which this program does not know.",
                "Use the newer version of piracy-monitor that made it.",
            )
        if current != head:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def revision(database: Database) -> str:
    """The schema that an upgraded database has."""
    with database.read() as connection:
        return _revision(connection) or ""


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
