"""The register opens, upgrades, refuses what it must, and keeps its promises to writers."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError
from storage_office import MADE_AT, NOW

from intake.errors import AlreadyRunning, DiskFull, Permanent, RegisterBusy, RegisterNewer, WrongConfiguration
from storage import register as register_module
from storage import upgrading
from storage.register import Register, lock
from storage.tables import facts, metadata
from storage.upgrading import HEAD, REVISIONS

FACT = {"name": "a fact", "value": "kept"}


def test_a_new_register_is_the_metadata(register: Register) -> None:
    with register.engine.connect() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD


def schema(tx: Connection) -> dict[str, object]:
    """Every table with its columns, keys, indexes and constraints, in no order."""
    seen = inspect(tx)
    return {
        table: (
            {str(column) for column in seen.get_columns(table)},
            str(seen.get_pk_constraint(table)),
            {str(key | {"name": None}) for key in seen.get_foreign_keys(table)},  # an inline one's name is not seen
            {str(_plain(index)) for index in seen.get_indexes(table)},
            {str(unique) for unique in seen.get_unique_constraints(table)},
            {str(check) for check in seen.get_check_constraints(table)},
        )
        for table in seen.get_table_names()
    }


def _plain(index: Mapping[str, object]) -> dict[str, object]:
    """An index with the condition of a partial one as text."""
    options = index.get("dialect_options")
    found = {key: str(value) for key, value in options.items()} if isinstance(options, dict) else options
    return {**index, "dialect_options": found}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_upgrade_one_after_another_makes_the_tables_of_a_new_register(
    kind: str, request: pytest.FixtureRequest
) -> None:
    url = "sqlite://" if kind == "sqlite" else request.getfixturevalue("empty_postgres")
    schemas = []
    for way in (upgrading.make, upgrading.upgrade):
        engine = create_engine(url)
        with engine.connect() as tx:
            way(tx)
            assert compare_metadata(MigrationContext.configure(tx), metadata) == []
            assert upgrading.version(tx) == HEAD
            schemas.append(schema(tx))
            tx.rollback()
        engine.dispose()
    assert schemas[0] == schemas[1]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_register_of_an_older_program_is_upgraded(
    tmp_path: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    monkeypatch.setattr(upgrading, "HEAD", revision)
    engine = create_engine(url)
    with engine.begin() as tx:
        upgrading.upgrade(tx)
        assert upgrading.version(tx) == revision
    engine.dispose()
    monkeypatch.undo()
    with closing(Register.open(url, MADE_AT)) as register, register.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []


def test_the_revisions_named_in_code_are_those_in_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(register_module.__file__).parent / "upgrades"))
    folder = ScriptDirectory.from_config(config)
    assert folder.get_current_head() == HEAD
    assert tuple(script.revision for script in folder.walk_revisions())[::-1] == REVISIONS


def test_opening_again_keeps_when_it_was_made_and_its_salt(url: str) -> None:
    first = Register.open(url, MADE_AT)
    hashed = first.secret_hash("示例授权码")
    first.close()
    again = Register.open(url, NOW)
    assert (again.made_at, again.secret_hash("示例授权码")) == (MADE_AT, hashed)
    assert again.secret_hash("another") != hashed
    again.close()


def test_a_register_of_a_newer_program_is_refused_untouched(url: str) -> None:
    Register.open(url, MADE_AT).close()
    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(RegisterNewer):
            Register.open(url, NOW)
        with engine.begin() as tx:
            assert tx.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    finally:
        with engine.begin() as tx:
            tx.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
        engine.dispose()


def test_opening_a_register_of_today_does_not_load_alembic(url: str) -> None:
    Register.open(url, MADE_AT).close()
    program = (
        "import sys; from datetime import datetime, UTC; from storage.register import Register;"
        "Register.open(sys.argv[1], datetime.now(UTC)).close();"
        "sys.exit('alembic' in sys.modules or 'openpyxl' in sys.modules or 'rapidfuzz' in sys.modules)"
    )
    root = Path(register_module.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", program, url], cwd=root, check=False).returncode == 0


def test_sqlite_is_durable_private_and_keeps_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "data" / "register.sqlite"
    opened = Register.open(f"sqlite:///{path}", MADE_AT)
    with opened.writing() as tx:
        tx.execute(insert(facts), FACT)
        found = [
            tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        assert found == ["wal", 2, 1]
        files = [path, *path.parent.glob("register.sqlite-*")]
        assert len(files) == 3
    if os.name != "nt":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    opened.close()


def test_what_a_failing_transaction_wrote_is_gone(register: Register) -> None:
    with register.writing() as tx:
        tx.execute(insert(facts), FACT)
    with pytest.raises(IntegrityError), register.writing() as tx:
        tx.execute(insert(facts), [{"name": "another", "value": "x"}, FACT])
    with register.reading() as tx:
        assert tx.scalar(select(facts.c.value).where(facts.c.name == "another")) is None


def test_a_reader_sees_one_moment(register: Register) -> None:
    with register.reading() as tx:
        before = tx.scalars(select(facts.c.name)).all()
        with register.writing() as other:
            other.execute(insert(facts), FACT)
        assert tx.scalars(select(facts.c.name)).all() == before


def test_two_writers_take_turns(register: Register) -> None:
    with register.writing() as tx:
        tx.execute(insert(facts), {"name": "count", "value": "0"})

    def add() -> None:
        for _ in range(20):
            with register.writing() as tx:
                value = tx.scalar(select(facts.c.value).where(facts.c.name == "count"))
                tx.execute(facts.update().where(facts.c.name == "count").values(value=str(int(value or 0) + 1)))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with register.reading() as tx:
        assert tx.scalar(select(facts.c.value).where(facts.c.name == "count")) == "80"


def test_a_writer_that_waits_too_long_is_told_the_register_is_busy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    first, second = Register.open(url, MADE_AT), Register.open(url, MADE_AT, busy_seconds=0.05)
    with first.writing(), pytest.raises(RegisterBusy), second.writing():
        pass
    with second.writing() as tx:
        tx.execute(insert(facts), FACT)
    first.close()
    second.close()


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    opened = Register.open(f"sqlite:///{tmp_path / 'r.sqlite'}", MADE_AT)
    with opened.writing() as tx:
        tx.exec_driver_sql(f"PRAGMA max_page_count = {tx.exec_driver_sql('PRAGMA page_count').scalar()}")
    with pytest.raises(DiskFull), opened.writing() as tx:
        tx.execute(insert(facts), FACT | {"value": "x" * 1_000_000})
    with opened.reading() as tx:
        assert tx.scalar(select(facts.c.value).where(facts.c.name == FACT["name"])) is None
    opened.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("nonsense", WrongConfiguration),
        ("oracle-like://somewhere/x", WrongConfiguration),
        ("sqlite:////proc/no/such/place.sqlite", Permanent),
    ],
)
def test_what_is_no_place_for_a_register_is_said_in_one_sentence(url: str, error: type[Permanent]) -> None:
    with pytest.raises(error) as raised:
        Register.open(url, NOW)
    assert raised.value.sentence.endswith("。")


def test_a_file_that_is_no_register_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(b"PK\x03\x04" + b"no database at all" * 500)
    with pytest.raises(Permanent) as raised:
        Register.open(f"sqlite:///{path}", NOW)
    assert "登记库" in raised.value.sentence


def test_a_naive_time_is_refused(url: str, register: Register) -> None:
    with pytest.raises(Exception, match="naive"), register.writing() as tx:
        tx.execute(insert(metadata.tables["gates"]), {"name": "x", "reason": "", "since": NOW.replace(tzinfo=None)})


def test_a_program_of_its_own_may_write_beside_the_daemon(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    opened = Register.open(f"sqlite:///{path}", MADE_AT)
    with opened.reading() as tx:
        tx.execute(select(facts)).all()
        beside = sqlite3.connect(path)
        beside.execute("INSERT INTO facts VALUES ('beside', 'x')")
        beside.commit()
        beside.close()
    with opened.reading() as tx:
        assert tx.scalar(select(facts.c.value).where(facts.c.name == "beside")) == "x"
    opened.close()


def test_the_lock_is_held_once_and_let_go_by_a_dying_process(tmp_path: Path) -> None:
    path = tmp_path / "data" / "run.lock"
    with lock(path):
        with pytest.raises(AlreadyRunning), lock(path):
            pass
        assert path.read_text() == str(os.getpid())
    program = (
        "import os, sys; from pathlib import Path; from storage.register import lock\n"
        "with lock(Path(sys.argv[1])): os._exit(9)"
    )
    root = Path(register_module.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", program, str(path)], cwd=root, check=False).returncode == 9
    with lock(path):
        assert path.exists()


def test_a_lock_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Permanent) as refused, lock(tmp_path / "file" / "run.lock"):
        pass
    assert str(tmp_path / "file") in refused.value.sentence


def test_an_error_of_the_database_shows_no_value(register: Register) -> None:
    with pytest.raises(IntegrityError) as refused, register.writing() as tx:
        tx.execute(
            insert(facts), [{"name": "twice", "value": "13800000000"}, {"name": "twice", "value": "13800000000"}]
        )
    assert "13800000000" not in str(refused.value)
