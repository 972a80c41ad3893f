"""Reminders held against the story: one a round to each unit that was silent, and to nobody else.

A reminder may only leave before its unit was heard of. A unit goes without one only if it was heard of
before the round had left, its letters come back, or its notice was too fresh.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from intake.beijing import BEIJING
from program.demo import audit_notice
from program.demo.events import at
from program.demo.story import Story

ROUNDS = {
    "20161202-7": at("11-25", "10:00"),
    "20161202-3": at("11-29", "10:00"),
    "20161202-1": at("12-01", "10:00"),
}
QUIET_WORKDAYS = 3
SEEN_AFTER = timedelta(minutes=2)  # a mail may come while a letter is on its way


def differences(tx: Connection, story: Story) -> Iterator[str]:
    sent: dict[str, dict[str, datetime]] = {name: {} for name in ROUNDS}
    notified: defaultdict[str, list[Any]] = defaultdict(list)
    for row in audit_notice.rows(tx):
        if row.kind == "circular" and row.claimed_at:
            notified[row.unit].append(row.claimed_at)
        if row.kind == "reminder" and row.state in ("sent", "bounced"):
            yield from _of_one(row, story)
            sent.setdefault(row.key.rpartition("/")[2], {})[row.unit] = row.claimed_at
    if unknown := sorted(sent.keys() - ROUNDS.keys()):
        yield f"提醒的轮次有误：{unknown}"
    for name, begun in ROUNDS.items():
        last = max((*sent[name].values(), begun))
        for unit in story.units:
            if unit.name not in sent[name] and not _may_miss(unit.name, story, notified[unit.name], begun, last):
                yield f"{unit.name}在{begun:%m月%d日}的一轮中应得提醒而未得"


def _of_one(row: Any, story: Story) -> Iterator[str]:
    heard = story.heard.get(row.unit)
    if heard and heard + SEEN_AFTER < row.claimed_at:
        yield f"{row.unit}已于{heard:%m月%d日%H:%M}来信，此后仍被提醒"
    if row.recipient in _dead(story, row.claimed_at):
        yield f"{row.unit}的{row.recipient}已退信，仍被提醒"


def _may_miss(name: str, story: Story, notified: list[datetime], begun: datetime, last: datetime) -> bool:
    heard = story.heard.get(name)
    if heard and heard < last:
        return True
    if any(one.unit == name and not one.corrected for one in story.returned if one.permanent):
        return True
    return _workdays_after(max(notified), QUIET_WORKDAYS) >= begun.date()


def _dead(story: Story, now: datetime) -> Mapping[str, datetime]:
    """Addresses that a letter had come back from for good."""
    told = {one.address: one.told_at for one in story.returned if one.permanent and one.told_at}
    return {address: when for address, when in told.items() if when < now}


def _workdays_after(moment: datetime, days: int) -> date:
    """So many days from Monday to Friday later; the weeks of the story have no others off."""
    day = moment.astimezone(BEIJING).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
