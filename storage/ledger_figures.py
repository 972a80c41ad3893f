"""The ledger's sheets of numbers and of what waits: tallies, held items, units that have not answered. Only reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from intake.answers import ANSWERS
from intake.beijing import sortable
from intake.campaign import Campaign
from intake.office_words import REASONS
from intake.standing import WORDS
from storage import briefing, figures, held, tallies

TALLIES = ("项目", "结果", "数量")
HELD = ("编号", "事由", "单位", "发件人", "主题", "收到时间（北京时间）", "说明")
SILENT = ("序号", "单位", "联系人", "电话", "手机", "负责人", "备注")


def tally_rows(tx: Connection, campaign: Campaign, now: datetime, silent: int) -> Iterable[list[str | int]]:
    numbers = figures.status(tx, now, campaign.id)
    yield ["已登记单位", "", numbers.submissions.get("standing", 0)]
    yield ["其中逾期", "", numbers.late]
    yield ["其中时间有争议", "", numbers.disputed]
    yield ["逾期后准予计入", "", numbers.accepted]
    if numbers.roster_units:
        yield ["名册单位", "", numbers.roster_units]
        yield ["名册单位", "已答复", numbers.roster_answered]
        yield ["名册单位", "尚未答复", silent]
    for status, count in numbers.standings.items():
        yield ["单位现状", WORDS[status], count]
    for choice in campaign.form.choices:
        counted = numbers.choices.get(choice.id, {})
        usual = ("yes", "no", "blank", "unclear") if choice.yes_no else (*choice.options, "blank", "unclear")
        for answer in dict.fromkeys((*usual, *sorted(counted))):
            yield [choice.short, ANSWERS.get(answer, answer), counted.get(answer, 0)]
    yield ["待办", "", sum(numbers.held.values())]
    yield ["统计时间（北京时间）", sortable(now), ""]


def held_rows(tx: Connection, campaign: Campaign) -> list[list[str | int]]:
    return [
        [
            row.reference,
            REASONS.get(row.reason, row.reason),
            row.unit_name,
            row.sender,
            row.subject,
            sortable(row.received_at),
            row.sentence,
        ]
        for row in held.list_open(tx, campaign.id)
    ]


def silent_rows(tx: Connection, campaign: Campaign) -> list[list[str | int]]:
    """Units of the roster that have sent nothing, and whom to ask there; as the digest counts them."""
    rows = briefing.silent(tx, tallies.tally(tx, campaign).silent)
    return [
        [at, one.unit, one.contact, one.telephone, one.mobile, one.owner, "退信" if one.bounced else ""]
        for at, one in enumerate(rows, 1)
    ]
