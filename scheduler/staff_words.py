"""What a letter to the secretariat says of a unit, of the tally, and of what came and went: rows of words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from intake.answers import ANSWERS, BLANK, Choice
from intake.beijing import day, moment
from intake.campaign import Campaign
from intake.deciding.joining import in_words
from intake.known import Earlier
from intake.office_words import LETTERS, THROUGH
from intake.office_words import STATES as LETTER_STATES
from storage import plain_rows, unit_story
from storage.briefing_facts import Silent
from storage.entering import Entry
from storage.plain_rows import Audit, Group
from storage.unit_story import Came, Story, Went

STATES = {
    "standing": "已登记",
    "replaced": "已被后来的表格替代",
    "proposed": "待人工确认",
    "dropped": "未采用",
    "": "未附表格",
}
WENT = LETTERS | {unit_story.BY_HAND: "人工去信"}
LATE = {"late": "，逾期", "disputed": "，是否按时待核"}
_STAND = {
    plain_rows.BLANK: "未填写",
    plain_rows.MEMBER: "已是会员",
    plain_rows.PENDING: "待核",
    plain_rows.SILENT: "未回复",
}
_ORDER = {"yes": -2, "no": -1} | {answer: place for place, answer in enumerate(_STAND, 1)}


def group(counted: Group, name: str) -> Iterator[list[str]]:
    """What the digest counts too: each choice adds up to the whole."""
    yield [name, f"{counted.total}家"]
    for choice in counted.choices:
        counts = sorted(choice.counts.items(), key=lambda each: _ORDER.get(each[0], 0))
        said = " + ".join(f"{_STAND.get(answer) or ANSWERS.get(answer, answer)}{count}" for answer, count in counts)
        yield [choice.short, f"{choice.total} = {said}"]
    yield ["其中逾期", f"{counted.late}家"]
    if counted.bounced:
        yield ["其中退信", f"{counted.bounced}家"]


def telephones(one: Silent) -> str:
    return "、".join(filter(None, (one.telephone, one.mobile))) + ("（退信）" if one.bounced else "")


def story(told: Story, campaign: Campaign) -> dict[str, Any]:
    late = {"late": "逾期", "disputed": "是否按时待核"}.get(told.stands.lateness if told.stands else "", "")
    return {
        "unit": told.unit.name,
        "receipt": told.receipt if told.stands else "",
        "late": late,
        "lines": answers(told.stands, campaign) if told.stands else [],
        "came": list(map(_came, told.came)),
        "went": list(map(_went, told.went)),
        "said": list(map(_said, told.said)),
    }


def _came(one: Came) -> list[str]:
    channel = "" if one.channel == "mail" else f"（{one.channel}）"
    return [moment(one.received_at), f"{one.sender}{channel}", "、".join(one.files) or one.subject, STATES[one.state]]


def _went(one: Went) -> list[str]:
    subject = f"《{one.subject}》" if one.subject else ""
    return [
        moment(one.at),
        WENT.get(one.kind, one.kind) + subject,
        one.recipient,
        LETTER_STATES.get(one.state, one.state),
    ]


def came(entry: Entry) -> str:
    """When a form truly came: a moment, or a day where no hour was said."""
    return moment(entry.begin) if entry.begin == entry.end else day(entry.begin)


def _said(one: Audit) -> list[str]:
    undone = "（已撤销）" if one.undone_by else ""
    return [moment(one.at), f"{one.by}（{THROUGH[one.through]}）", f"{one.word}{undone}"]


def answers(stands: Earlier | None, campaign: Campaign) -> list[list[str]]:
    return list(_lines(stands, campaign)) if stands else []


def _lines(stands: Earlier, campaign: Campaign) -> Iterator[list[str]]:
    form = campaign.form
    for field in form.fields:
        if field.id != form.unit_field and field.id in stands.values:
            decided = "（人工更正）" if field.id in stands.decided else ""
            yield [field.label, f"{stands.values[field.id].text or '未填写'}{decided}"]
    for choice in form.choices:
        given = stands.choices.get(choice.id, Choice(choice.id, BLANK))
        decided = "（人工确认）" if choice.id in stands.decided else ""
        evidence = f"（{given.evidence}）" if given.evidence and not decided else ""
        yield [choice.short, f"{'待确认' if given.answer == 'unclear' else in_words(given)}{decided}{evidence}"]
