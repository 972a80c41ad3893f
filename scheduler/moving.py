"""A unit goes from one status to the next, with the follow-ups that begin and end with it; stages are opened.

The table of intake/standing.py is asked before anything is written. Each function writes in the
caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from intake import followups as rules_of_followups
from intake import stages, standing
from intake.errors import WrongUsage
from intake.workdays import Calendar
from scheduler.duties import Duties, ask_materials, opened
from storage import followups, standings
from storage import stages as opened_stages
from storage.followups import FollowUp


def open_stage(tx: Connection, duties: Duties, name: str, by: str, now: datetime) -> int:
    """Open a stage and ask its materials of every unit that intends to join; gives how many units are asked.

    Raises WrongUsage for a stage that is unknown, open already, or whose turn has not come.
    """
    names = [stage.name for stage in duties.stages]
    if name not in names:
        usable = f"可用：{'、'.join(names)}" if names else "本活动没有设置阶段"
        raise WrongUsage(name, sentence=f"没有名为“{name}”的阶段，{usable}。")
    open_now = opened(tx, duties)
    if name in open_now:
        raise WrongUsage(name, sentence=f"阶段“{name}”已经开启，未作改动。")
    before = names[names.index(name) - 1]
    if before not in open_now:
        raise WrongUsage(name, sentence=f"请先开启前一阶段“{before}”。")
    opened_stages.open_stage(tx, duties.campaign.id, name, by, now)
    units = standings.with_status(tx, duties.campaign.id, standing.INTENDS, standing.APPLIED)
    return sum(ask_materials(tx, duties, unit_id, now) for unit_id in units)


def advance(tx: Connection, duties: Duties, calendar: Calendar, unit_id: int, now: datetime, by: str) -> str:
    """A material was ticked off: the unit has applied, and with the last one it is under review; its status after."""
    papers = [each for each in followups.of_unit(tx, duties.campaign.id, unit_id) if each.reason == "material"]
    given = [each for each in papers if each.state == "settled"]
    status = standings.current(tx, duties.campaign.id, unit_id)
    if status == standing.INTENDS and given:
        move(tx, duties, calendar, unit_id, standing.APPLIED, "已交入盟材料" if not papers else "已交材料", by, now)
        status = standing.APPLIED
    if status == standing.APPLIED and given and not any(each.state in ("open", "overdue") for each in papers):
        move(tx, duties, calendar, unit_id, standing.UNDER_REVIEW, "材料已齐", by, now)
        status = standing.UNDER_REVIEW
    return status


def move(
    tx: Connection, duties: Duties, calendar: Calendar, unit_id: int, status: str, reason: str, by: str, now: datetime
) -> None:
    """Move a unit by a person's word; raises WrongUsage with a sentence where the table does not allow it."""
    campaign = duties.campaign.id
    old = standings.current(tx, campaign, unit_id)
    open_reasons = stages.reasons(duties.stages, opened(tx, duties))
    if refused := standing.refusal(old, status, open_reasons, _waits_until(tx, duties, unit_id), now):
        raise WrongUsage(status, sentence=refused)
    standings.write(tx, campaign, unit_id, status, now, reason=reason, by=by)
    if old in standing.STARTS:
        followups.end(tx, campaign, unit_id, standing.STARTS[old], now, by=by)
    if status in (standing.DECLINED, standing.REMOVED, standing.WITHDRAWN):
        _waive(tx, campaign, unit_id, by, now)
    if status in standing.STARTS:
        key = standing.STARTS[status]
        due = rules_of_followups.due_by(duties.rules[key], now, calendar)
        followups.begin(tx, campaign, unit_id, key, key, now, asked_at=now, due_at=due)


def _waits_until(tx: Connection, duties: Duties, unit_id: int) -> datetime | None:
    """When a removed unit may apply again."""
    terms = [each for each in _open(tx, duties.campaign.id, unit_id) if each.reason == "re-application"]
    return terms[-1].due_at if terms else None


def _waive(tx: Connection, campaign: str, unit_id: int, by: str, now: datetime) -> None:
    """Who does not join, or has left, is asked for nothing more."""
    ids = [each.id for each in _open(tx, campaign, unit_id)]
    followups.end_all(tx, ids, now, by=by, waived=True)


def _open(tx: Connection, campaign: str, unit_id: int) -> list[FollowUp]:
    return followups.all_open(tx, campaign, unit_id)
