"""The rows that a decision may change, as they stand: kept in the audit, so that it can be undone exactly.

A snapshot is JSON-safe: {table: {id: {column: value}}}, times as ISO text. Never decides whether something may
be undone (storage/undoing.py does).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, false, or_, select

from storage.tables import (
    Moment,
    chasings,
    choices,
    followups,
    gates,
    held,
    letters,
    liaisons,
    messages,
    receipts,
    sendings,
    standings,
    submissions,
    unit_names,
    units,
)

Snapshot: TypeAlias = dict[str, dict[str, dict[str, Any]]]
# Parents before children: rows are put back in this order, and taken away in the opposite one.
TABLES: tuple[Table, ...] = (
    gates, messages, units, unit_names, receipts, submissions, choices, letters, sendings, followups, chasings,
    standings, liaisons, held,
)  # fmt: skip
_LEFT_OUT = {"letters": {"raw"}}  # exact bytes, too large; they are composed anew
_KEYS = {"gates": "name"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a decision may touch. `unit_ids` are the units it is about, near ones included; `items` the references of
    further held items that it closes.
    """

    campaign: str
    reference: str
    unit_ids: tuple[int, ...] = ()
    message_id: int | None = None
    letter_id: int | None = None
    items: tuple[str, ...] = ()


def take(tx: Connection, scope: Scope) -> Snapshot:
    """All rows within the scope."""
    found: Snapshot = {}
    for table in TABLES:
        rows = tx.execute(select(*_columns(table)).where(_within(table, scope)))
        name = _KEYS.get(table.name, "id")
        found[table.name] = {str(row._mapping[name]): _plain(dict(row._mapping)) for row in rows}
    return found


def values_of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a snapshot as values for its table."""
    return {name: _moment(value) if isinstance(table.c[name].type, Moment) else value for name, value in row.items()}


def key_of(table: Table, key: str) -> ColumnElement[bool]:
    """The condition that finds a snapshot's row in its table."""
    return table.c.name == key if table.name in _KEYS else table.c.id == int(key)


def _columns(table: Table) -> list[Any]:
    return [column for column in table.c if column.name not in _LEFT_OUT.get(table.name, ())]


def _within(table: Table, scope: Scope) -> ColumnElement[bool]:
    of_submissions = or_(
        (submissions.c.campaign == scope.campaign) & submissions.c.unit_id.in_(scope.unit_ids),
        submissions.c.message_id == scope.message_id if scope.message_id is not None else false(),
    )
    if table is submissions:
        return of_submissions
    if table is choices:
        return choices.c.submission_id.in_(select(submissions.c.id).where(of_submissions))
    if table is chasings:
        return chasings.c.followup_id.in_(select(followups.c.id).where(_simple(followups, scope)))
    return _simple(table, scope)


def _simple(table: Table, scope: Scope) -> ColumnElement[bool]:
    units_: Collection[int] = scope.unit_ids
    of_mail = scope.message_id is not None
    conditions: dict[str, ColumnElement[bool]] = {
        "gates": gates.c.name == f"campaign:{scope.campaign}",
        "messages": messages.c.id == scope.message_id if of_mail else false(),
        "units": units.c.id.in_(units_),
        "unit_names": unit_names.c.unit_id.in_(units_),
        "receipts": (receipts.c.campaign == scope.campaign) & receipts.c.unit_id.in_(units_),
        "letters": or_(
            letters.c.id == scope.letter_id if scope.letter_id is not None else false(),
            letters.c.about_id == scope.message_id if of_mail else false(),
            letters.c.key.like(f"{scope.campaign}/held-{scope.reference}/%"),
            (letters.c.campaign == scope.campaign) & (letters.c.kind == "question") & letters.c.unit_id.in_(units_),
        ),
        "sendings": sendings.c.letter_id == scope.letter_id if scope.letter_id is not None else false(),
        "followups": (followups.c.campaign == scope.campaign) & followups.c.unit_id.in_(units_),
        "standings": (standings.c.campaign == scope.campaign) & standings.c.unit_id.in_(units_),
        "liaisons": (liaisons.c.campaign == scope.campaign) & liaisons.c.unit_id.in_(units_),
        "held": or_(
            held.c.reference.in_((scope.reference, *scope.items)),
            held.c.message_id == scope.message_id if of_mail else false(),
        ),
    }
    return conditions[table.name]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
