"""What a digest says of the post: mails and letters of a period, letters in trouble, how fetching and sending do."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from storage import figures, gates, outages, sightings
from storage.briefing_facts import Health, Trouble
from storage.letters import BACKLOG
from storage.tables import letters as letters_table
from storage.tables import messages, sendings, units

A_DAY = timedelta(days=1)
_DESK = ("digest", "worklist", "alert", "confirmation")


def mails(tx: Connection, campaign: str, begin: datetime, end: datetime) -> dict[str, int]:
    of = or_(messages.c.campaign == campaign, messages.c.campaign.is_(None))
    where = (of, messages.c.handled_at > begin, messages.c.handled_at <= end, messages.c.kind.is_not(None))
    rows = tx.execute(select(messages.c.kind, func.count()).where(*where).group_by(messages.c.kind))
    return {kind: int(count) for kind, count in rows.all()}


def letters(tx: Connection, campaign: str, begin: datetime, end: datetime) -> dict[str, int]:
    """Letters to units that were sent."""
    columns = letters_table.c
    where = (columns.campaign == campaign, columns.state == "sent", columns.kind.not_in(_DESK))
    period = (columns.settled_at > begin, columns.settled_at <= end)
    rows = tx.execute(select(columns.kind, func.count()).where(*where, *period).group_by(columns.kind))
    return {kind: int(count) for kind, count in rows.all()}


def troubles(tx: Connection, campaign: str, begin: datetime, end: datetime) -> list[Trouble]:
    """Refused, bounced and withdrawn in the period; in doubt, or waiting over a day, at its end."""
    columns = letters_table.c
    settled = and_(
        columns.state.in_(("refused", "bounced", "withdrawn")), columns.settled_at > begin, columns.settled_at <= end
    )
    late = and_(columns.state.in_(("waiting", "deferred")), columns.created_at <= end - A_DAY, columns.next_at <= end)
    statement = (
        select(letters_table, units.c.name)
        .select_from(letters_table.outerjoin(units, columns.unit_id == units.c.id))
        .where(
            columns.campaign == campaign, columns.merged_into_id.is_(None), or_(settled, columns.state == "doubt", late)
        )
        .where(or_(columns.state != "withdrawn", columns.kind.not_in(_DESK)))
        .order_by(columns.id)
    )
    return [
        Trouble(row.kind, row.state, row.recipient, row.name or "", row.settled_at or row.created_at, row.reply or "")
        for row in tx.execute(statement)
    ]


def health(tx: Connection, begin: datetime, end: datetime) -> Health:
    """When every folder was last fetched to its end, when a letter last left, and what is stuck."""
    backlog = (letters_table.c.held_back == BACKLOG, letters_table.c.state == "waiting")
    return Health(
        fetched_at=sightings.fetched_at(sightings.folder_states(tx)),
        sent_at=tx.scalar(select(func.max(sendings.c.at)).where(sendings.c.state == "sent")),
        without_row=figures.without_row(tx),
        unhandled=tx.scalar(select(func.count()).select_from(messages).where(messages.c.state == "received")) or 0,
        backlog=tx.scalar(select(func.count()).select_from(letters_table).where(*backlog)) or 0,
        gates=tuple(gates.all_shut(tx, end)),
        outages=outages.told(tx, begin, end),
    )
