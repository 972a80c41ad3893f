"""联络员: whom a unit has named to keep in touch, at first the form's contact; every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import liaisons


@dataclass(frozen=True, slots=True)
class Liaison:
    """`values` are texts by the form's field; `confirmed_by` None where it is the form's contact."""

    values: Mapping[str, str]
    since: datetime
    until: datetime | None
    confirmed_by: str | None


_OF = (liaisons.c.campaign == bindparam("in_campaign"), liaisons.c.unit_id == bindparam("unit"))
_ALL = Prepared(
    select(liaisons.c["values"], liaisons.c.since, liaisons.c.until, liaisons.c.confirmed_by)
    .where(*_OF)
    .order_by(liaisons.c.id),
    Liaison,
)
_END = Prepared(update(liaisons).where(*_OF, liaisons.c.until.is_(None)).values(until=bindparam("now")))
_ADD = Prepared(insert(liaisons).inline())


def history(tx: Connection, campaign: str, unit_id: int) -> list[Liaison]:
    """Every liaison of the unit, oldest first; the last one is the present one."""
    return _ALL.all(tx, {"in_campaign": campaign, "unit": unit_id})


def current(tx: Connection, campaign: str, unit_id: int) -> Liaison | None:
    """The unit's liaison now; None where no form has named one."""
    return next((one for one in reversed(history(tx, campaign, unit_id)) if one.until is None), None)


def name(
    tx: Connection,
    campaign: str,
    unit_id: int,
    values: Mapping[str, Any],
    now: datetime,
    by: str | None = None,
    *,
    new_unit: bool = False,
) -> bool:
    """Take these values for the unit's liaison; False if nothing changes.

    What they do not say is kept. A form's contact (`by` None) never takes the place of one that a person confirmed.
    `new_unit` says that it can have none yet, which saves a look.
    """
    standing = None if new_unit else current(tx, campaign, unit_id)
    old = dict(standing.values) if standing else {}
    new = old | {key: plain(str(value), 320) for key, value in values.items() if value}
    if new == old or (by is None and standing is not None and standing.confirmed_by is not None):
        return False
    if standing is not None:
        _END.run(tx, {"in_campaign": campaign, "unit": unit_id, "now": now})
    row = {"campaign": campaign, "unit_id": unit_id, "values": new, "since": now, "confirmed_by": by}
    _ADD.run(tx, row)
    return True
