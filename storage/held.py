"""What waits for a person: listed, shown, decided, or read again.

Promises: a decision is written with who took it, and nothing but a later definite answer of the unit
changes it; reading a mail again never does. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select, update

from intake.errors import WrongUsage
from intake.instructing.words import AGAIN, ASKED_ANEW, Item, words_for
from storage import approvals, asked_anew, bounced, doubtful, spam, submission_items, unit_items
from storage.plain_rows import HeldRow
from storage.sql import plain
from storage.tables import held, messages, sightings
from storage.tables import submissions as submissions_table
from storage.tables import units as units_table
from storage.unit_items import ACCEPT

DECIDE = {
    **unit_items.DECIDE,
    doubtful.REASON: doubtful.decide,
    approvals.REASON: approvals.decide,
    spam.REASON: spam.decide,
}
UNANSWERED = ("near-name", "disputed", "member-no")  # held before any acknowledgement


_OF_HELD = [held.c[name] for name in HeldRow.__slots__ if name in held.c]
_ROWS = (
    select(
        *_OF_HELD,
        func.coalesce(submissions_table.c.unit_name, units_table.c.name).label("unit_name"),
        messages.c.sender,
        messages.c.subject,
        messages.c.received_at,
        messages.c.raw_hash,
    )
    .select_from(
        held.outerjoin(messages, held.c.message_id == messages.c.id)
        .outerjoin(submissions_table, held.c.submission_id == submissions_table.c.id)
        .outerjoin(units_table, held.c.unit_id == units_table.c.id)
    )
    .order_by(held.c.id)
)
_TEXTS = ("unit_name", "sender", "subject", "raw_hash")


def list_open(tx: Connection, campaign: str | None = None) -> list[HeldRow]:
    """What waits, oldest first."""
    where = held.c.state == "open"
    return _some(tx, where if campaign is None else where & (held.c.campaign == campaign))


def of_mail(tx: Connection, message_id: int) -> list[HeldRow]:
    """What waits because of a mail, oldest first."""
    return _some(tx, (held.c.state == "open") & (held.c.message_id == message_id))


def show(tx: Connection, reference: str) -> HeldRow:
    """One of them, in whatever state; raises WrongUsage with a sentence where there is none."""
    rows = _some(tx, held.c.reference == reference.strip().upper())
    if not rows:
        raise WrongUsage(reference, sentence=f"没有编号为“{reference}”的待办，请用 intake held list 查看。")
    return rows[0]


def decide(
    tx: Connection,
    reference: str,
    decision: str,
    by: str,
    now: datetime,
    options: Sequence[str] = (),
    *,
    decisive: str = "",
    domain: str = "",
) -> HeldRow:
    """Close it with a person's decision, and do what the decision says. Raises WrongUsage with a sentence.

    About a choice: 是, 否, 空白, or one of the campaign's `options` sets the answer. About a proposal:
    接受 makes it stand, 不接受 drops it. About a near name: 同一单位 gives it to the near unit (its name
    after a colon where there are several), 不同单位 makes it stand as a unit of its own. About a
    disputed time: 按时 or 逾期. About a letter taken for spam: 恢复 lets the campaign's letters go again,
    that one included. About a letter in doubt: 已发, 重发 or 不发. About
    one that waits for approval: 同意发送, 不发 or 退回. About a paper: 收到 ticks it off, 不是
    leaves it owed. About what stayed unanswered: 收到 or 不再要求 closes it. About a member's new data:
    接受 records it and lets a letter thank for it, for which the sender's `domain` is needed. `decisive`
    is the choice that says whether a unit intends to join, and moves its status. Any other reason is
    closed with the words as a note. 补正 asks the unit (or the sender) again. Where the
    sender has only heard 已收到 so far, and the form now
    stands, its mail is read again for its acknowledgement.
    """
    row = show(tx, reference)
    if row.state != "open":
        raise WrongUsage(
            reference, sentence=f"待办“{row.reference}”已处理过（{row.decision or row.state}），未作改动。"
        )
    words = decision.strip()
    if words == AGAIN:
        asked_anew.ask(tx, row, words_of(tx, row, options), domain, now)
    else:
        _act(tx, row, words, by, now, options)
    unit_items.follow(tx, row, decisive, by, now)
    if row.reason == "data-change" and words.lower() in ACCEPT and domain:
        unit_items.thank(tx, row, domain, now)
    _close(tx, row, words, by, now)
    if row.reason in UNANSWERED and _stands(tx, row):
        tx.execute(update(messages).where(messages.c.id == row.message_id).values(state="received"))
    return show(tx, row.reference)


def words_of(tx: Connection, row: HeldRow, options: Sequence[str] = ()) -> tuple[str, ...]:
    """The words that decide an item, as a letter shows them; `options` are those of its choice, () for 是 and 否."""
    state = tx.scalar(select(submissions_table.c.state).where(submissions_table.c.id == row.submission_id))
    words = words_for(Item(row.reason, row.key, tuple(options), state or ""))
    if row.reason not in ASKED_ANEW or asked_anew.may_ask(tx, row):
        return words
    return tuple(word for word in words if word != AGAIN)


def keeps_silent(tx: Connection, message_id: int) -> bool:
    """Whether a person must speak about the mail before its unit hears of what was recorded."""
    where = held.c.message_id == message_id, held.c.state == "open", held.c.reason.in_(UNANSWERED)
    return tx.scalar(select(held.c.id).where(*where).limit(1)) is not None


def _stands(tx: Connection, row: HeldRow) -> bool:
    """Whether the form of this mail stands, and nothing else about the mail waits for a person."""
    state = tx.scalar(select(submissions_table.c.state).where(submissions_table.c.id == row.submission_id))
    waits = select(held.c.id).where(held.c.message_id == row.message_id, held.c.state == "open").limit(1)
    return state == "standing" and tx.scalar(waits) is None


def retry(tx: Connection, reference: str, now: datetime) -> HeldRow:
    """Let its mail be read again at the next run; a mail that could not be fetched is tried anew.

    What was decided stands: `recording` keeps decided answers and asks nothing decided again.
    """
    row = show(tx, reference)
    if row.reason == bounced.REASON:
        raise WrongUsage(reference, sentence=f"待办“{row.reference}”是信函被退回，重读退信不会有新的结果；请直接处理。")
    if row.message_id is not None:
        tx.execute(update(messages).where(messages.c.id == row.message_id).values(state="received"))
        siblings = [held.c.message_id == row.message_id, held.c.reason != bounced.REASON]
    elif row.sighting_id is not None:
        again = {"state": "to fetch", "tries": 0}
        where = (sightings.c.id == row.sighting_id, sightings.c.state == "lost")
        tx.execute(update(sightings).where(*where).values(**again))
        siblings = [held.c.sighting_id == row.sighting_id]
    else:
        raise WrongUsage(reference, sentence=f"待办“{row.reference}”不是来信，无法重读；请直接处理。")
    tx.execute(update(held).where(*siblings, held.c.state == "open").values(state="retried", closed_at=now))
    return show(tx, row.reference)


def _act(tx: Connection, row: HeldRow, words: str, by: str, now: datetime, options: Sequence[str]) -> None:
    if row.reason in DECIDE:
        DECIDE[row.reason](tx, row, words, by, now)
        if row.submission_id is None:
            return
    if row.submission_id is not None:
        submission_items.decide(tx, row, words, by, now, options)
    elif not words:
        raise WrongUsage(sentence="请写明处理结果。")


def end_unclear(
    tx: Connection, campaign: str, unit_id: int, keys: Sequence[str], words: str, by: str, now: datetime
) -> None:
    """What was asked of a person about these choices of a unit is answered by another word of theirs."""
    for row in open_unclear(tx, campaign, unit_id, keys):
        _close(tx, row, words, by, now)


def open_unclear(tx: Connection, campaign: str, unit_id: int, keys: Sequence[str]) -> list[HeldRow]:
    """What a person is asked about these choices of a unit."""
    about = (submissions_table.c.campaign == campaign, submissions_table.c.unit_id == unit_id)
    ids = select(submissions_table.c.id).where(*about)
    rows = _some(tx, (held.c.state == "open") & (held.c.reason == "unclear") & held.c.submission_id.in_(ids))
    return [row for row in rows if row.key in keys]


def _close(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    values = {"state": "decided", "closed_at": now, "decision": plain(words), "decided_by": plain(by, 320)}
    tx.execute(update(held).where(held.c.reference == row.reference).values(**values))
    if row.message_id is None:
        return
    waits = exists().where(held.c.message_id == row.message_id, held.c.state == "open")
    handled = update(messages).where(messages.c.id == row.message_id, messages.c.state == "held", ~waits)
    tx.execute(handled.values(state="handled"))


def _some(tx: Connection, condition: Any) -> list[HeldRow]:
    return [_row(row) for row in tx.execute(_ROWS.where(condition))]


def _row(row: Any) -> HeldRow:
    texts = {name: row._mapping[name] or "" for name in _TEXTS}
    return HeldRow(**{**row._mapping, **texts})
