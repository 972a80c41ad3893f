"""What a roster would change: shown before it is loaded, so that a wrong file is noticed in time.

Only reads. A row is matched to its unit exactly as loading does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import rosters, units
from storage.names import name_key
from storage.roster_sheet import RosterRow, Sheet
from storage.tables import unit_addresses
from storage.tables import units as units_table

ASKED_FROM = 0.1  # a person is asked where more than this part of the roster changes


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A unit whose address to write to, or whose copies, differ. Both are main first, then copies."""

    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`before` counts the units of the roster loaded last; `shared` are addresses that stand on several units' rows."""

    before: int
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[AddressChange, ...] = ()
    shared: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def count(self) -> int:
        return len(self.new) + len(self.gone) + len(self.moved)

    @property
    def many(self) -> bool:
        """Whether so much changes that a person should say yes; a first roster changes nothing."""
        return self.before > 0 and self.count > self.before * ASKED_FROM


def compare(tx: Connection, sheet: Sheet) -> Changes:
    """What loading the sheet would change."""
    standing = _standing(tx)
    here = dict(_on_roster(tx))
    rows = {name_key(row.name): row for row in reversed(sheet.rows)}  # of two rows of a unit the first is loaded
    found = {key: rosters.find(tx, row) for key, row in rows.items()}
    staying = {*found.values(), *(units.find(tx, name) for name in sheet.unused)}
    in_order = [(found[name_key(row.name)], row) for row in sheet.rows if rows[name_key(row.name)] is row]
    return Changes(
        before=len(here),
        new=tuple(row.name for unit_id, row in in_order if unit_id not in here),
        gone=tuple(name for unit_id, name in here.items() if unit_id not in staying) if sheet.rows else (),
        moved=tuple(
            AddressChange(row.name, before, after)
            for unit_id, row in in_order
            if unit_id in here and (before := standing.get(unit_id, ())) != (after := _addresses(row))
        ),
        shared=_shared(sheet),
    )


def _addresses(row: RosterRow) -> tuple[str, ...]:
    roles = rosters.roles_of(row)
    return tuple(sorted(roles, key=lambda address: (roles[address] != rosters.MAIN, address)))


def _standing(tx: Connection) -> Mapping[int | None, tuple[str, ...]]:
    found: dict[int | None, list[tuple[bool, str]]] = defaultdict(list)
    for row in tx.execute(select(unit_addresses)):
        found[row.unit_id].append((row.role != rosters.MAIN, row.address))
    return {unit_id: tuple(address for _, address in sorted(some)) for unit_id, some in found.items()}


def _on_roster(tx: Connection) -> list[tuple[int | None, str]]:
    statement = select(units_table.c.id, units_table.c.name).where(units.LISTED)
    return [(row.id, row.name) for row in tx.execute(statement.order_by(units_table.c.id))]


def _shared(sheet: Sheet) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_address: dict[str, dict[str, None]] = defaultdict(dict)
    for row in sheet.rows:
        for address in rosters.roles_of(row):
            by_address[address][row.name] = None
    return tuple((address, tuple(names)) for address, names in by_address.items() if len(names) > 1)
