"""What a person does to units by a word of their own: each act with its entry in the audit.

The one way, whatever the word came through, in the caller's transaction. What changes nothing is not noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from intake import owing
from intake.beijing import moment
from intake.campaign import Campaign
from intake.errors import WrongUsage
from intake.standing import WORDS
from intake.workdays import Calendar
from scheduler import accepting, moving, recomputing
from scheduler.accepting import Accepted
from scheduler.duties import Duties
from scheduler.handling import Rules
from storage import audits, extensions, followups, standings
from storage.audits import Person
from storage.followups import FollowUp


def move(
    tx: Connection, duties: Duties, calendar: Calendar, unit_id: int, status: str, reason: str, who: Person,
    now: datetime,
) -> None:  # fmt: skip
    """Move a unit to another status; raises WrongUsage where the table does not allow it."""
    campaign = duties.campaign.id
    old = standings.current(tx, campaign, unit_id)
    moving.move(tx, duties, calendar, unit_id, status, reason, who.by, now)
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="status",
        word=f"状态由“{WORDS.get(old, '未登记')}”改为“{WORDS[status]}”{_because(reason)}", unit_id=unit_id,
        campaign=campaign, before={"status": old}, after={"status": status, "reason": reason},
    )  # fmt: skip


def extend(
    tx: Connection, campaign: Campaign, unit_id: int | None, until: datetime, reason: str, who: Person, now: datetime
) -> None:
    """Give one unit (None: all) a later deadline; raises WrongUsage where it is no later than the one that stands, or
    lies behind the time in which letters go.
    """
    stands = extensions.deadlines(tx, campaign.id, campaign.deadline, () if unit_id is None else [unit_id]).of(unit_id)
    if until <= stands:
        raise WrongUsage(moment(until), sentence=f"新的截止时间须晚于现行的{moment(stands)}。")
    if until > campaign.letters_until:
        ends = moment(campaign.letters_until)
        raise WrongUsage(moment(until), sentence=f"新的截止时间晚于发信期的结束时间{ends}，请先改动 letters_until。")
    extensions.grant(tx, campaign.id, unit_id, until, campaign.deadline, who.by, now)
    whose = "全部单位的" if unit_id is None else ""
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="extend",
        word=f"{whose}截止时间延至{moment(until)}{_because(reason)}", unit_id=unit_id, campaign=campaign.id,
        before={"deadline": _iso(stands)}, after={"deadline": _iso(until), "reason": reason},
    )  # fmt: skip


def accept_late(
    tx: Connection, campaign: Campaign, unit_ids: Sequence[int] | None, reason: str, who: Person, now: datetime,
    *, rules: Rules, tell: bool,
) -> list[Accepted]:  # fmt: skip
    """Let the late forms of these units (None: of all) count; one entry for all of them."""
    accepted = accepting.accept(tx, campaign, unit_ids, who.by, now, rules=rules, tell=tell)
    if not accepted:
        return []
    ids = list(dict.fromkeys(one.unit_id for one in accepted))
    which = "逾期件" if unit_ids is not None else f"全部逾期件{len(accepted)}件"
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="late",
        word=f"{which}准予计入{_because(reason)}", unit_id=ids[0] if len(ids) == 1 else None, campaign=campaign.id,
        before={"lateness": "late"},
        after={"lateness": "in time", "units": ids, "told": sum(one.told for one in accepted), "reason": reason},
    )  # fmt: skip
    return accepted


def end_owed(
    tx: Connection, duties: Duties, calendar: Calendar, row: FollowUp, reason: str, who: Person, now: datetime,
    *, waived: bool,
) -> str:  # fmt: skip
    """A thing owed has been received or is waived; gives the unit's status where that has changed it, else ""."""
    campaign = duties.campaign.id
    followups.end(tx, campaign, row.unit_id, row.awaits, now, by=who.by, waived=waived)
    old = standings.current(tx, campaign, row.unit_id)
    new = moving.advance(tx, duties, calendar, row.unit_id, now, who.by)
    done = f"不再要求“{_called(duties, row)}”" if waived else f"“{_called(duties, row)}”已收到"
    moved = f"，状态改为“{WORDS[new]}”" if new != old else ""
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="owed",
        word=f"{done}{moved}{_because(reason)}", unit_id=row.unit_id, campaign=campaign,
        before={"awaits": row.awaits, "state": row.state, "status": old},
        after={"state": "waived" if waived else "settled", "status": new, "reason": reason},
    )  # fmt: skip
    return new if new != old else ""


def recompute(tx: Connection, duties: Duties, calendar: Calendar, who: Person, now: datetime) -> int:
    """Write what the rules and dates of now change; gives how much."""
    found = recomputing.differences(tx, duties, calendar)
    if not found:
        return 0
    recomputing.apply(tx, found, now)
    units = list(dict.fromkeys(each.unit_id for each in found))
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="recompute",
        word=f"按现行规则重算期限和逾期标记，改动{len(found)}处", unit_id=units[0] if len(units) == 1 else None,
        campaign=duties.campaign.id,
        before={"stood": [[each.unit_id, each.awaits, each.old] for each in found]},
        after={"stands": [[each.unit_id, each.awaits, each.new] for each in found], "units": units},
    )  # fmt: skip
    return len(found)


def open_stage(tx: Connection, duties: Duties, name: str, who: Person, now: datetime) -> int:
    """Open a stage; gives how many units are asked for its materials. Raises WrongUsage as `moving.open_stage` does."""
    asked = moving.open_stage(tx, duties, name, who.by, now)
    audits.note(
        tx, at=now, by=who.by, through=who.through, message_id=who.message_id, what="stage",
        word=f"开启阶段“{name}”" + (f"，请{asked}家单位提交材料" if asked else ""), campaign=duties.campaign.id,
        before={"open": False}, after={"open": True, "asked": asked},
    )  # fmt: skip
    return asked


def _called(duties: Duties, row: FollowUp) -> str:
    if row.awaits == row.reason:
        return duties.rules[row.reason].words
    return owing.label_of(row.awaits, duties.campaign.form, duties.materials)


def _because(reason: str) -> str:
    return f"（{reason}）" if reason else ""


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()
