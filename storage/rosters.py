"""The roster: the association's own list of units, loaded as often as it changes.

Promises: a unit that is known already, by any of its names, is updated and never doubled; a unit that
the newest roster does not name keeps what is known of it, and only `left_roster_at` says so. Never
touches submissions or letters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from storage import dead_addresses, units
from storage.roster_sheet import RosterRow, Sheet, read, write_blank
from storage.sql import plain, upsert
from storage.tables import facts, unit_addresses
from storage.tables import units as units_table

__all__ = ["RosterReport", "RosterRow", "Sheet", "find", "load", "read", "write_blank"]

MAIN, COPY = "main", "copy"


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What loading did; `troubles` are sentences, one for each row that was not (or not wholly) loaded."""

    created: int
    updated: int
    troubles: tuple[str, ...] = ()
    left: int = 0  # units that this roster does not name any more

    @property
    def loaded(self) -> int:
        return self.created + self.updated


def load(tx: Connection, source: Path | Sheet | Sequence[RosterRow], now: datetime) -> RosterReport:
    """Load a roster from an .xlsx file, a sheet read before, or rows. Raises WrongUsage if the file is none."""
    sheet = sheet_of(source)
    troubles = list(sheet.troubles)
    created = updated = 0
    seen: dict[int, int] = {}
    for row in sheet.rows:
        unit_id, new = _unit_of(tx, row, now)
        if unit_id in seen:
            troubles.append(f"第{row.line}行未载入：与第{seen[unit_id]}行是同一单位“{row.name}”。")
            continue
        seen[unit_id] = row.line
        _update(tx, unit_id, row, now)
        troubles += _add_names(tx, unit_id, row)
        created, updated = created + new, updated + (not new)
    left = 0
    if sheet.rows:
        left = _leave(tx, {*seen, *_ids(tx, sheet.unused)}, now)
        stamp = {"name": "roster_loaded_at", "value": now.astimezone(UTC).isoformat()}
        tx.execute(upsert(tx, facts, ("name",), ("value",)), stamp)
    return RosterReport(created, updated, tuple(troubles), left)


def sheet_of(source: Path | Sheet | Sequence[RosterRow]) -> Sheet:
    if isinstance(source, Sheet):
        return source
    return read(source) if isinstance(source, Path) else Sheet(tuple(source))


def find(tx: Connection, row: RosterRow) -> int | None:
    """The unit that a row means: by its name, else one that bears a former name of it."""
    found = units.find(tx, row.name)
    for name in row.former if found is None else ():
        found = found or units.find_by_own_name(tx, name)
    return found


def _unit_of(tx: Connection, row: RosterRow, now: datetime) -> tuple[int, bool]:
    """The unit of the row, made if there is none."""
    found = find(tx, row)
    return (found, False) if found is not None else units.make(tx, row.name, now, row.name)


def _ids(tx: Connection, names: Collection[str]) -> list[int]:
    """Units of rows that could not be used: they have not left."""
    return [found for name in names if (found := units.find(tx, name)) is not None]


def _leave(tx: Connection, staying: Collection[int], now: datetime) -> int:
    """Note that all other units of earlier rosters stand on none any more; gives how many."""
    gone = [unit_id for unit_id in tx.scalars(select(units_table.c.id).where(units.LISTED)) if unit_id not in staying]
    for first in range(0, len(gone), 500):
        some = gone[first : first + 500]
        tx.execute(update(units_table).where(units_table.c.id.in_(some)).values(left_roster_at=now))
    return len(gone)


def _update(tx: Connection, unit_id: int, row: RosterRow, now: datetime) -> None:
    if units.find_by_own_name(tx, row.name) is None:
        units.rename(tx, unit_id, row.name)
    values = {
        "on_roster": True,
        "left_roster_at": None,
        "member": row.member,
        "salutation": plain(row.salutation, 80) or None,
        "contact": plain(row.contact, 80) or None,
        "mode": row.mode,
        "roster": dict(row.others),
    }
    tx.execute(update(units_table).where(units_table.c.id == unit_id).values(**values))
    _keep_addresses(tx, unit_id, roles_of(row), now)


def roles_of(row: RosterRow) -> dict[str, str]:
    """Each address of the row with its role, the one to write to first."""
    every = dict.fromkeys((*row.addresses, *row.copies), COPY)
    return every | ({row.addresses[0]: MAIN} if row.addresses else {})


def _keep_addresses(tx: Connection, unit_id: int, roles: dict[str, str], now: datetime) -> None:
    """Make the unit's addresses those of the row; one that stays the same keeps its row.

    One given anew is written to again, even if a letter came back from it before.
    """
    of_unit = unit_addresses.c.unit_id == unit_id
    standing = {row.address: row.role for row in tx.execute(select(unit_addresses).where(of_unit))}
    if gone := set(standing) - set(roles):
        tx.execute(delete(unit_addresses).where(of_unit, unit_addresses.c.address.in_(gone)))
    for address, role in roles.items():
        if address not in standing:
            tx.execute(insert(unit_addresses).values(unit_id=unit_id, address=address, role=role))
            dead_addresses.lift(tx, address, now)
        elif standing[address] != role:
            tx.execute(update(unit_addresses).where(of_unit, unit_addresses.c.address == address).values(role=role))


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
