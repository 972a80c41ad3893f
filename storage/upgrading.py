"""The register's tables: made as they are today where there are none, else brought up to date by Alembic.

Both ways lead to the same tables; a test compares. Works inside the caller's transaction.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from intake.errors import RegisterNewer
from storage.tables import metadata

# Every revision in upgrades/versions, oldest first; a test compares.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0007", "0006", "0008", "0009")
HEAD = REVISIONS[-1]

# As Alembic makes it (alembic/ddl/impl.py, version_table_impl), so that later upgrades find it.
alembic_version = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "alembic_version_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


def version(tx: Connection) -> str | None:
    """The revision the database stands at, or None; raises RegisterNewer for one we do not know."""
    if not inspect(tx).has_table(alembic_version.name):
        return None
    found: str | None = tx.scalar(select(alembic_version.c.version_num))
    if found is not None and found not in REVISIONS:
        raise RegisterNewer(f"revision {found}")
    return found


def bring_up_to_date(tx: Connection) -> None:
    """Make or upgrade the tables; raises RegisterNewer."""
    found = version(tx)
    if found is None and not inspect(tx).get_table_names():
        make(tx)
    elif found != HEAD:
        upgrade(tx)


def make(tx: Connection) -> None:
    """All tables at once, and the note that no upgrade is wanted: a quarter of a second less than every upgrade."""
    metadata.create_all(tx, checkfirst=False)
    alembic_version.create(tx)
    tx.execute(insert(alembic_version), {"version_num": HEAD})


def upgrade(tx: Connection) -> None:
    """One upgrade after another, from whatever revision, or none."""
    from alembic import command  # only when needed: start-up must be quick
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "upgrades").replace("%", "%%"))
    config.attributes["connection"] = tx
    command.upgrade(config, HEAD)
