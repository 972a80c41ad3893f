"""Statements of the busiest paths: written in SQLAlchemy Core, compiled once, and run by the driver itself.

SQLAlchemy's part of a statement (its cache key, its result objects) takes ten times as long as SQLite's answer.
Promises: the same SQL, the same conversions of values and the same exceptions as `Connection.execute`, in
the same transaction. Not heard by SQLAlchemy's events, nor by its echo.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeAlias, TypeVar, cast, overload

from sqlalchemy import BindParameter, Boolean, Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from storage.tables import Moment

R = TypeVar("R")
Statement: TypeAlias = Select[Any] | Insert | Update | Delete
_Source: TypeAlias = Statement | Callable[[str], Statement]
Values: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]
NOTHING: Values = {}


class Prepared(Generic[R]):
    """A statement without expanding parameters. A row of its result is `into(*columns)`, by default a named tuple.

    The values given to it are exactly those that it names, in an INSERT the same columns each time;
    anything else is a TypeError or KeyError. Defaults of columns are not filled in. A statement that the
    dialects write differently is given as a function of the dialect's name.
    """

    @overload
    def __init__(self: Prepared[Any], statement: _Source) -> None: ...

    @overload
    def __init__(self, statement: _Source, into: Callable[..., R]) -> None: ...

    def __init__(self, statement: _Source, into: Callable[..., Any] | None = None) -> None:
        self._statement, self._into = statement, into
        self._forms: dict[str, _Form] = {}  # by dialect: the register opens all engines of one alike

    def all(self, tx: Connection, values: Values = NOTHING) -> list[R]:
        """Every row."""
        form = self._form(tx, values)
        return form.read(_execute(tx, form.sql, form.filled(values)))

    def first(self, tx: Connection, values: Values = NOTHING) -> R | None:
        """The first row, None where there is none."""
        form = self._form(tx, values)
        found = form.read(_execute(tx, form.sql, form.filled(values))[:1])
        return found[0] if found else None

    def scalars(self, tx: Connection, values: Values = NOTHING) -> list[Any]:
        """The first column of every row."""
        form = self._form(tx, values)
        rows = _execute(tx, form.sql, form.filled(values))
        return [form.converted(row)[0] for row in rows] if form.converts else [row[0] for row in rows]

    def scalar(self, tx: Connection, values: Values = NOTHING) -> Any:
        """The first column of the first row, None where there is none."""
        form = self._form(tx, values)
        rows = _execute(tx, form.sql, form.filled(values))
        return form.converted(rows[0])[0] if rows else None

    def run(self, tx: Connection, values: Values = NOTHING) -> None:
        """For a statement that gives no rows."""
        form = self._form(tx, values)
        _execute(tx, form.sql, form.filled(values))

    def run_many(self, tx: Connection, rows: Sequence[Values]) -> None:
        """Once for each of the rows, which have the same columns; nothing for none."""
        if rows:
            form = self._form(tx, rows[0])
            _execute(tx, form.sql, [form.filled(row) for row in rows], many=True)

    def _form(self, tx: Connection, values: Values) -> _Form:
        form = self._forms.get(tx.dialect.name)
        if form is None:
            statement = self._statement(tx.dialect.name) if callable(self._statement) else self._statement
            form = self._forms[tx.dialect.name] = _compiled(statement, tx.dialect, list(values), self._into)
        return form


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one dialect says it.

    `constants` are the parameters (a list, or a dict where the driver wants names) with what the
    statement itself says filled in; `places` are the others: where, whose value, converted how.
    """

    sql: str
    constants: list[Any] | dict[str, Any]
    places: tuple[tuple[Any, str, _Convert | None], ...]
    names: int
    converts: tuple[tuple[int, _Convert], ...]
    into: Callable[..., Any] | None  # None: it gives no rows

    def filled(self, values: Values) -> Any:
        if len(values) != self.names:
            raise TypeError(f"other values than those of: {self.sql}")
        parameters: Any = self.constants.copy()
        for at, name, convert in self.places:
            parameters[at] = values[name] if convert is None else convert(values[name])
        return parameters

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        into = self.into
        assert into is not None
        if not self.converts:
            return [into(*row) for row in rows]
        return [into(*self.converted(row)) for row in rows]

    def converted(self, row: tuple[Any, ...]) -> Sequence[Any]:
        if not self.converts:
            return row
        columns = list(row)
        for at, convert in self.converts:
            columns[at] = convert(columns[at])
        return columns


def _compiled(statement: Statement, dialect: Dialect, columns: Sequence[str], into: Callable[..., Any] | None) -> _Form:
    inserted = columns if isinstance(statement, Insert) else None
    compiled: Any = statement.compile(dialect=dialect, column_keys=inserted)
    if compiled.insert_prefetch:
        raise TypeError(f"give a value for each of {[column.name for column in compiled.insert_prefetch]}")
    needed = {name for name, bind in compiled.binds.items() if bind.required}
    state = compiled.construct_expanded_state(dict.fromkeys(needed))
    order = state.positiontup if compiled.positional else list(state.parameters)
    converters = {name: _bind_convert(compiled, state, name, dialect) for name in order}
    constants = {name: _constant(state.parameters[name], converters[name], name in needed) for name in order}
    given = [(at if compiled.positional else name, name) for at, name in enumerate(order) if name in needed]
    results = list(statement.exported_columns)
    return _Form(
        sql=state.statement,
        constants=[constants[name] for name in order] if compiled.positional else constants,
        places=tuple((at, name, converters[name]) for at, name in given),
        names=len(needed),
        converts=tuple(_result_converts(results, dialect)),
        into=(into or _row(results)) if results else None,
    )


def _bind_convert(compiled: SQLCompiler, state: Any, name: str, dialect: Dialect) -> _Convert | None:
    """How a value of that parameter goes to the driver; those of an IN list are parameters of their own."""
    bind: BindParameter[Any] | None = compiled.binds.get(name)
    if bind is None:
        return cast("_Convert | None", state.processors.get(name))
    if isinstance(bind.type, Boolean):
        return None  # both drivers take a bool as it is
    convert: _Convert | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    # The same moment stands in most rows of a group.
    return lru_cache(maxsize=16)(convert) if convert and isinstance(bind.type, Moment) else convert


def _constant(value: Any, convert: _Convert | None, needed: bool) -> Any:
    return value if needed or convert is None else convert(value)


def _result_converts(results: Sequence[Any], dialect: Dialect) -> list[tuple[int, _Convert]]:
    found = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in results)
    return [(at, convert) for at, convert in enumerate(found) if convert is not None]


def _row(results: Sequence[Any]) -> Callable[..., Any]:
    row: Callable[..., Any] = namedtuple("Row", [str(column.key) for column in results], rename=True)  # type: ignore[misc]
    return row


def say(tx: Connection, words: str) -> None:
    """A command without values, as it stands."""
    _execute(tx, words, ())


def _execute(tx: Connection, sql: str, parameters: Any, *, many: bool = False) -> Sequence[tuple[Any, ...]]:
    if not tx.in_transaction():
        tx.begin()  # else its commit would do nothing
    cursor = tx.connection.cursor()
    try:
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else ()
    except tx.dialect.loaded_dbapi.Error as error:
        raise _failure(tx, sql, parameters, error, cursor) from error


def _failure(tx: Connection, sql: str, parameters: Any, error: Exception, cursor: Any) -> BaseException:
    """As SQLAlchemy would say it; a connection that is lost is not used again."""
    dialect, lost = tx.dialect, tx.dialect.is_disconnect(error, tx.connection, cursor)  # type: ignore[arg-type]
    if lost:
        tx.invalidate(error)
    hidden = tx.engine.hide_parameters
    return DBAPIError.instance(
        sql, parameters, error, dialect.loaded_dbapi.Error, hidden, connection_invalidated=lost, dialect=dialect
    )
