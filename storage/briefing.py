"""What a digest says: the facts between two moments, read from the register. Only reads.

Numbers as of `end`; what happened lies after `begin` and not after `end`. Nothing is worded here: the letter does that
(outbox/digest.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, select

from intake.beijing import BEIJING
from intake.campaign import Campaign
from storage import audits, briefing_post, dead_addresses, extensions, figures, handwritten, held, sendings
from storage.briefing_facts import Briefing, Entry, Owed, Silent, Waiting
from storage.submissions import choice_of
from storage.tables import choices, followups, messages, receipts, submissions, unit_addresses, units
from storage.tables import held as held_table
from storage.tallies import tally

A_DAY = timedelta(days=1)
MOST_BY_HAND = 20
COLUMNS = ("电话", "手机", "负责人")  # of the roster, as storage/roster_sheet.py keeps them


def read(tx: Connection, campaign: Campaign, begin: datetime, end: datetime) -> Briefing:
    """The facts of a campaign between two moments; its deadline is the one that stands for all."""
    campaign = campaign.until(extensions.deadlines(tx, campaign.id, campaign.deadline, ()).general)
    counted = tally(tx, campaign)
    by_hand, by_hand_count = handwritten.between(tx, begin, end, MOST_BY_HAND)
    said = tuple(row for row in audits.since(tx, begin, end) if row.campaign in ("", campaign.id))
    return Briefing(
        campaign=campaign,
        begin=begin,
        end=end,
        tally=counted,
        days=_days(tx, campaign.id),
        mails=briefing_post.mails(tx, campaign.id, begin, end),
        letters=briefing_post.letters(tx, campaign.id, begin, end),
        entries=tuple(_entries(tx, campaign.id, begin, end)),
        silent=tuple(silent(tx, counted.silent)),
        waiting=waiting(tx, campaign),
        owed=tuple(_owed(tx, campaign.id, end)),
        bounced=tuple(one for one in dead_addresses.all_dead(tx) if begin < one.since <= end),
        troubles=tuple(briefing_post.troubles(tx, campaign.id, begin, end)),
        used=sendings.sent_counts(tx, "", end),
        health=briefing_post.health(tx, begin, end),
        audits=said,
        named=_named(tx, {row.unit_id for row in said if row.unit_id is not None}),
        roster_at=figures.roster_loaded_at(tx),
        by_hand=tuple(by_hand),
        by_hand_count=by_hand_count,
    )


def waiting(tx: Connection, campaign: Campaign) -> tuple[Waiting, ...]:
    """What is open, oldest first, with the evidence of its answer; last what a person has answered by hand."""
    rows = held.list_open(tx, campaign.id)
    options = {choice.id: choice.options for choice in campaign.form.choices if not choice.yes_no}
    answered = handwritten.answered(tx, rows)
    evidence = _evidence(tx, [row.submission_id for row in rows if row.submission_id is not None and row.key])
    return tuple(
        Waiting(
            row,
            *evidence.get((row.submission_id, row.key), ("", "")),
            held.words_of(tx, row, options.get(row.key, ())),
            answered.get(row.id),
        )
        for row in sorted(rows, key=lambda row: row.id in answered)
    )


def silent(tx: Connection, ids: Sequence[int]) -> list[Silent]:
    """Those units with whom to ask, in the roster's order."""
    dead = set(dead_addresses.on_roster(tx))
    bounced = (
        set(tx.scalars(select(unit_addresses.c.unit_id).where(unit_addresses.c.address.in_(dead)))) if dead else set()
    )
    wanted = set(ids)
    columns = (units.c.id, units.c.name, units.c.contact, units.c.roster)
    rows = (row for row in tx.execute(select(*columns).order_by(units.c.id)) if row.id in wanted)
    return [
        Silent(row.name, row.contact or "", row.id in bounced, *(_column(row.roster, name) for name in COLUMNS))
        for row in rows
    ]


def has_news(tx: Connection, campaign: str, begin: datetime, end: datetime) -> bool:
    """Whether anything came, waits for a person, is overdue or was decided: what a quiet campaign reports."""
    came = (messages.c.campaign == campaign, messages.c.handled_at > begin, messages.c.handled_at <= end)
    waits = (held_table.c.campaign == campaign, held_table.c.state == "open")
    checks = (
        select(messages.c.id).where(*came, messages.c.kind != "unrelated"),
        select(held_table.c.id).where(*waits, held_table.c.opened_at <= end),
        select(followups.c.id).where(*_dated(campaign), followups.c.due_at <= end, followups.c.due_at > begin),
    )
    return any(tx.scalar(statement.limit(1)) is not None for statement in checks)


def opened_between(tx: Connection, campaign: str, begin: datetime, end: datetime) -> bool:
    """Whether something that still waits for a person was opened after `begin`, and not after `end`."""
    period = (held_table.c.opened_at > begin, held_table.c.opened_at <= end)
    where = (held_table.c.campaign == campaign, held_table.c.state == "open", *period)
    return tx.scalar(select(held_table.c.id).where(*where).limit(1)) is not None


def _named(tx: Connection, ids: set[int]) -> dict[int, str]:
    rows = tx.execute(select(units.c.id, units.c.name).where(units.c.id.in_(sorted(ids)))) if ids else ()
    return {row.id: row.name for row in rows}


def _days(tx: Connection, campaign: str) -> dict[date, int]:
    """New answers by day in Beijing: the first form of each unit."""
    first = func.min(submissions.c.received_at)
    where = (submissions.c.campaign == campaign, submissions.c.state != "dropped")
    rows = tx.execute(select(submissions.c.unit_id, first.label("at")).where(*where).group_by(submissions.c.unit_id))
    return dict(sorted(Counter(row.at.astimezone(BEIJING).date() for row in rows).items()))


def _entries(tx: Connection, campaign: str, begin: datetime, end: datetime) -> list[Entry]:
    at = func.coalesce(messages.c.handled_at, submissions.c.received_at)
    number = and_(receipts.c.unit_id == submissions.c.unit_id, receipts.c.campaign == submissions.c.campaign)
    statement = (
        select(submissions, receipts.c.number)
        .select_from(
            submissions.outerjoin(messages, submissions.c.message_id == messages.c.id).outerjoin(receipts, number)
        )
        .where(submissions.c.campaign == campaign, submissions.c.state == "standing", at > begin, at <= end)
        .order_by(submissions.c.received_at, submissions.c.id)
    )
    rows = tx.execute(statement).all()
    answers = _answers(tx, [row.id for row in rows])
    return [
        Entry(
            row.unit_name, answers.get(row.id, {}), row.received_at, row.late, row.replaces_id is not None,
            row.number or "", row.channel,
        )
        for row in rows
    ]  # fmt: skip


def _answers(tx: Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in _of_submissions(tx, ids):
        choice = choice_of(row)
        member = choice.already_member and choice.answer == "blank"
        found.setdefault(row.submission_id, {})[row.key] = "already member" if member else choice.answer
    return found


def _evidence(tx: Connection, ids: Sequence[int]) -> dict[tuple[int | None, str], tuple[str, str]]:
    return {(row.submission_id, row.key): (row.evidence, row.place) for row in _of_submissions(tx, ids)}


def _of_submissions(tx: Connection, ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for first in range(0, len(ids), 500):
        some = sorted(ids[first : first + 500])
        found += tx.execute(select(choices).where(choices.c.submission_id.in_(some)).order_by(choices.c.id)).all()
    return found


def _dated(campaign: str) -> tuple[Any, ...]:
    return followups.c.campaign == campaign, followups.c.state.in_(("open", "overdue")), followups.c.due_at.is_not(None)


def _owed(tx: Connection, campaign: str, end: datetime) -> list[Owed]:
    """What is overdue, or due by the end of the next day."""
    statement = (
        select(followups, units.c.name)
        .join_from(followups, units)
        .where(*_dated(campaign), followups.c.due_at <= end + A_DAY)
        .order_by(followups.c.due_at, followups.c.id)
    )
    rows = tx.execute(statement).all()
    by_hand = handwritten.newest(tx, alone=True)
    return [
        Owed(
            row.name, row.reason, row.awaits, row.due_at, row.due_at < end,
            row.unit_id in by_hand and by_hand[row.unit_id] > row.opened_at,
        )
        for row in rows
    ]  # fmt: skip


def _column(roster: Any, name: str) -> str:
    return str(roster.get(name) or "") if isinstance(roster, dict) else ""
