"""Reminders in the register: who is invited and may be reminded, and one letter a round and unit.

Invited are the units of the roster whose notice went out: whose circular was sent. A campaign of
which this register holds no circular at all was announced by other means, to all of the roster, on
the day it opened. Never decides when a round is; whether a unit is silent, `signs` tells.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from intake.outcome import LetterDraft
from storage import letters, units
from storage.names import name_key
from storage.signs import Someone
from storage.sql import insert_new
from storage.tables import letters as letters_table
from storage.tables import rounds, unit_addresses, unit_names
from storage.tables import units as units_table

KIND = "reminder"
SUPERSEDED = "尚未发出，并入下一轮提醒"


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
    notices = _notices(tx, campaign, among)
    chosen = units.LISTED if among is None else units.LISTED & units_table.c.id.in_(sorted(among))
    rows = tx.execute(select(units_table).where(chosen).order_by(units_table.c.id)).all()
    if notices is not None:
        rows = [row for row in rows if row.id in notices]
    addresses, names = _addresses(tx, among), _names(tx, among)
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


def _notices(tx: Connection, campaign: str, among: Collection[int] | None) -> dict[int, datetime] | None:
    """When the newest circular to each unit was sent; None where none was ever made.

    A circular said in another letter shares that one's fate.
    """
    said_in = letters_table.alias()
    of_units = (
        letters_table.c.kind == "circular",
        letters_table.c.campaign == campaign,
        letters_table.c.unit_id.is_not(None),
    )
    chosen = () if among is None else (letters_table.c.unit_id.in_(sorted(among)),)
    state = func.coalesce(said_in.c.state, letters_table.c.state)
    at = func.max(func.coalesce(said_in.c.settled_at, letters_table.c.settled_at))
    both = letters_table.outerjoin(said_in, letters_table.c.merged_into_id == said_in.c.id)
    rows = tx.execute(
        select(letters_table.c.unit_id, at.label("at"))
        .select_from(both)
        .where(*of_units, *chosen, state == "sent")
        .group_by(letters_table.c.unit_id)
    ).all()
    if not rows and tx.scalar(select(letters_table.c.id).where(*of_units).limit(1)) is None:
        return None
    return {row.unit_id: row.at for row in rows}


def _addresses(tx: Connection, among: Collection[int] | None) -> dict[int, list[str]]:
    """The addresses of the units' roster rows, the one to write to first."""
    statement = select(unit_addresses).order_by(unit_addresses.c.role.desc(), unit_addresses.c.id)  # main before copy
    return _by_unit(tx, statement, unit_addresses, among, lambda row: str(row.address))


def _names(tx: Connection, among: Collection[int] | None) -> dict[int, list[str]]:
    return _by_unit(tx, select(unit_names), unit_names, among, lambda row: name_key(row.name))


def _by_unit(
    tx: Connection, statement: Any, table: Any, among: Collection[int] | None, of: Any
) -> dict[int, list[str]]:
    if among is not None:
        statement = statement.where(table.c.unit_id.in_(sorted(among)))
    found: dict[int, list[str]] = {}
    for row in tx.execute(statement):
        found.setdefault(row.unit_id, []).append(of(row))
    return found
