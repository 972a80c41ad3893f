"""The numbers of the register: for `intake status`, the digest and the ledger. Only reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from storage import dead_addresses, gates, ledger_standings, outages
from storage.mails import unrecorded
from storage.plain_rows import Gate, Outage
from storage.sightings import FolderState, folder_states
from storage.tables import choices, facts, followups, held, letters, messages, submissions, units
from storage.units import LISTED


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by state, kind and answer; of one campaign where one was named.

    `choices` counts the standing submissions by choice and answer, `late` those among them that are
    late, `accepted` those that a person let count though late; `standings` the units by where they stand;
    `held` what is open by reason; `letters` by kind and state; `backlog` the letters that wait
    for `intake adopt`; `without_row` the mails on the server that have no row.
    """

    messages: dict[str, int]
    kinds: dict[str, int]
    submissions: dict[str, int]
    late: int
    disputed: int
    accepted: int
    standings: dict[str, int]
    choices: dict[str, dict[str, int]]
    held: dict[str, int]
    followups: dict[str, int]
    letters: dict[str, dict[str, int]]
    backlog: int
    without_row: int
    roster_units: int
    roster_answered: int
    folders: tuple[FolderState, ...]
    gates: tuple[Gate, ...]
    outages: tuple[Outage, ...] = ()  # fetching or sending that fails now
    dead_addresses: tuple[str, ...] = ()  # of the roster, to which neither reminder nor circular goes

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, times as ISO text, for `intake status --json`."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def status(tx: Connection, now: datetime, campaign: str | None = None) -> Figures:
    """All figures as of one moment; `now` tells which gates are still shut."""
    standing = (*_of(submissions.c.campaign, campaign), submissions.c.state == "standing")
    mails = _of(messages.c.campaign, campaign)
    return Figures(
        messages=_by(tx, messages.c.state, *mails) | _waiting(tx, campaign),
        kinds=_by(tx, messages.c.kind, messages.c.kind.is_not(None), *mails),
        submissions=_by(tx, submissions.c.state, *_of(submissions.c.campaign, campaign)),
        late=_count(tx, submissions, submissions.c.lateness == "late", *standing),
        disputed=_count(tx, submissions, submissions.c.lateness == "disputed", *standing),
        accepted=_count(tx, submissions, submissions.c.accepted_at.is_not(None), *standing),
        standings=ledger_standings.tallies(tx, campaign),
        choices=tallies(tx, campaign),
        held=_by(tx, held.c.reason, held.c.state == "open", *_of(held.c.campaign, campaign)),
        followups=_by(tx, followups.c.state, *_of(followups.c.campaign, campaign)),
        letters=_letters(tx, campaign),
        backlog=_count(tx, letters, letters.c.held_back == "backlog", letters.c.state == "waiting"),
        without_row=without_row(tx),
        roster_units=_count(tx, units, LISTED),
        roster_answered=_count(tx, units, LISTED, exists().where(*_answered(standing))),
        folders=tuple(folder_states(tx)),
        gates=tuple(gates.all_shut(tx, now)),
        outages=tuple(one for one in outages.since(tx, now) if one.ended_at is None),
        dead_addresses=tuple(dead_addresses.on_roster(tx)),
    )


def without_row(tx: Connection) -> int:
    """Mails on the server that have no row, or none with their bytes, as far as is known."""
    return unrecorded(tx) + outages.missing(tx)


def waiting_letters(tx: Connection) -> int:
    """All that would leave now or later of themselves."""
    return _count(tx, letters, letters.c.state.in_(("waiting", "deferred")), letters.c.held_back == "")


def waiting_for_units(tx: Connection) -> int:
    """Letters to units that would leave now or later of themselves."""
    kinds = letters.c.kind.not_in(("digest", "worklist", "alert", "confirmation"))
    waiting = letters.c.state.in_(("waiting", "deferred")), letters.c.held_back == ""
    return _count(tx, letters, kinds, *waiting)


def tallies(tx: Connection, campaign: str | None = None) -> dict[str, dict[str, int]]:
    """How many standing submissions give which answer, by choice."""
    where = [submissions.c.state == "standing", *_of(submissions.c.campaign, campaign)]
    statement = (
        select(choices.c.key, choices.c.answer, func.count())
        .join_from(choices, submissions)
        .where(*where)
        .group_by(choices.c.key, choices.c.answer)
        .order_by(choices.c.key, choices.c.answer)
    )
    return _nested(tx, statement)


def roster_loaded_at(tx: Connection) -> datetime | None:
    """When a roster was last loaded; None if never."""
    value = tx.scalar(select(facts.c.value).where(facts.c.name == "roster_loaded_at"))
    return datetime.fromisoformat(value) if value else None


def _answered(standing: tuple[ColumnElement[bool], ...]) -> tuple[ColumnElement[bool], ...]:
    return (and_(submissions.c.unit_id == units.c.id), *standing)


def _waiting(tx: Connection, campaign: str | None) -> dict[str, int]:
    """A mail not handled yet belongs to no campaign: it is counted in each."""
    if campaign is None:
        return {}
    waiting = _count(tx, messages, messages.c.state == "received", messages.c.campaign.is_(None))
    return {"received": waiting} if waiting else {}


def _letters(tx: Connection, campaign: str | None) -> dict[str, dict[str, int]]:
    statement = (
        select(letters.c.kind, letters.c.state, func.count())
        .where(*_of(letters.c.campaign, campaign))
        .group_by(letters.c.kind, letters.c.state)
        .order_by(letters.c.kind, letters.c.state)
    )
    return _nested(tx, statement)


def _nested(tx: Connection, statement: Any) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for outer, inner, count in tx.execute(statement):
        found.setdefault(outer, {})[inner] = count
    return found


def _of(column: Any, campaign: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if campaign is None else (column == campaign,)


def _by(tx: Connection, column: Any, *where: Any) -> dict[str, int]:
    statement = select(column, func.count()).where(*where).group_by(column).order_by(column)
    return {key: int(count) for key, count in tx.execute(statement).all()}


def _count(tx: Connection, table: Any, *where: Any) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
