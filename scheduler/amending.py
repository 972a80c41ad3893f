"""A person corrects what stands of a unit: values and answers, with all that follows and its entry in the audit; and
takes a correction back.

Promises: what a person wrote is marked as such, and only a later definite answer of the same sender replaces it, with
word to the secretariat (part 8, Who may change what). In the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.answers import ANSWERS, BLANK, Choice, Value
from intake.campaign import Campaign
from intake.errors import WrongUsage
from intake.known import Earlier
from scheduler import deciding
from storage import (
    audits,
    finding_letters,
    followups,
    held,
    letters,
    snapshots,
    submission_items,
    submissions,
    undoing,
    unit_items,
    units,
)  # fmt: skip
from storage.audits import Through
from storage.plain_rows import Audit
from storage.snapshots import Scope


@dataclass(frozen=True, slots=True)
class Change:
    """A field or choice, by its id and as the office calls it, with what stood and what stands now, as words."""

    key: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """Who corrects, and why. `values` by field, `answers` by choice, as the register keeps them."""

    values: Mapping[str, str]
    answers: Mapping[str, str]
    reason: str
    by: str
    through: Through


def amend(tx: Connection, campaign: Campaign, unit_id: int, asked: Amendment, now: datetime) -> list[Change]:
    """Write what differs from what stands, and note it; raises WrongUsage, and nothing is changed then."""
    stands = submissions.earlier(tx, campaign.id, unit_id)
    if stands is None:
        raise WrongUsage(sentence=_nothing_stands(tx, campaign, unit_id))
    changes = _changes(campaign, stands, asked)
    if not changes:
        return []
    keys = [change.key for change in changes]
    closes = tuple(row.reference for row in held.open_unclear(tx, campaign.id, unit_id, keys))
    scope = Scope(campaign.id, "", (unit_id,), items=closes)
    before = snapshots.take(tx, scope)
    for change in changes:
        _write(tx, campaign, stands, change.key, asked, now)
    _follow(tx, campaign, unit_id, keys, asked, now)
    told, changed = undoing.kept(scope, before, snapshots.take(tx, scope))
    audits.note(
        tx, at=now, by=asked.by, through=asked.through, what="amend", word=_word(changes, asked.reason),
        reference=stands.receipt, unit_id=unit_id, campaign=campaign.id, before=told, after=changed,
    )  # fmt: skip
    return changes


def undo(
    tx: Connection, campaign: Campaign, unit_id: int, *, by: str, through: Through, now: datetime, reason: str = ""
) -> tuple[Audit, int]:
    """Take back the newest correction of a unit, receipts not yet sent included; gives its entry, and how many letters
    have left that cannot be called back. Raises WrongUsage, and nothing is changed then.
    """
    made = [row for row in audits.of_campaign(tx, campaign.id, "amend") if row.unit_id == unit_id and not row.undone_by]
    if not made:
        raise WrongUsage(sentence="该单位没有可以撤销的更正。")
    newest = made[-1]
    word = f"撤销{newest.word}" + (f"（{reason}）" if reason else "")
    _, left = deciding.undo(tx, newest.id, by=by, through=through, now=now, word=word)
    receipts = finding_letters.written_at(tx, unit_id, "correction", newest.at)
    back = letters.withdraw(tx, receipts, now, "更正已撤销")
    return newest, left + len(receipts) - back


def _nothing_stands(tx: Connection, campaign: Campaign, unit_id: int) -> str:
    if submissions.is_proposed(tx, campaign.id, unit_id):
        return "该单位的来件尚待人工确认，请先处理待办（intake held list）。"
    return "该单位尚无登记，无可更正；其他方式收到的表格请用 intake enter 登记。"


def _changes(campaign: Campaign, stands: Earlier, asked: Amendment) -> list[Change]:
    form = campaign.form
    found = [
        Change(field.id, field.label, stands.values.get(field.id, Value("")).text, asked.values[field.id])
        for field in form.fields
        if field.id in asked.values
    ]
    for choice in form.choices:
        if choice.id in asked.answers:
            old = stands.choices.get(choice.id, Choice(choice.id, BLANK)).answer
            found.append(Change(choice.id, choice.short, _said(old), _said(asked.answers[choice.id])))
    return [change for change in found if change.old != change.new]


def _write(tx: Connection, campaign: Campaign, stands: Earlier, key: str, asked: Amendment, now: datetime) -> None:
    if key in asked.answers:
        submission_items.set_answer(tx, stands.submission_id, key, asked.answers[key], asked.by)
        return
    if key == campaign.form.unit_field:
        _rename(tx, stands.unit_id, asked.values[key])
        submissions.set_unit_name(tx, stands.submission_id, asked.values[key])
    submissions.set_value(tx, stands.submission_id, key, asked.values[key], asked.by)


def _rename(tx: Connection, unit_id: int, name: str) -> None:
    unit, other = units.get(tx, unit_id), units.find(tx, name)
    if unit is not None and unit.on_roster:
        raise WrongUsage(name, sentence="该单位在名册中，名称请在名册中更正后重新载入（intake roster load）。")
    if not name or other not in (None, unit_id):
        sentence = f"已有名为“{name}”的单位，不能改为同名。" if name else "单位名称不能为空。"
        raise WrongUsage(name, sentence=sentence)
    units.rename(tx, unit_id, name)


def _follow(tx: Connection, campaign: Campaign, unit_id: int, keys: list[str], asked: Amendment, now: datetime) -> None:
    """What was asked about these is answered, and status and liaison follow."""
    followups.settle_keys(tx, campaign.id, unit_id, keys, now)
    held.end_unclear(tx, campaign.id, unit_id, keys, f"已由{asked.by}更正", asked.by, now)
    unit_items.follow_unit(tx, campaign.id, unit_id, campaign.form.declines, now, asked.by)


def _word(changes: list[Change], reason: str) -> str:
    said = "，".join(f"{one.label}：{one.old or '空'}→{one.new or '空'}" for one in changes)
    return f"更正 {said}（{reason}）"


def _said(answer: str) -> str:
    return ANSWERS.get(answer, answer.replace(";", "、"))
