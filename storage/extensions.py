"""Later deadlines that a person granted, to one unit or to all; the first deadline stays beside each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select

from storage.prepared import Prepared
from storage.sql import keyed, plain
from storage.tables import extensions


@dataclass(frozen=True, slots=True)
class Deadlines:
    """A campaign's deadlines as they stand: `general` for all, `of_unit` where a unit has one of its own."""

    general: datetime
    of_unit: dict[int, datetime]

    def of(self, unit_id: int | None) -> datetime:
        """A unit's own date never takes away what all were given."""
        return max(self.general, self.of_unit.get(unit_id, self.general)) if unit_id is not None else self.general


_ROWS = (
    select(extensions.c.unit_id, extensions.c.deadline)
    .where(extensions.c.campaign == bindparam("in_campaign"))
    .order_by(extensions.c.id)
)
_ALL = Prepared(_ROWS)
_SOME = keyed(lambda among: _ROWS.where(or_(extensions.c.unit_id.is_(None), among(extensions.c.unit_id))))


def grant(
    tx: Connection, campaign: str, unit_id: int | None, deadline: datetime, original: datetime, by: str, now: datetime
) -> None:
    """Write a later deadline; `original` is the campaign's own."""
    row = {"campaign": campaign, "unit_id": unit_id, "original": original, "deadline": deadline}
    tx.execute(insert(extensions), row | {"at": now, "granted_by": plain(by, 320)})


def deadlines(tx: Connection, campaign: str, original: datetime, units: Iterable[int] | None = None) -> Deadlines:
    """The deadlines as they stand now, of these units (None: every unit that has one of its own)."""
    if units is None:
        rows: Iterable[Any] = _ALL.all(tx, {"in_campaign": campaign})
    else:
        rows = _SOME.run(tx, list(units) or [0], in_campaign=campaign)  # 0: no unit's, those for all
    newest = {row.unit_id: row.deadline for row in rows}
    return Deadlines(newest.pop(None, original), newest)
