"""补正: a unit is asked again for what it owes, or the sender of a mail for a readable form.

Called by `held.decide`, in its transaction. What is asked of a unit goes out by the ordinary follow-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, exists, insert, select, update

from intake.addressees import is_person
from intake.errors import WrongUsage
from intake.instructing.words import AGAIN, ASKED_ANEW
from intake.outcome import LetterDraft
from storage import letters
from storage.tables import chasings, followups, held, submissions

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

_WHY = {
    "unreadable": "随信发来的附件未能读取",
    "oversized": "来信过大，附件未能读取",
    "no-unit": "随信发来的表格中没有填写单位名称",
    "attempts": "来信中没有读到填写好的表格",
}
_OPEN = followups.c.state.in_(("open", "overdue"))
_ANEW = {"state": "open", "asked_at": None, "letter_id": None, "due_at": None, "handed_at": None}


def ask(tx: Connection, row: HeldRow, words: Sequence[str], domain: str, now: datetime) -> None:
    """Raises WrongUsage with a sentence where the item cannot be asked about."""
    if AGAIN not in words:
        raise WrongUsage(AGAIN, sentence=f"“{AGAIN}”不适用于这件待办，请写：{'、'.join(words)}。")
    if row.reason in ASKED_ANEW:
        _ask_sender(tx, row, domain, now)
    elif row.reason == "overdue":
        _ask_all(tx, (row.details or {}).get("followups", ()))
    else:
        _ask_key(tx, row, now)


def _ask_key(tx: Connection, row: HeldRow, now: datetime) -> None:
    """The choice is asked of the unit by a letter of its own, whether it was asked before or not."""
    about = tx.execute(select(submissions).where(submissions.c.id == row.submission_id)).one()
    same = (followups.c.campaign == about.campaign, followups.c.unit_id == about.unit_id, followups.c.awaits == row.key)
    ids = list(tx.scalars(select(followups.c.id).where(*same, _OPEN)))
    if ids:
        _ask_all(tx, ids)
        return
    new = {"campaign": about.campaign, "unit_id": about.unit_id, "submission_id": about.id, "reason": "unclear"}
    tx.execute(insert(followups), new | {"awaits": row.key, "state": "open", "opened_at": now})


def _ask_all(tx: Connection, ids: Sequence[int]) -> None:
    """All begins anew: no date, no step taken, nothing asked yet."""
    tx.execute(delete(chasings).where(chasings.c.followup_id.in_(ids)))
    tx.execute(update(followups).where(followups.c.id.in_(ids), _OPEN).values(**_ANEW))


def may_ask(tx: Connection, row: HeldRow) -> bool:
    """Whether the sender of an item's mail may be written to."""
    shielded = exists().where(held.c.message_id == row.message_id, held.c.reason == "protected")
    return is_person(row.sender) and not tx.scalar(select(shielded))


def _ask_sender(tx: Connection, row: HeldRow, domain: str, now: datetime) -> None:
    if not domain or not may_ask(tx, row):
        raise WrongUsage(AGAIN, sentence="该来信地址不能自动回信，请直接与其联系。")
    draft = LetterDraft(
        key=f"{row.campaign}/held-{row.reference}/no-form/1",
        kind="no-form",
        campaign=row.campaign,
        recipient=row.sender,
        facts={"subject": row.subject, "files": [], "why": _WHY[row.reason]},
        attach_form=True,
    )
    letters.write(tx, draft, now=now, domain=domain, about_id=row.message_id)
