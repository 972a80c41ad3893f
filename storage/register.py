"""The register: opens the database, brings it up to date, and opens every transaction.

Promises: a transaction that ended well is on disk (WAL with synchronous FULL on SQLite,
PostgreSQL's own default); there is one writer at a time on either, so that what it has read stays
true till it writes, and it never meets "database is locked" half-way, for it takes the write lock at
BEGIN; a register of a newer program is refused untouched; the file is readable by
its owner alone. Never decides anything, and no transaction of it spans network I/O.
"""

from __future__ import annotations

import functools
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from intake.errors import (
    DiskFull,
    IntakeError,
    Permanent,
    RegisterBusy,
    ServerUnreachable,
    WrongConfiguration,
    WrongUsage,
)
from storage.lock import lock
from storage.prepared import say
from storage.private import make_folder
from storage.sql import insert_new, to_json
from storage.tables import facts
from storage.upgrading import HEAD, bring_up_to_date, version

__all__ = ["Register", "lock"]

WRITE_LOCK = 78_2016  # PostgreSQL's advisory lock of the one writer


class Register:
    """An open register. `made_at` is when it was first made; mails received before are the backlog."""

    def __init__(self, engine: Engine, made_at: datetime, salt: bytes) -> None:
        self.engine = engine
        self.made_at = made_at
        self._salt = salt
        self._reader = engine
        if engine.dialect.name == "postgresql":
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @classmethod
    def open(cls, url: str, now: datetime, *, busy_seconds: float = 15) -> Register:
        """Open the register at an SQLAlchemy URL, making or upgrading it first where needed.

        `now` becomes `made_at` of a new one. Raises RegisterNewer, RegisterBusy, DiskFull,
        ServerUnreachable (no PostgreSQL there), WrongConfiguration (no such kind of URL), or
        Permanent with its own sentence (not a database, not writable).
        """
        engine = _engine(url, busy_seconds)
        try:
            with _translated(), engine.connect() as tx:
                found = _known_facts(tx) if version(tx) == HEAD else {}
            if not found:
                found = _upgrade(engine, now)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, datetime.fromisoformat(found["made_at"]), bytes.fromhex(found["salt"]))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; committed at the end, rolled back on any error.

        Raises RegisterBusy when another writer kept the lock too long, DiskFull when there is
        no room; in both cases nothing of it stands.
        """
        with _translated(), _writing(self.engine) as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it as of one moment."""
        with _translated(), self._reader.connect() as tx:
            _begin(tx, "BEGIN")
            yield tx

    def begin(self, now: datetime) -> None:
        """The first run is the register's first day, whichever command made the file before it."""
        with self.reading() as tx:
            if "begun" in _known_facts(tx):
                return
        moment = now.astimezone(UTC).isoformat()
        with self.writing() as tx:
            if tx.execute(insert_new(tx, facts, "name"), {"name": "begun", "value": moment}).first() is None:
                return
            tx.execute(update(facts).where(facts.c.name == "made_at").values(value=moment))
        self.made_at = now

    def secret_hash(self, secret: str) -> str:
        """A salted hash by which a refused secret is recognised; the secret cannot be won back from it."""
        return hashlib.scrypt(secret.encode(), salt=self._salt, n=1 << 14, r=8, p=1, dklen=32).hex()

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str, busy_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, busy_seconds)
        engine = create_engine(parsed, json_serializer=to_json, hide_parameters=True, pool_pre_ping=True)
        event.listen(engine, "connect", functools.partial(_bound_waiting, busy_seconds))
        return engine
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise WrongConfiguration(
            type(error).__name__,
            sentence="storage.url 有误：请写成 sqlite:///intake.sqlite 或 postgresql://用户@主机/库名"
            "（后者须安装 cipsa-intake[postgres]）。",
        ) from error


def _bound_waiting(busy_seconds: float, connection: Any, record: Any) -> None:
    connection.execute(f"SET lock_timeout = {round(busy_seconds * 1000)}")
    connection.commit()


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _make_private(Path(str(url.database)))
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    arguments = {"timeout": busy_seconds, "check_same_thread": False}
    engine = create_engine(url, json_serializer=to_json, hide_parameters=True, connect_args=arguments, **options)
    event.listen(engine, "connect", _prepare)
    return engine


def _make_private(path: Path) -> None:
    """Make the file before SQLite does, so that it (and its -wal and -shm, which copy its mode) is 0600."""
    try:
        make_folder(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise Permanent(str(error), sentence=f"登记库文件无法打开或写入：{path}，请检查文件夹及其权限。") from error


def _prepare(connection: Any, record: Any) -> None:
    # Python's driver must not open transactions by itself: it does so late, and never IMMEDIATE.
    connection.isolation_level = None
    # Checkpoints four times as seldom as by default: the same pages are written again by each mail. What a statement
    # that RETURNs a row may have to undo is kept in memory, where it goes with the statement; a file of it would grow.
    quicker = ("cache_size = -8000", "wal_autocheckpoint = 4000", "temp_store = MEMORY")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", *quicker):
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    """The one writer: IMMEDIATE, for a deferred one that reads and then writes fails at once beside another."""
    with engine.connect() as tx:
        _begin(tx, "BEGIN IMMEDIATE")
        if tx.dialect.name == "postgresql":
            say(tx, f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
        yield tx
        tx.commit()


def _begin(tx: Connection, words: str) -> None:
    # By hand: an event on "begin" would cost every statement 15 %.
    tx.begin()
    if tx.dialect.name == "sqlite":
        say(tx, words)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


def _meaning(error: DBAPIError) -> IntakeError | None:
    """What the database's refusal is to us; None for a fault of the program."""
    said = str(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""  # PostgreSQL, appendix A
    if "database or disk is full" in said or "No space left on device" in said or state == "53100":
        return DiskFull(said)
    if "is locked" in said or state in ("55P03", "40P01", "40001"):
        return RegisterBusy(said)
    if "not a database" in said or "malformed" in said:
        return Permanent(said, sentence="登记库文件已损坏或不是登记库，请核对 storage.url，或从备份恢复。")
    if "unable to open" in said or "readonly" in said:
        return Permanent(said, sentence="登记库文件无法打开或写入，请检查文件夹及其权限。")
    if state[:2] in ("08", "57", "28", "3D") or "connection" in said:
        return ServerUnreachable(said, sentence="连接不上登记库所在的PostgreSQL服务器，请检查 storage.url 和该服务器。")
    return None


def is_of_the_register(error: Exception) -> bool:
    """Whether an error is the register's own trouble, so that another step would meet it too.

    A statement that asks too much (too many variables) is the trouble of what it is about.
    """
    if isinstance(error, OperationalError):
        is_of_statement = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR"
        return not (is_of_statement or "number of parameters" in str(error.orig))
    return isinstance(error, IntakeError) and not isinstance(error, WrongUsage)


def _upgrade(engine: Engine, now: datetime) -> dict[str, str]:
    with _translated(), _writing(engine) as tx:
        bring_up_to_date(tx)
        born = [
            {"name": "made_at", "value": now.astimezone(UTC).isoformat()},
            {"name": "salt", "value": secrets.token_hex(16)},
        ]
        tx.execute(insert_new(tx, facts), born)
        return _known_facts(tx)


def _known_facts(tx: Connection) -> dict[str, str]:
    return {row.name: row.value for row in tx.execute(select(facts))}
