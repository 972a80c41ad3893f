"""The roster: the association's own list of units, loaded as often as it changes.

Promises: a unit that is known already, by any of its names, is updated and never doubled; units that
a roster does not name stay as they are. Never touches submissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from storage import units
from storage.roster_sheet import RosterRow, read, write_blank
from storage.sql import plain, upsert
from storage.tables import facts, unit_addresses
from storage.tables import units as units_table

__all__ = ["RosterReport", "RosterRow", "load", "write_blank"]


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What loading did; `troubles` are sentences, one for each row that was not (or not wholly) loaded."""

    created: int
    updated: int
    troubles: tuple[str, ...] = ()

    @property
    def loaded(self) -> int:
        return self.created + self.updated


def load(tx: Connection, source: Path | Sequence[RosterRow], now: datetime) -> RosterReport:
    """Load a roster from an .xlsx file, or from rows. Raises WrongUsage with a sentence if the file is none."""
    rows, troubles = read(source) if isinstance(source, Path) else (list(source), [])
    created = updated = 0
    seen: dict[int, int] = {}
    for row in rows:
        unit_id, new = _unit_of(tx, row, now)
        if unit_id in seen:
            troubles.append(f"第{row.line}行未载入：与第{seen[unit_id]}行是同一单位“{row.name}”。")
            continue
        seen[unit_id] = row.line
        _update(tx, unit_id, row)
        troubles += _add_names(tx, unit_id, row)
        created, updated = created + new, updated + (not new)
    stamp = {"name": "roster_loaded_at", "value": now.astimezone(UTC).isoformat()}
    if rows:
        tx.execute(upsert(tx, facts, ("name",), ("value",)), stamp)
    return RosterReport(created, updated, tuple(troubles))


def _unit_of(tx: Connection, row: RosterRow, now: datetime) -> tuple[int, bool]:
    """The unit of the row: by its name, else one that bears a former name of it, else a new one."""
    found = units.find(tx, row.name)
    for name in row.former if found is None else ():
        found = found or units.find_by_own_name(tx, name)
    return (found, False) if found is not None else units.make(tx, row.name, now, row.name)


def _update(tx: Connection, unit_id: int, row: RosterRow) -> None:
    if units.find_by_own_name(tx, row.name) is None:
        units.rename(tx, unit_id, row.name)
    values = {
        "on_roster": True,
        "member": row.member,
        "salutation": plain(row.salutation, 80) or None,
        "contact": plain(row.contact, 80) or None,
        "mode": row.mode,
        "roster": dict(row.others),
    }
    tx.execute(update(units_table).where(units_table.c.id == unit_id).values(**values))
    standing = set(tx.scalars(select(unit_addresses.c.address).where(unit_addresses.c.unit_id == unit_id)))
    gone = standing - set(row.addresses)
    if gone:
        tx.execute(
            delete(unit_addresses).where(unit_addresses.c.unit_id == unit_id, unit_addresses.c.address.in_(gone))
        )
    new = [{"unit_id": unit_id, "address": address} for address in row.addresses if address not in standing]
    if new:
        tx.execute(insert(unit_addresses), new)


def _add_names(tx: Connection, unit_id: int, row: RosterRow) -> list[str]:
    """Former and short names; one that is another unit's own name is left to a person."""
    troubles = []
    for name in row.former:
        other = units.find_by_own_name(tx, name)
        if other is None:
            units.add_name(tx, unit_id, name)
        elif other != unit_id:
            troubles.append(f"第{row.line}行“{row.name}”的曾用名“{name}”已是另一单位的名称，未作合并，请核对。")
    return troubles
