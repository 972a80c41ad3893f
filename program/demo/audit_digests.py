"""Digests held against the calendar: one of each, nothing left out between two, the last one true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from intake.beijing import BEIJING
from intake.campaign import Campaign
from intake.slots import Hours
from intake.workdays import Calendar
from program.demo.play import SECRETARIAT, Played
from program.demo.story import BEGINNING, END, Story
from storage.tables import letters


def differences(tx: Connection, story: Story, played: Played) -> Iterator[str]:
    campaign = played.works.campaigns[0]
    rows = _rows(tx)
    slots = [row.facts["slot"] for row in rows]
    if slots != _expected(campaign):
        yield f"日报的期次不符：{sorted(set(slots) ^ set(_expected(campaign)))}，共{len(slots)}期"
    for earlier, later in pairwise(rows):
        if earlier.facts["end"] != later.facts["begin"]:
            yield f"{later.facts['slot']}的日报没有接上前一期"
    yield from _of_the_last(rows, story)
    repeated = [key for key, count in Counter(row.key for row in _worklists(tx)).items() if count > 1]
    if repeated or not _worklists(tx):
        yield f"待办单有误：{repeated or '一份也没有'}"


def _rows(tx: Connection) -> list[Any]:
    where = (letters.c.kind == "digest", letters.c.state == "sent", letters.c.recipient == SECRETARIAT)
    return list(tx.execute(select(letters).where(*where).order_by(letters.c.id)))


def _worklists(tx: Connection) -> list[Any]:
    return list(tx.execute(select(letters).where(letters.c.kind == "worklist", letters.c.state == "sent")))


def _expected(campaign: Campaign) -> list[str]:
    """Two each working day from the beginning to the deadline, and the closing report."""
    days = (BEGINNING.date() + timedelta(days=number) for number in range((END.date() - BEGINNING.date()).days + 1))
    deadline = campaign.deadline.astimezone(BEIJING)
    usual = [moment for day in days if Calendar().is_workday(day) for moment in _of_day(day) if moment <= deadline]
    return [moment.strftime("%Y-%m-%dT%H:%M") for moment in (*usual, deadline)]


def _of_day(day: date) -> Iterator[Any]:
    for hour in Hours().digest:
        yield BEGINNING.replace(year=day.year, month=day.month, day=day.day, hour=hour.hour, minute=hour.minute)


def _of_the_last(rows: list[Any], story: Story) -> Iterator[str]:
    """The closing report counts as willing whom the story lets say yes and was heard of by then."""
    if not rows:
        return
    end = datetime.fromisoformat(rows[-1].facts["end"])
    said = [name for name, one in story.truth.items() if one.join == "yes"]
    willing = sum(story.heard.get(name, end) <= end for name in said)
    if f"愿意{willing}" not in (rows[-1].subject or ""):
        yield f"截止报告为“{rows[-1].subject}”，实际愿意{willing}家"
