"""Submissions: the joined answers of a unit as they stood after one mail.

Promises: at most one standing submission a unit and campaign; what is replaced stays readable; a
choice that a person decided keeps that mark as long as its answer stands. Joining old and new is
deciding's; only what a draft says is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, insert, select, update

from intake.answers import Choice, Value
from intake.known import Earlier
from intake.outcome import SubmissionDraft
from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import choices, followups, held, receipts, submissions

BY_HAND = "人工更正"
_STANDING = Prepared(
    select(
        submissions.c.id,
        submissions.c.unit_id,
        submissions.c.sender,
        submissions.c.received_at,
        submissions.c.lateness,
        submissions.c.in_time_at_first,
        submissions.c["values"],
        submissions.c.message_id,
        receipts.c.number,
    )
    .select_from(
        submissions.outerjoin(
            receipts,
            and_(receipts.c.unit_id == submissions.c.unit_id, receipts.c.campaign == submissions.c.campaign),
        )
    )
    .where(
        submissions.c.campaign == bindparam("in_campaign"),
        submissions.c.unit_id == bindparam("unit"),
        submissions.c.state == "standing",
    )
    .order_by(submissions.c.id.desc())
    .limit(1)
)
_CHOICES = Prepared(select(choices).where(choices.c.submission_id == bindparam("submission")).order_by(choices.c.id))
_ASKED = Prepared(
    select(followups.c.awaits, followups.c.due_at).where(
        followups.c.campaign == bindparam("in_campaign"),
        followups.c.unit_id == bindparam("unit"),
        followups.c.state.in_(("open", "overdue")),
        followups.c.reason.in_(("missing", "unclear")),
    )
)
_OTHERS = Prepared(
    select(submissions.c.id)
    .where(
        submissions.c.campaign == bindparam("in_campaign"),
        submissions.c.sender == bindparam("sender_"),
        submissions.c.unit_id != bindparam("unit"),
        submissions.c.state.in_(("standing", "proposed")),
    )
    .limit(1)
)
_REPLACE = Prepared(
    update(submissions)
    .where(
        submissions.c.campaign == bindparam("in_campaign"),
        submissions.c.unit_id == bindparam("unit"),
        submissions.c.state == "standing",
    )
    .values(state="replaced")
    .returning(submissions.c.id, submissions.c.in_time_at_first, submissions.c.message_id, submissions.c.received_at)
)
_ADD = Prepared(insert(submissions).returning(submissions.c.id))
_ADD_CHOICE = Prepared(insert(choices).inline())


def earlier(tx: Connection, campaign: str, unit_id: int, reading_again: int | None = None) -> Earlier | None:
    """The standing submission of a unit in a campaign, with what was decided and what is still asked.

    `reading_again` is the mail that is decided now: what stands may have come from that very mail.
    """
    where = {"in_campaign": campaign, "unit": unit_id}
    row = _STANDING.first(tx, where)
    if row is None:
        return None
    answers = _CHOICES.all(tx, {"submission": row.id})
    asked = _ASKED.all(tx, where)
    return Earlier(
        submission_id=row.id,
        unit_id=unit_id,
        sender=row.sender,
        received_at=row.received_at,
        lateness=row.lateness,
        receipt=row.number or "",
        values={key: Value(value["text"], value["place"], value["mended"]) for key, value in row.values.items()},
        choices={answer.key: choice_of(answer) for answer in answers},
        decided=frozenset(answer.key for answer in answers if answer.decided_by is not None)
        | {key for key, value in row.values.items() if value.get("decided_by")},
        asked=frozenset(question.awaits for question in asked),
        asked_due=max((question.due_at for question in asked if question.due_at is not None), default=None),
        original_in_time=row.in_time_at_first,
        same_mail=reading_again is not None and row.message_id == reading_again,
    )


def speaks_for_others(tx: Connection, campaign: str, sender: str, unit_id: int) -> bool:
    """Whether what stands of another unit came from this address too (a collector)."""
    return _OTHERS.scalar(tx, {"in_campaign": campaign, "sender_": sender, "unit": unit_id}) is not None


def unit_of(tx: Connection, submission_id: int) -> int | None:
    """The unit whose answers they are."""
    return tx.scalar(select(submissions.c.unit_id).where(submissions.c.id == submission_id))


def is_proposed(tx: Connection, campaign: str, unit_id: int) -> bool:
    """Whether a form of the unit waits for a person."""
    where = (submissions.c.campaign == campaign, submissions.c.unit_id == unit_id, submissions.c.state == "proposed")
    return tx.scalar(select(submissions.c.id).where(*where).limit(1)) is not None


def unit_name(tx: Connection, submission_id: int) -> str:
    """The unit's name as it stands there."""
    return tx.scalar(select(submissions.c.unit_name).where(submissions.c.id == submission_id)) or ""


def choice_of(row: Any) -> Choice:
    return Choice(row.key, row.answer, row.evidence, row.place, row.already_member)


def add(
    tx: Connection,
    draft: SubmissionDraft,
    unit_id: int,
    *,
    message_id: int | None,
    sender: str,
    received_at: datetime,
    new_unit: bool = False,
    channel: str = "mail",
) -> int:
    """Write a draft as the unit's standing submission, or as a proposal; gives its id.

    A standing one takes the place of whatever stands, so that there is never a second.
    """
    old = None if new_unit or not draft.standing else replace(tx, draft.campaign, unit_id)
    first_in_time = draft.lateness != "late" if old is None else _begun_in_time(old, draft, received_at)
    replaced = old.id if old is not None else draft.replaces
    row = {
        "unit_id": unit_id,
        "message_id": message_id,
        "sender": plain(sender, 320),
        "received_at": received_at,
        "in_time_at_first": first_in_time,
        "replaces_id": replaced,
        "channel": channel,
    }
    columns = _columns_of(draft)
    if replaced is not None:
        _keep_by_hand(tx, replaced, columns["values"])
    submission_id = int(_ADD.scalar(tx, columns | row))
    decided = _decided(tx, replaced)
    same_mail = old is not None and old.message_id == message_id
    _add_choices(tx, submission_id, draft.choices, decided, keep=same_mail)
    return submission_id


def _begun_in_time(old: Any, draft: SubmissionDraft, received_at: datetime) -> bool:
    """Whether the first form of the chain was in time; an older mail that came to light late may prove it so."""
    return bool(old.in_time_at_first) or (draft.lateness == "in time" and received_at < old.received_at)


def replace(tx: Connection, campaign: str, unit_id: int) -> Any:
    """Let the unit's standing submission stand no more; gives its id, in_time_at_first and message_id, or None."""
    return _REPLACE.first(tx, {"in_campaign": campaign, "unit": unit_id})


def set_value(tx: Connection, submission_id: int, key: str, text: str, by: str) -> None:
    """A person's value for a field, marked as such; what was said to be wrong with the old one is said no more."""
    row = tx.execute(select(submissions).where(submissions.c.id == submission_id)).one()
    written = {"text": plain(text), "place": BY_HAND, "mended": "", "decided_by": plain(by, 320)}
    values = dict(row._mapping["values"]) | {key: written}
    problems = [problem for problem in row.problems if problem["field"] != key]
    where = submissions.c.id == submission_id
    tx.execute(update(submissions).where(where).values(values=values, problems=problems))


def set_unit_name(tx: Connection, submission_id: int, name: str) -> None:
    tx.execute(update(submissions).where(submissions.c.id == submission_id).values(unit_name=plain(name, 200)))


def drop_proposals(tx: Connection, message_id: int) -> None:
    """A mail is read anew: what it proposed before is proposed no more."""
    where = (submissions.c.message_id == message_id, submissions.c.state == "proposed")
    tx.execute(update(submissions).where(*where).values(state="dropped"))


def drop_unasked_proposals(tx: Connection, message_id: int) -> None:
    """Proposals of a mail read anew about which no person is asked, having decided before."""
    asked = exists().where(held.c.submission_id == submissions.c.id, held.c.state == "open")
    where = (submissions.c.message_id == message_id, submissions.c.state == "proposed", ~asked)
    tx.execute(update(submissions).where(*where).values(state="dropped"))


def units_recorded(tx: Connection, message_ids: Collection[int]) -> tuple[str, ...]:
    """The names of the units that these mails recorded, each once."""
    statement = (
        select(submissions.c.unit_name).where(submissions.c.message_id.in_(message_ids)).order_by(submissions.c.id)
    )
    return tuple(dict.fromkeys(tx.scalars(statement)))


def _columns_of(draft: SubmissionDraft) -> dict[str, Any]:
    """What the draft says by itself, as columns of its row."""
    return {
        "campaign": draft.campaign,
        "unit_name": plain(draft.unit, 200),
        "late": draft.lateness == "late",
        "lateness": draft.lateness,
        "state": "standing" if draft.standing else "proposed",
        "values": {key: _value_row(value) for key, value in draft.values.items()},
        "problems": [{"code": one.code, "field": one.field, "sentence": one.sentence} for one in draft.problems],
        "sources": list(draft.sources),
        "already_member": draft.already_member,
        "sealed_copy": draft.sealed_copy,
    }


def _value_row(value: Value) -> dict[str, str]:
    return {"text": value.text, "place": value.place, "mended": value.mended}


def _keep_by_hand(tx: Connection, replaced: int, values: dict[str, dict[str, str]]) -> None:
    """A value that a person wrote keeps that mark as long as it stands."""
    old = tx.scalar(select(submissions.c["values"]).where(submissions.c.id == replaced)) or {}
    for key, value in old.items():
        if value.get("decided_by") and key in values and values[key]["text"] == value["text"]:
            values[key] = dict(value)


def _decided(tx: Connection, replaced: int | None) -> dict[str, Any]:
    if replaced is None:
        return {}
    rows = _CHOICES.all(tx, {"submission": replaced})
    return {row.key: row for row in rows if row.decided_by is not None}


def _add_choices(
    tx: Connection, submission_id: int, answers: Mapping[str, Choice], decided: Mapping[str, Any], *, keep: bool
) -> None:
    """`keep`: the same mail was read again, which never changes what a person decided."""
    rows = [
        _choice_row(submission_id, _kept(answer, decided.get(answer.key), keep), decided.get(answer.key))
        for answer in answers.values()
    ]
    _ADD_CHOICE.run_many(tx, rows)


def _kept(answer: Choice, decided: Any, keep: bool) -> Choice:
    return choice_of(decided) if keep and decided is not None else answer


def _choice_row(submission_id: int, answer: Choice, decided: Any) -> dict[str, Any]:
    stands = decided is not None and decided.answer == answer.answer
    return {
        "submission_id": submission_id,
        "key": answer.key,
        "answer": plain(answer.answer, 200),
        "evidence": plain(answer.evidence),
        "place": plain(answer.place),
        "already_member": answer.already_member,
        "decided_by": decided.decided_by if stands else None,
    }
