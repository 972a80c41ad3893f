"""A register as the first program left it, full of a campaign, is brought up to today with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, create_engine, select, text
from storage_office import CAMPAIGN, DOMAIN, MADE_AT, NOW, UNIT, Desk, answers, draft, hours, letter, outcome

from intake.outcome import HeldDraft
from storage import (
    claims,
    figures,
    finding_letters,
    followups,
    gates,
    held,
    letters,
    mails,
    register,
    rosters,
    submissions,
    units,
)
from storage.register import HEAD, Register
from storage.rosters import RosterRow
from storage.tables import metadata

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the old register shall be."""
    if request.param == "postgresql":
        place: str = request.getfixturevalue("empty_postgres")
        return place
    return f"sqlite:///{tmp_path}/old.sqlite"


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Register]:
    """A campaign under way: a roster, forms whole and unclear, letters of several fates, a mail that waits, a gate."""
    opened = Register.open(f"sqlite:///{tmp_path}/today.sqlite", MADE_AT)
    desk = Desk(opened)
    with opened.writing() as tx:
        society = RosterRow(3, "示例学会", addresses=("b@unit.example.com",))
        rosters.load(tx, [RosterRow(2, UNIT, ("示例代理",), member=True), society], NOW)
    desk.record(outcome(draft(sealed_copy=True), letters=(letter("1"),)))
    desk.record(outcome(draft(choices=answers(join="no", member="blank")), letters=(letter("2", "correction"),)))
    unclear = HeldDraft("unclear", "两个方框都打了勾。", 0, "join")
    desk.record(outcome(draft("示例大学", join="unclear", lateness="late"), held=(unclear,), letters=(letter("3"),)))
    desk.record(outcome(letters=(letter("4", "received", "c@other.example.com"),)))
    desk.receive()
    with opened.writing() as tx:
        assert followups.begin(tx, CAMPAIGN, 1, "missing", "mobile", NOW, asked_at=NOW, due_at=NOW + hours(72))
        mails.raise_mark(tx, "box", "INBOX", 1, 5)
    with opened.writing() as tx:
        for letter_id, state in ((1, "sent"), (2, "deferred"), (3, "doubt")):
            claims.claim(tx, letter_id, f"回执 {letter_id}", f"exact bytes {letter_id}".encode(), NOW + hours(1))
            claims.settle(tx, letter_id, state, NOW + hours(2), "250 OK", next_at=NOW + hours(3))
        gates.shut(tx, "smtp", "MI:SFQ", NOW + hours(1), now=NOW)
    yield opened
    opened.close()


def at_first(url: str) -> Engine:
    """An empty register of the first revision, made by its own upgrade."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(register.__file__).parent / "upgrades"))
    with engine.begin() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "0001")
    return engine


def rows_of(engine: Engine, tables: MetaData) -> Rows:
    """Everything that stands in these columns of these tables."""
    with engine.connect() as tx:
        found = {
            table.name: [dict(row._mapping) for row in tx.execute(select(*table.c))] for table in tables.sorted_tables
        }
    for rows in found.values():
        rows.sort(key=lambda row: str(row.get("id", row.get("name"))))
    return found


def copy(source: Register, target: Engine, tables: MetaData) -> None:
    """Write what the first revision had columns for."""
    with source.reading() as read, target.begin() as tx:
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            columns = [metadata.tables[table.name].c[column.name] for column in table.c]
            rows = [
                {name: _naive(value) for name, value in row._mapping.items()} for row in read.execute(select(*columns))
            ]
            if rows:
                tx.execute(table.insert(), rows)
        if target.dialect.name == "postgresql":  # ids were given by hand
            for table in tables.sorted_tables:
                if "id" in table.c:
                    tx.execute(text(f"SELECT setval('{table.name}_id_seq', (SELECT max(id) + 1 FROM {table.name}))"))


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def test_a_full_register_of_the_first_revision_loses_nothing(old_url: str, campaign: Register) -> None:
    engine = at_first(old_url)
    first = MetaData()
    first.reflect(engine)
    copy(campaign, engine, first)
    before = rows_of(engine, first)
    assert all(before.values()), "a table without a row proves nothing"

    opened = Register.open(old_url, NOW + hours(24))
    after = rows_of(engine, first)
    assert after.pop("alembic_version") == [{"version_num": HEAD}]
    assert before.pop("alembic_version") == [{"version_num": "0001"}]
    assert after == before
    engine.dispose()

    with opened.reading() as tx, campaign.reading() as today:
        assert figures.status(tx, NOW) == figures.status(today, NOW)
    goes_on(opened)
    opened.close()


def goes_on(opened: Register) -> None:
    """The office works with it as if it had always been of today."""
    assert opened.made_at == MADE_AT
    with opened.writing() as tx:
        unit_id = units.find(tx, "示例代理")
        assert unit_id is not None
        stands = submissions.earlier(tx, CAMPAIGN, unit_id)
        assert stands is not None
        assert stands.choices["join"].answer == "no"
        (waiting,) = held.list_open(tx)
        assert held.decide(tx, waiting.reference, "是", "liu", NOW + hours(25)).state == "decided"
        due = finding_letters.due(tx, NOW + hours(4), 10)
        assert [(row.id, row.raw) for row in due] == [(4, None), (2, b"exact bytes 2")]
        assert [row.raw for row in finding_letters.in_doubt(tx)] == [b"exact bytes 3"]
        assert letters.write(tx, letter("1"), now=NOW, domain=DOMAIN) == (1, False)
        new, is_new = letters.write(tx, letter("5"), now=NOW, domain=DOMAIN)
        assert is_new
        assert new > 4
