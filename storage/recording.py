"""Writes what was decided about a mail: all of it or nothing, in the caller's one transaction.

Promises: a mail is recorded once, whoever else tries; a letter whose key stands already is not
written again; receipt numbers are kept. Never decides, and never touches the raw bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from intake.contents import Reading
from intake.outcome import HeldDraft, LetterDraft, Outcome, SubmissionDraft
from storage import (
    bounced,
    claims,
    finding_letters,
    followups,
    letters,
    liaisons,
    references,
    signs,
    standings,
    submissions,
    units,
)
from storage.followups import Question
from storage.mails import MailRow
from storage.prepared import Prepared
from storage.sql import plain
from storage.tables import held, messages
from storage.tables import submissions as submissions_table

_HANDLE = Prepared(
    update(messages)
    .where(messages.c.id == bindparam("mail"), messages.c.state == "received")
    .values({name: bindparam(f"to_{name}") for name in ("state", "kind", "rules", "campaign", "received_at")})
    .values({name: bindparam(f"to_{name}") for name in ("handled_at", "message_id", "fingerprint", "note")})
    .values({name: bindparam(f"to_{name}") for name in ("sender", "sender_domain", "subject", "top_received")})
    .returning(messages.c.id)
)
_ANSWERED = (
    update(held)
    .where(
        held.c.state == "open",
        held.c.reason == "unclear",
        held.c.key.in_(bindparam("keys", expanding=True)),
        held.c.submission_id.in_(
            select(submissions_table.c.id).where(
                submissions_table.c.campaign == bindparam("in_campaign"),
                submissions_table.c.unit_id == bindparam("unit"),
            )
        ),
    )
    .values(state="decided", closed_at=bindparam("now"), decision="该单位已自行答复")
)
_ADD_HELD = Prepared(insert(held).inline())
ANSWERED = "收件人来信提到此信，已送达"
MOST_NAMED = 20  # letters that one mail may name; a hostile References field is long


@dataclass(frozen=True, slots=True)
class _Recorded:
    id: int
    unit_id: int
    receipt: str
    draft: SubmissionDraft


def record(
    tx: Connection,
    mail: MailRow,
    reading: Reading | None,
    outcome: Outcome | Sequence[Outcome],
    now: datetime,
    *,
    domain: str,
    backlog: Literal["hold", "send"] = "hold",
) -> bool:
    """Record what was decided about a mail; False, and nothing written, if it is not waiting to be handled.

    Several outcomes are those of a mail with forms of several campaigns. `domain` is the sender's,
    for Message-IDs; letters that answer a mail of the backlog wait for a person under `hold`.
    """
    outcomes = (outcome,) if isinstance(outcome, Outcome) else tuple(outcome)
    if mail.retried:
        outcomes = _without_decided(tx, mail, outcomes)
    if _HANDLE.first(tx, _handled(mail, reading, outcomes, now)) is None:
        return False
    if mail.retried:
        submissions.drop_proposals(tx, mail.id)
    for one in outcomes:
        _record_one(tx, mail, reading, one, now, domain, letters.BACKLOG if mail.backlog and backlog == "hold" else "")
    if mail.retried:
        submissions.drop_unasked_proposals(tx, mail.id)
    if reading is not None:
        _answered(tx, mail, reading, outcomes, now)
    return True


def _handled(mail: MailRow, reading: Reading | None, outcomes: Sequence[Outcome], now: datetime) -> dict[str, Any]:
    first = outcomes[0]
    waits = any(one.held for one in outcomes)
    sender = plain(reading.sender.email.lower(), 320) if reading else ""
    row = {
        "state": "held" if waits else "handled",
        "kind": first.verdict.kind,
        "rules": list(first.verdict.rules),
        "campaign": first.campaign,
        "received_at": min(one.received_at for one in outcomes),
        "handled_at": now,
        "note": plain("\n".join(one.note for one in outcomes if one.note)),
        "message_id": plain(reading.message_id, 400) if reading else "",
        "fingerprint": plain(reading.fingerprint, 64) if reading else "",
        "sender": sender,
        "sender_domain": sender.rpartition("@")[2],
        "subject": plain(reading.subject, 2000) if reading else "",
        "top_received": reading.top_received if reading else None,
    }
    return {"mail": mail.id} | {f"to_{name}": value for name, value in row.items()}


def _record_one(
    tx: Connection,
    mail: MailRow,
    reading: Reading | None,
    outcome: Outcome,
    now: datetime,
    domain: str,
    held_back: str,
) -> None:
    sender = reading.sender.email.lower() if reading else ""
    recorded = [_submit(tx, mail, draft, sender, outcome, now) for draft in outcome.submissions]
    asked_by = _write_letters(tx, mail, outcome.letters, recorded, now, domain, held_back)
    for index, one in enumerate(recorded):
        _follow_up(tx, one, asked_by.get(index), now)
    _hold(tx, mail, outcome, recorded, now)
    if outcome.bounced is not None:
        bounced.take(tx, outcome.bounced, reading, mail.id, now)


# ---- submissions ------------------------------------------------------------------------------


def _submit(
    tx: Connection, mail: MailRow, draft: SubmissionDraft, sender: str, outcome: Outcome, now: datetime
) -> _Recorded:
    unit_id, new = (draft.unit_id, False) if draft.unit_id is not None else units.make(tx, draft.unit, now, sender)
    receipt = units.give_receipt(tx, draft.campaign, unit_id, new=new)
    submission_id = submissions.add(
        tx, draft, unit_id, message_id=mail.id, sender=sender, received_at=outcome.received_at, new_unit=new
    )
    if draft.standing:
        standings.follow(tx, draft.campaign, unit_id, draft.intent, now, new_unit=new)
        liaisons.name(tx, draft.campaign, unit_id, draft.liaison, now, new_unit=new)
    return _Recorded(submission_id, unit_id, receipt, draft)


def _follow_up(tx: Connection, one: _Recorded, letter_id: int | None, now: datetime) -> None:
    draft = one.draft
    if not draft.standing:
        return
    if draft.settled:
        followups.settle_keys(tx, draft.campaign, one.unit_id, draft.settled, now)
        where = {"keys": list(draft.settled), "in_campaign": draft.campaign, "unit": one.unit_id}
        tx.execute(_ANSWERED, where | {"now": now})
    questions = [Question(key, _reason(draft, key), letter_id, draft.asked_due) for key in draft.asked]
    followups.open_all(tx, draft.campaign, one.unit_id, one.id, questions, now)


def _reason(draft: SubmissionDraft, key: str) -> str:
    choice = draft.choices.get(key)
    return "unclear" if choice is not None and choice.answer == "unclear" else "missing"


# ---- letters ----------------------------------------------------------------------------------


def _write_letters(
    tx: Connection,
    mail: MailRow,
    drafts: Sequence[LetterDraft],
    recorded: Sequence[_Recorded],
    now: datetime,
    domain: str,
    held_back: str,
) -> dict[int, int]:
    """Write the letters; gives, for each submission that one of them names, that letter's id."""
    asked_by: dict[int, int] = {}
    for draft in drafts:
        named = [recorded[index] for index in draft.submissions]
        letter_id, _ = letters.write(
            tx,
            _with_receipts(draft, named),
            now=now,
            domain=domain,
            about_id=mail.id,
            unit_id=named[0].unit_id if len({one.unit_id for one in named}) == 1 else None,
            held_back=held_back,
            next_at=max(now, draft.not_before) if draft.not_before else now,
            asks=any(one.draft.asked for one in named),
        )
        asked_by |= dict.fromkeys(draft.submissions, letter_id)
    return asked_by


def _with_receipts(draft: LetterDraft, named: Sequence[_Recorded]) -> LetterDraft:
    """The k-th unit of the facts is the k-th submission named: it gets that receipt number."""
    said = draft.facts.get("units")
    if not named or not isinstance(said, (list, tuple)):
        return draft
    numbers = [one.receipt for one in named] + [None] * len(said)
    units_said = [_with_receipt(unit, number) for unit, number in zip(said, numbers, strict=False)]
    return replace(draft, facts={**draft.facts, "units": units_said})


def _with_receipt(unit: Any, number: str | None) -> Any:
    return {**unit, "receipt": number} if number is not None and isinstance(unit, Mapping) else unit


# ---- held -------------------------------------------------------------------------------------


def _hold(tx: Connection, mail: MailRow, outcome: Outcome, recorded: Sequence[_Recorded], now: datetime) -> None:
    rows = [_held_row(mail, outcome.campaign, draft, recorded, now) for draft in outcome.held]
    _ADD_HELD.run_many(tx, rows)


def _held_row(
    mail: MailRow, campaign: str, draft: HeldDraft, recorded: Sequence[_Recorded], now: datetime
) -> dict[str, Any]:
    return {
        "reference": references.new_reference(),
        "campaign": campaign,
        "message_id": mail.id,
        "submission_id": None if draft.submission is None else recorded[draft.submission].id,
        "reason": draft.reason,
        "sentence": plain(draft.sentence),
        "key": draft.key,
        "unit_id": draft.unit_id,
        "details": None if draft.details is None else dict(draft.details),
        "state": "open",
        "opened_at": now,
    }


def _without_decided(tx: Connection, mail: MailRow, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What a person has decided about this mail is not asked of them again."""
    rows = tx.execute(select(held.c.reason, held.c.key).where(held.c.message_id == mail.id, held.c.state == "decided"))
    decided = {(row.reason, row.key) for row in rows}
    return tuple(
        replace(one, held=tuple(draft for draft in one.held if (draft.reason, draft.key) not in decided))
        for one in outcomes
    )


def _answered(tx: Connection, mail: MailRow, reading: Reading, outcomes: Sequence[Outcome], now: datetime) -> None:
    """A mail that names letters of ours proves that they went out: one in doubt is settled by it.

    Written by a person, it is a sign of life of the units that those letters went to.
    """
    named = [finding_letters.by_message_id(tx, plain(id_)) for id_ in dict.fromkeys(reading.answers_to[-MOST_NAMED:])]
    named += [finding_letters.by_reference(tx, plain(reference)) for reference in reading.signs.refs[:MOST_NAMED]]
    for letter in filter(None, named):
        if letter.state in ("sending", "doubt", "deferred"):
            claims.arrived(tx, letter.id, now, ANSWERED)
        if outcomes[0].verdict.kind not in signs.AUTOMATIC:
            signs.note(tx, letter.campaign, finding_letters.units_of(tx, letter.id), mail.id)
