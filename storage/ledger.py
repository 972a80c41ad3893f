"""The ledger: one .xlsx of a campaign for the secretariat, written anew each time.

Sheet 登记表 has a row for each unit that answered and for each unit of the roster that has not; 状态变更
every change of where a unit stands, with its date; 统计 the tallies; 待办 what waits for a person; 未回复 whom
to call; 事项 what units owed and owe; 通知 what became of the notice; 操作记录 who changed what by which word.
Promises: what a unit wrote is text, never a formula; telephone numbers keep their zeros; the file
carries the mark `cipsa-intake`, so that a copy that comes back by mail is never read as a form; the
same register and time give the same bytes. Only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, exists, select

from intake.answers import ANSWERS, Choice
from intake.beijing import sortable, sortable_day
from intake.campaign import Campaign, ChoiceSpec
from storage import ledger_audits, ledger_circulars, ledger_figures, ledger_followups, ledger_standings
from storage.ledger_standings import Change
from storage.submissions import choice_of
from storage.tables import choices, receipts, submissions, units
from storage.units import LISTED
from storage.workbook import Sheet, save, workbook

LATENESS = {"in time": "按时", "late": "逾期", "disputed": "有争议"}
NOT_YET = "尚未答复"
ANSWERED = "已登记"
PROPOSED = "待确认"
ACCEPTED = "逾期，已准予计入"
MARK = "ledger"
Label: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register for the ledger; the times and texts of a unit that has not answered are empty.

    `accepted_at` is when a person let a late form count.
    """

    unit_id: int
    unit: str
    state: str
    member: bool | None
    receipt: str = ""
    values: Mapping[str, Any] | None = None
    choices: Mapping[str, Choice] | None = None
    decided: frozenset[str] = frozenset()
    received_at: datetime | None = None
    lateness: str = ""
    accepted_at: datetime | None = None
    sender: str = ""
    sources: Sequence[str] = ()
    sealed_copy: bool = False
    problems: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """The newest change of each unit, and its liaison, by unit."""

    standing: Mapping[int, Change]
    liaison: Mapping[int, str]


def write(tx: Connection, path: Path, campaign: Campaign, now: datetime, label: Label | None = None) -> None:
    """Write the ledger of a campaign. Raises DiskFull, or Permanent with a sentence if the file cannot be written.

    `label` names what a unit owes by its key; without it the form's own labels do.
    """
    sheets = _sheets(tx, campaign, now, label or campaign.form.label_of)
    save(path, sheets, title=_title(campaign), made_at=now, mark=MARK)


def content(tx: Connection, campaign: Campaign, now: datetime, label: Label | None = None) -> bytes:
    """The same as bytes, to attach: without 通知, which hardly changes and is as long as the roster."""
    sheets = _sheets(tx, campaign, now, label or campaign.form.label_of, with_notice=False)
    return workbook(sheets, title=_title(campaign), made_at=now, mark=MARK)


def _title(campaign: Campaign) -> str:
    return f"{campaign.title}登记表"


def _sheets(
    tx: Connection, campaign: Campaign, now: datetime, label: Label, *, with_notice: bool = True
) -> tuple[Sheet, ...]:
    silent = unanswered(tx, campaign.id)
    lines = [*answers(tx, campaign.id), *silent]
    changes = ledger_standings.changes(tx, campaign.id)
    known = _Known({one.unit_id: one for one in changes}, ledger_standings.named(tx, campaign.id, campaign.form))
    return (
        Sheet("登记表", _headings(campaign), [_cells(at, line, campaign, known) for at, line in enumerate(lines, 1)]),
        Sheet("状态变更", ledger_standings.HEADINGS, ledger_standings.rows(changes)),
        Sheet("统计", ledger_figures.TALLIES, list(ledger_figures.tally_rows(tx, campaign, now, len(silent)))),
        Sheet("待办", ledger_figures.HELD, ledger_figures.held_rows(tx, campaign)),
        Sheet("未回复", ledger_figures.SILENT, ledger_figures.silent_rows(tx, campaign)),
        Sheet("事项", ledger_followups.HEADINGS, ledger_followups.rows(tx, campaign.id, label)),
        *([Sheet("通知", ledger_circulars.HEADINGS, ledger_circulars.rows(tx, campaign.id))] if with_notice else ()),
        Sheet("操作记录", ledger_audits.HEADINGS, ledger_audits.rows(tx, campaign.id)),
    )


def answers(tx: Connection, campaign: str) -> list[Line]:
    """What stands or is proposed, in the order the units first answered."""
    statement = (
        select(submissions, units.c.member, units.c.name.label("current_name"), receipts.c.number)
        .join_from(submissions, units)
        .outerjoin(
            receipts,
            and_(receipts.c.unit_id == submissions.c.unit_id, receipts.c.campaign == submissions.c.campaign),
        )
        .where(submissions.c.campaign == campaign, submissions.c.state.in_(("standing", "proposed")))
        .order_by(submissions.c.received_at, submissions.c.id)
    )
    found = tx.execute(statement).all()
    answered = _choices(tx, campaign)
    return [_line(row._mapping, answered.get(row.id, ())) for row in found]


def unanswered(tx: Connection, campaign: str) -> list[Line]:
    """Units of the roster without a standing or proposed submission."""
    answered = exists().where(
        submissions.c.unit_id == units.c.id,
        submissions.c.campaign == campaign,
        submissions.c.state.in_(("standing", "proposed")),
    )
    statement = select(units.c.id, units.c.name, units.c.member).where(LISTED, ~answered).order_by(units.c.id)
    return [Line(row.id, row.name, NOT_YET, row.member) for row in tx.execute(statement)]


def answer_text(choice: Choice | None, spec: ChoiceSpec, decided: bool = False) -> str:
    """An answer in words: 是, 否, 未填写, 已是会员, 待确认, or the option's own."""
    if choice is None:
        return ""
    if choice.already_member and choice.answer == "blank":
        text = "已是会员"
    else:
        text = ANSWERS.get(choice.answer, choice.answer.replace(";", "；"))
    return f"{text}（人工确认）" if decided else text


def _choices(tx: Connection, campaign: str) -> dict[int, list[Any]]:
    statement = (
        select(choices)
        .join_from(choices, submissions)
        .where(submissions.c.campaign == campaign, submissions.c.state.in_(("standing", "proposed")))
        .order_by(choices.c.id)
    )
    found: dict[int, list[Any]] = {}
    for row in tx.execute(statement):
        found.setdefault(row.submission_id, []).append(row)
    return found


def _line(row: Mapping[Any, Any], answered: Iterable[Any]) -> Line:
    return Line(
        unit_id=row["unit_id"],
        unit=row["unit_name"] or row["current_name"],
        state=ANSWERED if row["state"] == "standing" else PROPOSED,
        member=row["member"],
        receipt=row["number"] or "",
        values=row["values"],
        choices={answer.key: choice_of(answer) for answer in answered},
        decided=frozenset(answer.key for answer in answered if answer.decided_by is not None),
        received_at=row["received_at"],
        lateness=ACCEPTED if row["accepted_at"] else LATENESS.get(row["lateness"], row["lateness"]),
        accepted_at=row["accepted_at"],
        sender=row["sender"],
        sources=row["sources"],
        sealed_copy=row["sealed_copy"],
        problems=row["problems"],
    )


def _headings(campaign: Campaign) -> tuple[str, ...]:
    spec = campaign.form
    return (
        "序号",
        spec.label_of(spec.unit_field) or "单位名称",
        "状态",
        "单位现状",
        "现状起于",
        "登记号",
        "是否会员（名册）",
        *(field.label for field in spec.fields if field.id != spec.unit_field),
        *(heading for choice in spec.choices for heading in (choice.short, f"{choice.short}：依据")),
        "收到时间（北京时间）",
        "是否按时",
        "准予计入时间",
        "联络员",
        "发件地址",
        "来源",
        "盖章件",
        "问题",
    )


def _cells(at: int, line: Line, campaign: Campaign, known: _Known) -> list[str | int]:
    spec, values, answered = campaign.form, line.values or {}, line.choices or {}
    stands = known.standing.get(line.unit_id)
    cells: list[str | int] = [at, line.unit, line.state]
    cells += [stands.word if stands else "", sortable_day(stands.at if stands else None)]
    cells += [line.receipt, _member(line.member)]
    cells += [values.get(field.id, {}).get("text", "") for field in spec.fields if field.id != spec.unit_field]
    for choice in spec.choices:
        given = answered.get(choice.id)
        cells += [answer_text(given, choice, choice.id in line.decided), _evidence(given)]
    return [
        *cells,
        sortable(line.received_at),
        line.lateness,
        sortable_day(line.accepted_at),
        known.liaison.get(line.unit_id, ""),
        line.sender,
        "；".join(line.sources),
        "有" if line.sealed_copy else "",
        "；".join(problem["sentence"].rstrip("。") for problem in line.problems),
    ]


def _member(member: bool | None) -> str:
    return {True: "是", False: "否", None: ""}[member]


def _evidence(choice: Choice | None) -> str:
    """Where and how it was read; the judge's words name the place already."""
    if choice is None or choice.evidence.startswith(choice.place):
        return choice.evidence if choice else ""
    return "：".join(filter(None, (choice.place, choice.evidence)))
