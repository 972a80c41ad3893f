"""What a person decides of held items about units: papers, what stayed unanswered, a member's new data.

Called by `held.decide`, in its transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from intake.addressees import is_person
from intake.errors import WrongUsage
from intake.outcome import LetterDraft
from storage import followups, letters, liaisons, standings, submissions
from storage.tables import submissions as submissions_table

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

ACCEPT = ("接受", "accept", "同意接受", "采纳")
DROP = ("不接受", "drop", "不采纳")
RECEIVED = ("收到", "已收到", "received")
NOT_IT = ("不是", "no", *DROP)
WAIVED = ("不再要求", "免交", "waive")


def _decide_material(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """A paper that a mail brought: ticked off, or still owed; where nothing says which one it is, a note is kept."""
    if row.key and words.lower() not in (*RECEIVED, *ACCEPT, *NOT_IT):
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：收到、不是。")
    if row.key and row.unit_id is not None and words.lower() in (*RECEIVED, *ACCEPT):
        followups.end(tx, row.campaign, row.unit_id, row.key, now, by=by)
    elif not words:
        raise WrongUsage(sentence="请写明处理结果。")


def _decide_overdue(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """What a unit still owes after reminders: closed by 收到 or 不再要求; other words are a note."""
    if not words:
        raise WrongUsage(sentence="请写明处理结果。")
    if words.lower() in (*RECEIVED, *WAIVED):
        ids = (row.details or {}).get("followups", ())
        followups.end_all(tx, ids, now, by=by, waived=words.lower() in WAIVED)


def _decide_data(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """A member's new data: what a mail stated goes to its liaison; a form is a proposal, decided as such."""
    if words.lower() not in (*ACCEPT, *DROP):
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：接受、不接受。")
    changes = (row.details or {}).get("changes", {})
    if words.lower() in ACCEPT and row.unit_id is not None and changes:
        liaisons.name(tx, row.campaign, row.unit_id, {key: new for key, (_, new) in changes.items()}, now, by)


DECIDE = {
    "material": _decide_material,
    "overdue": _decide_overdue,
    "term": _decide_overdue,
    "data-change": _decide_data,
}


def thank(tx: Connection, row: HeldRow, domain: str, now: datetime) -> None:
    """The letter that thanks for a change of data, with the facts it was proposed with."""
    facts = (row.details or {}).get("thanks")
    if not facts or not is_person(row.sender):
        return
    key = f"{row.campaign}/held-{row.reference}/correction/1"
    draft = LetterDraft(key=key, kind="correction", campaign=row.campaign, recipient=row.sender, facts=facts)
    letters.write(tx, draft, now=now, domain=domain, about_id=row.message_id, unit_id=row.unit_id)


def follow(tx: Connection, row: HeldRow, decisive: str, by: str, now: datetime) -> None:
    """A unit's status and liaison follow what stands of it after a decision."""
    if row.submission_id is None:
        return
    campaign, unit_id = tx.execute(
        select(submissions_table.c.campaign, submissions_table.c.unit_id).where(
            submissions_table.c.id == row.submission_id
        )
    ).one()
    follow_unit(tx, campaign, unit_id, decisive, now, by if row.reason == "data-change" else None)


def follow_unit(
    tx: Connection, campaign: str, unit_id: int, decisive: str, now: datetime, by: str | None = None
) -> None:
    """`by`: the person who confirms the liaison's data with it, None where they are the form's."""
    standing = submissions.earlier(tx, campaign, unit_id)
    if standing is None:
        return
    answer = standing.choices[decisive].answer if decisive in standing.choices else ""
    standings.follow(tx, campaign, unit_id, {"yes": "intends", "no": "declined"}.get(answer, ""), now)
    liaison = liaisons.current(tx, campaign, unit_id)
    if liaison is not None:
        known = {key: standing.values[key].text for key in liaison.values if key in standing.values}
        liaisons.name(tx, campaign, unit_id, known, now, by)
