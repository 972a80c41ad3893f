"""What the letter to a unit says of everything it owes, and the secretariat of what stayed unanswered; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from intake import followups, owing
from intake.beijing import BEIJING, moment
from intake.outcome import LetterDraft
from intake.workdays import Calendar
from scheduler.duties import Duties
from storage.chasing import Open


def draft(duties: Duties, calendar: Calendar, owed: Sequence[Open], now: datetime) -> LetterDraft:
    """The day's letter to a unit: its key names the unit and the day."""
    first = owed[0]
    return LetterDraft(
        key=f"{first.campaign}/unit-{first.unit_id}/question/{now.astimezone(BEIJING):%Y%m%d}",
        kind="question",
        campaign=first.campaign,
        recipient=first.recipient,
        facts=facts(duties, calendar, owed, now),
    )


def facts(duties: Duties, calendar: Calendar, owed: Iterable[Open], now: datetime) -> dict[str, object]:
    """Facts of all that is asked of one unit; {} where nothing is."""
    chased = [case for case in owed if duties.rules[case.reason].chased]
    if not chased:
        return {}
    things = [_thing(duties, calendar, case, now) for case in chased]
    return owing.question_facts(chased[0].unit_name, chased[0].receipt, chased[0].salutation, things)


def sentence(duties: Duties, given: Sequence[Open]) -> str:
    """What the secretariat is told of what is overdue, or of terms that have ended."""
    names = "、".join(_named(duties, case) for case in given)
    unit = given[0].unit_name
    if not duties.rules[given[0].reason].chased:
        return f"“{unit}”的期限已到：{names}；请办理后用 intake unit move 更改其状态。"
    due = max((case.due_at for case in given if case.due_at), default=None)
    if due is None:
        return f"“{unit}”尚欠{names}，询问的信函未能送出，请与该单位联系。"
    return f"“{unit}”尚欠{names}，期限为{moment(due)}，至今未收到，请与该单位联系。"


def _thing(duties: Duties, calendar: Calendar, case: Open, now: datetime) -> owing.Thing:
    """A thing that was never asked for has the time of its rule from now on."""
    asked = case.asked_at is not None
    due = case.due_at if asked else followups.due_by(duties.rules[case.reason], now, calendar)
    return owing.Thing(
        label=owing.label_of(case.awaits, duties.campaign.form, duties.materials),
        how=owing.how_given(case.awaits, duties.campaign.form, duties.materials),
        doubtful=case.reason == "unclear",
        due=due,
        overdue=due is not None and due < now,
        asked=asked,
    )


def _named(duties: Duties, case: Open) -> str:
    words = duties.rules[case.reason].words
    if case.awaits == case.reason:
        return f"“{words}”"
    return f"“{owing.label_of(case.awaits, duties.campaign.form, duties.materials)}”（{words}）"
