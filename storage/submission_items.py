"""What a person decides of held items about a submission: its answer, its unit's name, its time, whether it stands.

Called by `held.decide`, in its transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from intake.answers import BLANK, TYPED
from intake.errors import WrongUsage
from storage import followups, submissions, units
from storage.sql import insert_new, plain
from storage.tables import choices
from storage.tables import submissions as submissions_table
from storage.unit_items import ACCEPT, DROP

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

IN_TIME = ("按时", "in-time", "in time")
LATE = ("逾期", "late")
SAME = ("同一单位", "same")
ANOTHER = ("不同单位", "new", "另一单位")


def decide(tx: Connection, row: HeldRow, words: str, by: str, now: datetime, options: Sequence[str]) -> None:
    """Do to the item's submission what the words say. Raises WrongUsage with a sentence."""
    submission = tx.execute(select(submissions_table).where(submissions_table.c.id == row.submission_id)).one()
    if row.reason == "near-name":
        _decide_name(tx, submission, words, now)
    elif row.reason == "disputed":
        _decide_time(tx, submission, words)
    elif submission.state == "proposed" and not row.key:
        _decide_proposal(tx, submission, words)
    elif row.key:
        _decide_answer(tx, row, submission, words, by, now, options)


def _decide_answer(
    tx: Connection, row: HeldRow, submission: Any, words: str, by: str, now: datetime, options: Sequence[str]
) -> None:
    """The answer stands in what stands of the unit now, not in the older form that raised the question."""
    answer = words if words in options else TYPED.get(words.lower())
    if answer is None or (options and answer not in (*options, BLANK)):
        usable = "、".join((*(options or ("是", "否")), "空白"))
        raise WrongUsage(words, sentence=f"“{words}”不是可用的答复，请写：{usable}。")
    standing = submissions.earlier(tx, submission.campaign, submission.unit_id)
    target = standing.submission_id if standing else submission.id
    set_answer(tx, target, row.key, answer, by)
    followups.settle_keys(tx, submission.campaign, submission.unit_id, [row.key], now)


def set_answer(tx: Connection, submission_id: int, key: str, answer: str, by: str) -> None:
    """A person's answer to a choice; what was read keeps its evidence and place."""
    new = {"submission_id": submission_id, "key": key, "answer": answer, "evidence": "", "place": ""}
    tx.execute(insert_new(tx, choices), new)
    values = {"answer": plain(answer, 200), "decided_by": plain(by, 320)}
    where = (choices.c.submission_id == submission_id, choices.c.key == key)
    tx.execute(update(choices).where(*where).values(**values))


def _decide_proposal(tx: Connection, submission: Any, words: str, **values: Any) -> None:
    if words.lower() in ACCEPT:
        _accept(tx, submission, **values)
    elif words.lower() in DROP:
        _set(tx, submission.id, state="dropped")
    else:
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：接受、不接受。")


def _decide_time(tx: Connection, submission: Any, words: str) -> None:
    """A proposal that counts as in time stands; one that does not is dropped, for a late change is none."""
    proposed = submission.state == "proposed"
    if words.lower() in IN_TIME:
        in_time = {"lateness": "in time", "late": False, "in_time_at_first": True}
        _accept(tx, submission, **in_time) if proposed else _set(tx, submission.id, **in_time)
    elif words.lower() in LATE:
        late = {"lateness": "late", "late": True, "in_time_at_first": False}
        _set(tx, submission.id, **({"state": "dropped"} if proposed else late))
    else:
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：按时、逾期。")


def _decide_name(tx: Connection, submission: Any, words: str, now: datetime) -> None:
    verb, _, name = (part.strip() for part in words.replace("：", ":").partition(":"))
    if verb.lower() in DROP:
        _set(tx, submission.id, state="dropped")
    elif verb.lower() in ANOTHER:
        _accept(tx, submission)
    elif verb.lower() in SAME:
        unit_id = _same_unit(tx, submission, name)
        units.add_name(tx, unit_id, submission.unit_name)
        followups.move_unit(tx, submission.id, unit_id)
        units.retire_name(tx, submission.unit_id, now)
        _accept(tx, submission, unit_id=unit_id)
        units.give_receipt(tx, submission.campaign, unit_id)
    else:
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：同一单位、不同单位、不接受。")


def _same_unit(tx: Connection, submission: Any, name: str) -> int:
    if name:
        found = units.find(tx, name)
        if found is None or found == submission.unit_id:
            raise WrongUsage(name, sentence=f"没有名称为“{name}”的单位，请照待办中的名称填写。")
        return found
    near = units.near_ids(tx, submission.unit_name, but=submission.unit_id)
    if len(near) != 1:
        raise WrongUsage(
            submission.unit_name, sentence="名称相近的单位不止一家，请写明是哪一家，例如：同一单位：单位全称。"
        )
    return near[0]


def _accept(tx: Connection, submission: Any, **values: Any) -> None:
    """A proposal stands; what stood of that unit is replaced."""
    unit_id = values.get("unit_id", submission.unit_id)
    old = submissions.replace(tx, submission.campaign, unit_id)
    if old is not None:
        values |= {"replaces_id": old.id}
    _set(tx, submission.id, state="standing", **values)


def _set(tx: Connection, submission_id: int, **values: Any) -> None:
    tx.execute(update(submissions_table).where(submissions_table.c.id == submission_id).values(**values))
