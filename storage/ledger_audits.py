"""Who changed what by which word, for the ledger; oldest first. Only reads."""

from __future__ import annotations

from sqlalchemy import Connection, select

from intake.beijing import sortable
from intake.office_words import AUDITED, THROUGH
from storage import audits
from storage.plain_rows import Audit
from storage.tables import units

NUMBERED = ("held", "undo", "submission", "amend", "retry")  # whose reference a person knows
HEADINGS = ("时间（北京时间）", "经办人", "途径", "类别", "编号", "单位", "内容", "备注")


def rows(tx: Connection, campaign: str) -> list[list[str | int]]:
    """Of the campaign, and of what is common to all."""
    found = [row for row in audits.all_rows(tx) if row.campaign in ("", campaign)]
    wanted = {row.unit_id for row in found if row.unit_id is not None}
    names = {row.id: row.name for row in tx.execute(select(units.c.id, units.c.name)) if row.id in wanted}
    return [_line(row, names.get(row.unit_id or 0, "")) for row in found]


def _line(row: Audit, unit: str) -> list[str | int]:
    return [
        sortable(row.at),
        row.by,
        THROUGH.get(row.through, row.through),
        AUDITED.get(row.what, row.what),
        row.reference if row.what in NUMBERED else "",
        unit,
        row.word,
        "已撤销" if row.undone_by else "",
    ]
