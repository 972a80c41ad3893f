"""Follow-ups held against the story: what was owed, how often it was reminded of, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from program.demo import audit_notice
from program.demo.events import Owed
from program.demo.story import Story
from storage.tables import chasings, followups, held, units

REMINDERS = ("before", "after")


def differences(tx: Connection, story: Story) -> Iterator[str]:
    found, expected = owed(tx), set(story.owed)
    for one in sorted(found - expected, key=str):
        yield f"登记的待补正事项与实际不符：{one}"
    for one in sorted(expected - found, key=str):
        yield f"应有的待补正事项未见：{one}"
    yield from _of_letters(tx, story)
    yield from _of_held(tx, story)


def owed(tx: Connection) -> set[Owed]:
    """What the register says that units owed."""
    steps: Counter[int] = Counter()
    for row in tx.execute(select(chasings.c.followup_id).where(chasings.c.round.in_(REMINDERS))):
        steps[row.followup_id] += 1
    rows = tx.execute(select(followups, units.c.name).join_from(followups, units)).all()
    return {
        Owed(row.name, row.awaits, row.state, steps[row.id], row.handed_at is not None and row.closed_at is None)
        for row in rows
    }


def _of_letters(tx: Connection, story: Story) -> Iterator[str]:
    """A chasing letter for each reminder; each left before the answer came."""
    expected = Counter({one.unit: one.reminders for one in story.owed if one.reminders})
    sent = [row for row in audit_notice.rows(tx) if row.kind == "question" and row.state == "sent"]
    found = Counter(row.unit for row in sent)
    for name in sorted(expected | found):
        if expected[name] != found[name]:
            yield f"{name}：追问信发了{found[name]}封，应为{expected[name]}封"


def _of_held(tx: Connection, story: Story) -> Iterator[str]:
    """Who never answered is given to a person, once."""
    expected = Counter(one.unit for one in story.owed if one.handed)
    told = select(units.c.name).join_from(held, units, held.c.unit_id == units.c.id)
    found = Counter(tx.scalars(told.where(held.c.message_id.is_(None), held.c.reason == "overdue")))
    for name in sorted(expected | found):
        if expected[name] != found[name]:
            yield f"{name}：转秘书处{found[name]}件，应为{expected[name]}件"
