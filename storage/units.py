"""Units: found by name, near names proposed, made when a submission needs one.

Promises: a name that belongs to one unit finds that unit; anything less certain is proposed, never
merged. Never deletes a unit.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, and_, bindparam, exists, insert, select, update

from intake.known import UnitKnown
from storage.names import Names, name_key, resembles
from storage.prepared import Prepared
from storage.sql import adding, keyed, plain
from storage.tables import held, receipts, submissions, unit_addresses, unit_names, units


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; `former` are its former and short names, `addresses` those of its roster row."""

    id: int
    name: str
    on_roster: bool
    member: bool | None
    salutation: str
    contact: str
    mode: str
    former: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


NAMELESS = "（未填写单位名称）"
LISTED = and_(units.c.on_roster.is_(True), units.c.left_roster_at.is_(None))  # on the roster loaded last
_OWN_NAME = keyed(lambda among: select(units).where(among(units.c.name_key)))
_OTHER_NAME = keyed(
    lambda among: select(unit_names.c.name_key, unit_names.c.unit_id).where(among(unit_names.c.name_key))
)
_UNIT = keyed(lambda among: select(units).where(among(units.c.id)))
_ADDRESSES = keyed(
    lambda among: (
        select(unit_addresses.c.unit_id, unit_addresses.c.address)
        .where(among(unit_addresses.c.unit_id))
        .order_by(unit_addresses.c.id)
    )
)
_NAMES: WeakKeyDictionary[Connection, Names] = WeakKeyDictionary()
_OWN_KEYS = Prepared(select(units.c.name_key))
_OTHER_KEYS = Prepared(select(unit_names.c.name_key))
_PROPOSED_ONLY = select(
    exists().where(
        and_(
            held.c.submission_id == submissions.c.id,
            submissions.c.unit_id == bindparam("unit"),
            held.c.reason == "near-name",
            held.c.state == "open",
        )
    )
)
_AT_ADDRESS = Prepared(select(unit_addresses.c.unit_id).where(unit_addresses.c.address == bindparam("written")))
_MAKE = adding(units, "id")
_RECEIPT = Prepared(
    select(receipts.c.number).where(
        receipts.c.campaign == bindparam("in_campaign"), receipts.c.unit_id == bindparam("unit")
    )
)
_GIVE_RECEIPT = adding(receipts, "number")


def known_units(tx: Connection, names: Sequence[str], writer: Sequence[int] = ()) -> tuple[UnitKnown, ...]:
    """What the register holds of the unit each name means, in order, with near names where that is doubtful.

    `writer` are the units on whose roster row the sender's address stands: a name that resembles
    theirs is near, whatever the difference is.
    """
    keys = [name_key(name) for name in names]
    found = _find(tx, keys)
    known = [rows[0] for rows in found.values() if len(rows) == 1]
    addresses = addresses_of(tx, [row.id for row in known if row.on_roster])
    return tuple(
        _known_one(tx, found[key][0], name, addresses)
        if len(found.get(key, ())) == 1
        else UnitKnown(name=name, near=_doubtful(tx, key, found.get(key, ()), writer))
        for name, key in zip(names, keys, strict=True)
    )


def find(tx: Connection, name: str) -> int | None:
    """The one unit of that name, by its own, a former or a short name; None where there is none or more than one."""
    key = name_key(name)
    found = _find(tx, [key]).get(key, ())
    return int(found[0].id) if len(found) == 1 else None


def find_by_own_name(tx: Connection, name: str) -> int | None:
    """The unit that bears this name now."""
    rows = _OWN_NAME.run(tx, [name_key(name)])
    return int(rows[0].id) if rows else None


def make(tx: Connection, name: str, now: datetime, sender: str) -> tuple[int, bool]:
    """The unit of that name, and whether it was made now. A form without one is the unit of its sender alone."""
    key = name_key(name)
    shown = plain(name.strip(), 200) if key else NAMELESS
    key = key or f"<{plain(sender, 190)}>"  # no name has a key with <
    row = {"name": shown, "name_key": key, "created_at": now}
    defaults = {"on_roster": False, "mode": "auto"}
    written = _MAKE.scalar(tx, row | defaults)
    if written is not None:
        if tx in _NAMES:
            _NAMES[tx].add(key)
        return int(written), True
    return int(tx.execute(select(units.c.id).where(units.c.name_key == key)).scalar_one()), False


def give_receipt(tx: Connection, campaign: str, unit_id: int, *, new: bool = False) -> str:
    """The unit's receipt number in the campaign: six digits, drawn at random once, kept by corrections.

    `new` says that it can have none yet, which saves a look.
    """
    where = {"in_campaign": campaign, "unit": unit_id}
    number: str | None = None if new else _RECEIPT.scalar(tx, where)
    while number is None:
        row = {"campaign": campaign, "unit_id": unit_id, "number": _new_number()}
        number = _GIVE_RECEIPT.scalar(tx, row) or _RECEIPT.scalar(tx, where)
    return number


def addresses_of(tx: Connection, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The addresses on the roster rows of these units."""
    found: dict[int, list[str]] = {}
    for row in _ADDRESSES.run(tx, list(ids)):
        found.setdefault(row.unit_id, []).append(row.address)
    return {unit_id: tuple(addresses) for unit_id, addresses in found.items()}


def by_address(tx: Connection, address: str) -> tuple[int, ...]:
    """The units on whose roster row the address stands."""
    return tuple(_AT_ADDRESS.scalars(tx, {"written": address}))


def get(tx: Connection, unit_id: int) -> Unit | None:
    row = next(iter(_UNIT.run(tx, [unit_id])), None)
    if row is None:
        return None
    former = tuple(tx.scalars(select(unit_names.c.name).where(unit_names.c.unit_id == unit_id)))
    return Unit(
        id=unit_id,
        name=row.name,
        on_roster=row.on_roster,
        member=row.member,
        salutation=row.salutation or "",
        contact=row.contact or "",
        mode=row.mode,
        former=former,
        addresses=addresses_of(tx, [unit_id]).get(unit_id, ()),
    )


def add_name(tx: Connection, unit_id: int, name: str) -> None:
    """Another name by which the unit is known from now on."""
    row = {"unit_id": unit_id, "name": plain(name.strip(), 200), "name_key": name_key(name)}
    standing = select(unit_names.c.id).where(unit_names.c.unit_id == unit_id, unit_names.c.name_key == row["name_key"])
    if row["name_key"] and tx.scalar(standing) is None:
        tx.execute(insert(unit_names), row)
        forget_names(tx)


def near_ids(tx: Connection, name: str, but: int | None = None) -> list[int]:
    """The units whose names are near to this one, as a person was told of them."""
    return _near_ids(tx, name_key(name), but)


def retire_name(tx: Connection, unit_id: int, now: datetime) -> None:
    """A unit made for a name that turned out to be another unit's: the name no longer finds it."""
    retired = f"<{unit_id} {now.astimezone(UTC):%Y-%m-%d}>"  # no name has a key with <
    tx.execute(update(units).where(units.c.id == unit_id).values(name_key=retired))
    forget_names(tx)


def rename(tx: Connection, unit_id: int, name: str) -> None:
    """The unit goes by a new name now; the old one is kept as a former name."""
    old = tx.scalar(select(units.c.name).where(units.c.id == unit_id))
    values = {"name": plain(name.strip(), 200), "name_key": name_key(name)}
    tx.execute(update(units).where(units.c.id == unit_id).values(**values))
    forget_names(tx)
    if old and name_key(old) != values["name_key"]:
        add_name(tx, unit_id, old)


def forget_names(tx: Connection) -> None:
    """Names were changed: what this transaction has read of them holds no more."""
    _NAMES.pop(tx, None)


def _new_number() -> str:
    return str(100_000 + secrets.randbelow(900_000))


def _find(tx: Connection, keys: Sequence[str]) -> dict[str, list[Any]]:
    """Units by key: one that bears the name now goes before those that bore it, or bear it as a short name."""
    names = _NAMES.get(tx)
    wanted = [key for key in dict.fromkeys(keys) if key and (names is None or key in names)]
    if not wanted:
        return {}
    found: dict[str, list[Any]] = {row.name_key: [row] for row in _OWN_NAME.run(tx, wanted)}
    other = _OTHER_NAME.run(tx, [key for key in wanted if key not in found])
    rows = {row.id: row for row in _UNIT.run(tx, sorted({row.unit_id for row in other}))}
    for key, unit_id in dict.fromkeys((row.name_key, row.unit_id) for row in other):
        found.setdefault(key, []).append(rows[unit_id])
    return found


def _known_one(tx: Connection, row: Any, written: str, addresses: Mapping[int, tuple[str, ...]]) -> UnitKnown:
    """A unit found by name; one that exists only as a proposal for a near name is not known yet."""
    if not row.on_roster and tx.scalar(_PROPOSED_ONLY, {"unit": row.id}):
        close = _near(tx, row.name_key, but=row.id)
        if close:
            return UnitKnown(name=written, near=close)
    return UnitKnown(
        unit_id=row.id,
        name=row.name,
        on_roster=row.on_roster,
        member=row.member,
        roster_addresses=addresses.get(row.id, ()),
    )


def _doubtful(tx: Connection, key: str, several: Sequence[Any], writer: Sequence[int]) -> tuple[str, ...]:
    if several:  # a short name of more than one unit
        return tuple(row.name for row in several)
    if not key:
        return ()
    own = [row.name for row in _UNIT.run(tx, writer) if resembles(key, row.name_key)]
    return tuple(dict.fromkeys((*own, *_near(tx, key))))


def _near(tx: Connection, key: str, but: int | None = None) -> tuple[str, ...]:
    return tuple(row.name for row in _UNIT.run(tx, _near_ids(tx, key, but)))


def _near_ids(tx: Connection, key: str, but: int | None) -> list[int]:
    """Units that one of whose names is near."""
    found = {row.id for rows in _find(tx, _names(tx).near(key)).values() for row in rows}
    return sorted(found - {but})


def _names(tx: Connection) -> Names:
    """All keys as this transaction sees them: several mails are recorded in one, and each may look among all names."""
    if tx not in _NAMES:
        _NAMES[tx] = Names((*_OTHER_KEYS.scalars(tx), *_OWN_KEYS.scalars(tx)))
    return _NAMES[tx]
