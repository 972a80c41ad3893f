"""Reminders in the register: who is invited and may be reminded, and one letter a round and unit.

Invited are the units of the roster whose notice went out: whose circular was sent. A campaign of
which this register holds no circular at all was announced by other means, to all of the roster, on
the day it opened. Never decides when a round is; whether a unit is silent, `signs` tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from intake.outcome import LetterDraft
from storage import letters, units
from storage.names import name_key
from storage.prepared import Prepared
from storage.signs import Someone
from storage.sql import insert_new, keyed
from storage.tables import letters as letters_table
from storage.tables import rounds, unit_addresses, unit_names
from storage.tables import units as units_table

KIND = "reminder"
SUPERSEDED = "尚未发出，并入下一轮提醒"

_said_in = letters_table.alias()
_CIRCULARS = (
    letters_table.c.campaign == bindparam("in_campaign"),
    letters_table.c.kind == "circular",
    letters_table.c.unit_id.is_not(None),
)
_SENT_AT = func.max(func.coalesce(_said_in.c.settled_at, letters_table.c.settled_at)).label("at")
_ANY_NOTICE = Prepared(select(letters_table.c.id).where(*_CIRCULARS).limit(1))
_NOTICES = keyed(
    lambda among: (
        select(letters_table.c.unit_id, _SENT_AT)
        .select_from(letters_table.outerjoin(_said_in, letters_table.c.merged_into_id == _said_in.c.id))
        .where(*_CIRCULARS, among(letters_table.c.unit_id))
        .where(func.coalesce(_said_in.c.state, letters_table.c.state) == "sent")
        .group_by(letters_table.c.unit_id)
    )
)
_UNITS = keyed(
    lambda among: select(*(units_table.c[name] for name in ("id", "name", "name_key", "salutation", "mode"))).where(
        units.LISTED, among(units_table.c.id)
    )
)
_ADDRESSES = keyed(
    lambda among: (
        select(unit_addresses.c.unit_id, unit_addresses.c.address)
        .where(among(unit_addresses.c.unit_id))
        .order_by(unit_addresses.c.role.desc(), unit_addresses.c.id)
    )  # main before copy: the one to write to first
)
_NAMES = keyed(lambda among: select(unit_names.c.unit_id, unit_names.c.name).where(among(unit_names.c.unit_id)))


@dataclass(frozen=True, slots=True)
class Invited:
    """A unit that may be reminded. `address` is where its letters go, "" where it has none.

    `notice_at` is when its circular was sent, None where the register knows of no circular at all.
    `mode`: auto, manual or none, as the roster says.
    """

    someone: Someone
    name: str
    salutation: str
    mode: str
    address: str
    notice_at: datetime | None

    @property
    def unit_id(self) -> int:
        return self.someone.unit_id


def invited(tx: Connection, campaign: str, among: Collection[int] | None = None) -> list[Invited]:
    """The units to whom the campaign's notice went, of all or among some, in the order of the roster."""
    some = None if among is None else sorted(among)
    notices = _notices(tx, campaign, some)
    rows = sorted(_UNITS.run(tx, some), key=lambda row: row.id)
    if notices is not None:
        rows = [row for row in rows if row.id in notices]
    addresses = _by_unit((row.unit_id, row.address) for row in _ADDRESSES.run(tx, some))
    names = _by_unit((row.unit_id, name_key(row.name)) for row in _NAMES.run(tx, some))
    return [
        Invited(
            Someone(row.id, (row.name_key, *names.get(row.id, ())), tuple(addresses.get(row.id, ()))),
            row.name, row.salutation or "", row.mode, next(iter(addresses.get(row.id, ())), ""),
            notices[row.id] if notices is not None else None,
        )
        for row in rows
    ]  # fmt: skip


def is_done(tx: Connection, campaign: str, name: str) -> bool:
    """Whether the letters of a round are written."""
    return tx.scalar(select(rounds.c.id).where(rounds.c.campaign == campaign, rounds.c.name == name)) is not None


def finish(tx: Connection, campaign: str, name: str, at: datetime, now: datetime, written: int) -> None:
    """The letters of a round are written, so many: it never happens again."""
    row = {"campaign": campaign, "name": name, "at": at, "queued_at": now, "letters": written}
    tx.execute(insert_new(tx, rounds), row)


def write(tx: Connection, drafts: Sequence[tuple[int, LetterDraft]], *, now: datetime, domain: str) -> int:
    """One letter for each unit; what waits of an earlier round is taken back. Gives how many are new."""
    waiting = _waiting(tx, {draft.campaign for _, draft in drafts})
    taken_back: list[int] = []
    written = 0
    for unit_id, draft in drafts:
        _, new = letters.write(tx, draft, now=now, domain=domain, unit_id=unit_id)
        written += new
        taken_back += waiting.get(unit_id, ()) if new else ()
    for first in range(0, len(taken_back), 500):
        letters.withdraw(tx, taken_back[first : first + 500], now, SUPERSEDED)
    return written


def _waiting(tx: Connection, campaigns: Collection[str]) -> dict[int, list[int]]:
    """The reminders that wait, by unit."""
    found: dict[int, list[int]] = {}
    rows = tx.execute(
        select(letters_table.c.id, letters_table.c.unit_id).where(
            letters_table.c.campaign.in_(sorted(campaigns)),
            letters_table.c.kind == KIND,
            letters_table.c.state.in_(("waiting", "deferred")),
        )
    )
    for row in rows:
        found.setdefault(row.unit_id, []).append(row.id)
    return found


def _notices(tx: Connection, campaign: str, among: Sequence[int] | None) -> dict[int, datetime] | None:
    """When the newest circular to each unit was sent; None where none was ever made.

    A circular said in another letter shares that one's fate.
    """
    rows = _NOTICES.run(tx, among, in_campaign=campaign)
    if not rows and _ANY_NOTICE.scalar(tx, {"in_campaign": campaign}) is None:
        return None
    return {row.unit_id: row.at for row in rows}


def _by_unit(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for unit_id, each in pairs:
        found.setdefault(unit_id, []).append(each)
    return found
