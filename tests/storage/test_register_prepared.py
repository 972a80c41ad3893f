"""Prepared statements say the same, give the same and fail the same as SQLAlchemy's own execution."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_office import MADE_AT, NOW, UNIT, Desk, draft, letter, outcome

from intake.errors import RegisterBusy, ServerUnreachable
from storage.letter_row import LetterRow
from storage.prepared import Prepared
from storage.register import Register
from storage.sql import adding
from storage.tables import choices, facts, folders, held, letters, messages, submissions, units

FACT = {"name": "a", "value": "%s ? 50% :x 示例"}
ADD_FACT = Prepared(insert(facts).inline())
FACTS = Prepared(select(facts.c.value).where(facts.c.name == bindparam("of_name")))


@pytest.mark.parametrize("table", [messages, submissions, choices, letters, units, held, folders], ids=str)
def test_rows_are_those_that_sqlalchemy_gives(desk: Desk, register: Register, table: Any) -> None:
    desk.record(outcome(draft(), letters=(letter(),)))
    desk.send(desk.write(letter("other")).id)
    with register.reading() as tx:
        rows = Prepared(select(table)).all(tx)
        assert [tuple(row) for row in rows] == [tuple(row) for row in tx.execute(select(table))]


def test_columns_are_called_by_their_names_even_where_a_row_has_such_a_method(desk: Desk, register: Register) -> None:
    desk.record(outcome(draft()))
    with register.reading() as tx:
        row = Prepared(select(submissions.c.unit_name, submissions.c["values"])).first(tx)
    assert (row.unit_name, row.values["unit"]["text"]) == (UNIT, UNIT)


def test_a_row_may_be_of_a_kind_of_ours(desk: Desk, register: Register) -> None:
    written = desk.write(letter())
    columns = [letters.c[name] for name in LetterRow.__slots__ if name in letters.c]
    with register.reading() as tx:
        assert Prepared(select(*columns), LetterRow).all(tx) == [written]


def test_values_are_converted_as_sqlalchemy_does(register: Register) -> None:
    """Times in UTC, JSON, true and false, exact bytes, and text that looks like a place for a value."""
    later = NOW.astimezone().replace(microsecond=7)
    row = {
        "raw_hash": "x",
        "state": "received",
        "fault": "",
        "subject": FACT["value"],
        "backlog": True,
        "size": 7,
        "rules": ["甲", 1],
    }
    row |= {"received_at": later, "internal_date": NOW, "fetched_at": NOW, "handled_at": None}
    with register.writing() as tx:
        Prepared(insert(messages).inline()).run(tx, row)
    with register.reading() as tx:
        found = tx.execute(select(*(messages.c[name] for name in row))).one()
    assert dict(found._mapping) == row


def test_a_time_without_a_zone_is_refused(register: Register) -> None:
    before = Prepared(select(messages.c.id).where(messages.c.received_at < bindparam("before")))
    with register.reading() as tx, pytest.raises(ValueError, match="naive"):
        before.all(tx, {"before": datetime(2016, 12, 2)})  # noqa: DTZ001


def test_what_the_statement_itself_says_goes_along(desk: Desk, register: Register) -> None:
    """A list, a limit, and a constant beside what is given."""
    for number in range(3):
        desk.write(letter(f"{number}"), now=NOW + timedelta(hours=number))
    statement = (
        select(letters.c.id, letters.c.priority + 10)
        .where(letters.c.state.in_(("waiting", "sent")), letters.c.created_at > bindparam("after"))
        .order_by(letters.c.id)
        .limit(1)
    )
    with register.reading() as tx:
        row = Prepared(statement).first(tx, {"after": NOW})
        assert tuple(row) == tuple(tx.execute(statement, {"after": NOW}).first() or ())
        assert Prepared(statement).scalar(tx, {"after": NOW + timedelta(days=1)}) is None


def test_one_statement_serves_several_registers(register: Register, tmp_path: Path) -> None:
    other = Register.open(f"sqlite:///{tmp_path / 'other.sqlite'}", MADE_AT)
    for each in (register, other):
        with each.writing() as tx:
            assert FACTS.scalars(tx, {"of_name": "a"}) == []
            ADD_FACT.run(tx, FACT)
            assert FACTS.scalars(tx, {"of_name": "a"}) == [FACT["value"]]
    other.close()


def test_a_row_that_stands_is_left_alone_and_none_is_given(register: Register) -> None:
    add = adding(facts, "name")
    with register.writing() as tx:
        assert [add.scalar(tx, FACT), add.scalar(tx, FACT)] == ["a", None]


def test_many_rows_at_once_are_written_or_none(register: Register) -> None:
    rows = [{"name": name, "value": "x"} for name in "abc"]
    with register.writing() as tx:
        ADD_FACT.run_many(tx, rows)
        ADD_FACT.run_many(tx, [])
    with pytest.raises(IntegrityError), register.writing() as tx:
        ADD_FACT.run_many(tx, [{"name": "d", "value": "x"}, rows[0]])
    with register.reading() as tx:
        assert tx.scalars(select(facts.c.name).where(facts.c.value == "x").order_by(facts.c.name)).all() == [*"abc"]


def test_other_values_than_the_statement_names_are_refused(register: Register) -> None:
    with register.writing() as tx:
        FACTS.all(tx, {"of_name": "a"})
        for values in ({}, {"of_name": "a", "more": 1}, {"other": "a"}):
            with pytest.raises((TypeError, KeyError)):
                FACTS.all(tx, values)
        with pytest.raises(TypeError, match="fault"):  # a default of the column would be forgotten
            Prepared(insert(messages).inline()).run(tx, {"raw_hash": "x"})


def test_a_refusal_of_the_database_is_sqlalchemys_and_shows_no_value(register: Register) -> None:
    with register.writing() as tx:
        ADD_FACT.run(tx, FACT)
    with pytest.raises(IntegrityError) as refused, register.writing() as tx:
        ADD_FACT.run(tx, FACT | {"value": "13800000000"})
    assert "13800000000" not in str(refused.value)


def test_what_was_written_before_a_savepoint_stays(register: Register) -> None:
    with register.writing() as tx:
        ADD_FACT.run(tx, FACT)
        with pytest.raises(IntegrityError), tx.begin_nested():
            ADD_FACT.run(tx, FACT)
        assert FACTS.scalar(tx, {"of_name": "a"}) == FACT["value"]


def test_a_connection_that_only_ran_prepared_statements_commits_them(register: Register) -> None:
    with register.engine.connect() as tx:
        ADD_FACT.run(tx, FACT)
        tx.commit()
    with register.reading() as tx:
        assert FACTS.scalar(tx, {"of_name": "a"}) == FACT["value"]


def test_a_locked_register_is_busy(register: Register) -> None:
    url = register.engine.url.render_as_string(hide_password=False)
    second = Register.open(url, MADE_AT, busy_seconds=0.05)
    with register.writing() as tx:
        _change(tx)
        with pytest.raises(RegisterBusy), second.writing() as other:
            _change(other)
    second.close()


def _change(tx: Connection) -> None:
    change = update(facts).where(facts.c.name == bindparam("of_name")).values(value="x")
    Prepared(change).run(tx, {"of_name": "made_at"})


def test_a_lost_connection_is_said_and_not_used_again(clean_postgres: str) -> None:
    register = Register.open(clean_postgres, MADE_AT)
    with pytest.raises(ServerUnreachable) as lost, register.writing() as tx:
        _use_after_its_end(tx, register)
    assert isinstance(lost.value.__cause__, DBAPIError)
    assert lost.value.__cause__.connection_invalidated
    with register.writing() as tx:
        ADD_FACT.run(tx, FACT)
    register.close()


def _use_after_its_end(tx: Connection, register: Register) -> None:
    mine = tx.scalar(text("SELECT pg_backend_pid()"))
    with register.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
    ADD_FACT.run(tx, FACT)
