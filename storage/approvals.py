"""Letters that wait for a person's word before they leave, with the exact bytes that were shown.

A letter that waits has `held_back` = approval. One that is before a person has its bytes too, and an open
held item of that reason; the others wait behind it. Approved, it keeps its bytes and is claimed like one that was
tried. Promises: bytes are written together with the item that shows them; only a decision lets them go.
Never composes, never decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from intake.errors import WrongUsage
from intake.instructing.words import APPROVE, REFUSED
from storage import finding_letters
from storage import letters as letter_rows
from storage.letter_row import LetterRow
from storage.references import new_reference
from storage.sql import plain
from storage.tables import held, letters, units

if TYPE_CHECKING:
    from storage.plain_rows import HeldRow

REASON = HELD_BACK = "approval"
NO_LONGER = "该信已并入后来的信函，或已不再需要"
_OPEN_ITEM = (held.c.reason == REASON, held.c.state == "open")
_UNTRIED = (letters.c.state == "waiting", letters.c.tries == 0)
_SEEN = select(held.c.letter_id).where(held.c.reason == REASON, held.c.letter_id.is_not(None))
_UNSHOWN = (*_UNTRIED, letters.c.raw.is_(None))


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter before a person. `requests` are the letters that ask about it, () before it was asked."""

    held_id: int
    reference: str
    since: datetime
    unit_name: str
    requests: tuple[int, ...]
    letter: LetterRow


# ---- which letters ------------------------------------------------------------------------------


def kinds_due(tx: Connection, now: datetime, but: Collection[str]) -> list[tuple[str, str]]:
    """Campaign and kind of letters that are due and were never composed, in the order in which they go."""
    where = (*_UNSHOWN, letters.c.held_back.in_(("", HELD_BACK)), letters.c.next_at <= now, letters.c.kind.not_in(but))
    rows = tx.execute(
        select(letters.c.campaign, letters.c.kind)
        .where(*where)
        .group_by(letters.c.campaign, letters.c.kind)
        .order_by(func.min(letters.c.priority), letters.c.campaign, letters.c.kind)
    )
    return [(row.campaign, row.kind) for row in rows]


def approved(tx: Connection) -> Counter[tuple[str, str]]:
    """How many letters of each campaign and kind a person has approved."""
    rows = tx.execute(
        select(letters.c.campaign, letters.c.kind, func.count(letters.c.id.distinct()).label("number"))
        .join(held, held.c.letter_id == letters.c.id)
        .where(held.c.reason == REASON, held.c.state == "decided", held.c.decision == APPROVE)
        .group_by(letters.c.campaign, letters.c.kind)
    )
    return Counter({(row.campaign, row.kind): int(row.number) for row in rows})


def due(tx: Connection, campaign: str, kind: str, now: datetime, most: int) -> list[LetterRow]:
    """The next letters of a kind that were not shown yet, in the order in which they go."""
    of_kind = (letters.c.campaign == campaign, letters.c.kind == kind, letters.c.next_at <= now)
    ids = select(letters.c.id).where(*_UNSHOWN, *of_kind, letters.c.held_back.in_(("", HELD_BACK)))
    found = tx.scalars(ids.order_by(letters.c.priority, letters.c.id).limit(most)).all()
    rows = (finding_letters.by_id(tx, letter_id) for letter_id in found)
    return [row for row in rows if row is not None]


def hold_rest(tx: Connection, campaign: str, kind: str, now: datetime) -> None:
    """What is due of a kind waits behind those that are before a person."""
    of_kind = (letters.c.campaign == campaign, letters.c.kind == kind, letters.c.next_at <= now)
    statement = update(letters).where(*_UNSHOWN, *of_kind, letters.c.held_back == "")
    tx.execute(statement.values(held_back=HELD_BACK))


def release_rest(tx: Connection, campaign: str, kind: str, *, but_seen: bool) -> None:
    """What waits behind may go: its kind needs no approval any more; `but_seen`: not what a person has seen before."""
    where = [letters.c.campaign == campaign, letters.c.kind == kind, letters.c.held_back == HELD_BACK]
    if but_seen:
        where.append(letters.c.id.not_in(_SEEN))
    tx.execute(update(letters).where(*_UNSHOWN, *where).values(held_back=""))


def outdated(tx: Connection, now: datetime) -> list[LetterRow]:
    """Due letters that a person has seen, and that are to be seen anew because they say something else by now."""
    where = (letters.c.held_back == HELD_BACK, letters.c.next_at <= now, letters.c.id.in_(_SEEN))
    found = tx.scalars(select(letters.c.id).where(*_UNSHOWN, *where).order_by(letters.c.id)).all()
    rows = (finding_letters.by_id(tx, letter_id) for letter_id in found)
    return [row for row in rows if row is not None]


def behind(tx: Connection) -> Counter[tuple[str, str]]:
    """How many letters of each campaign and kind wait without having been shown."""
    rows = tx.execute(
        select(letters.c.campaign, letters.c.kind, func.count().label("number"))
        .where(*_UNSHOWN, letters.c.held_back == HELD_BACK)
        .group_by(letters.c.campaign, letters.c.kind)
    )
    return Counter({(row.campaign, row.kind): int(row.number) for row in rows})


def joining(tx: Connection, letter: LetterRow) -> list[LetterRow]:
    """Other letters of the campaign to the address, due or not, that nobody has approved: each as if never composed."""
    same = (letters.c.campaign == letter.campaign, letters.c.recipient == letter.recipient, letters.c.id != letter.id)
    unapproved = (letters.c.held_back == HELD_BACK) | ((letters.c.held_back == "") & letters.c.raw.is_(None))
    ids = tx.scalars(select(letters.c.id).where(*_UNTRIED, *same, unapproved).order_by(letters.c.id)).all()
    rows = (finding_letters.by_id(tx, letter_id) for letter_id in ids)
    return [replace(row, raw=None) for row in rows if row is not None]


def were_ever(tx: Connection) -> bool:
    """Whether any letter was ever put before a person."""
    return tx.scalar(select(held.c.id).where(held.c.reason == REASON).limit(1)) is not None


def approved_as_of(tx: Connection, letter_id: int) -> datetime | None:
    """When the bytes that a person has let go were composed; None where nobody has."""
    newest = select(held.c.decision, held.c.opened_at).where(held.c.reason == REASON, held.c.letter_id == letter_id)
    row = tx.execute(newest.order_by(held.c.id.desc()).limit(1)).first()
    return row.opened_at if row is not None and row.decision == APPROVE else None


def approved_unsent(tx: Connection, now: datetime) -> list[LetterRow]:
    """Letters that were approved and not tried yet."""
    ids = tx.scalars(
        select(letters.c.id)
        .join(held, held.c.letter_id == letters.c.id)
        .where(*_UNTRIED, letters.c.raw.is_not(None), letters.c.held_back == "", letters.c.next_at <= now)
        .where(held.c.reason == REASON, held.c.decision == APPROVE)
        .distinct()
    ).all()
    rows = (finding_letters.by_id(tx, letter_id) for letter_id in ids)
    return [row for row in rows if row is not None]


def shown(tx: Connection) -> list[Shown]:
    """What is before a person, oldest first."""
    rows = tx.execute(
        select(held, func.coalesce(units.c.name, "").label("unit_name"))
        .select_from(held.outerjoin(units, held.c.unit_id == units.c.id))
        .where(*_OPEN_ITEM)
        .order_by(held.c.id)
    ).all()
    found = ((row, finding_letters.by_id(tx, row.letter_id)) for row in rows)
    return [
        Shown(
            row.id, row.reference, row.opened_at, row.unit_name, tuple((row.details or {}).get("requests", ())), letter
        )
        for row, letter in found
        if letter is not None
    ]


# ---- what is done -------------------------------------------------------------------------------


def show(tx: Connection, letter: LetterRow, subject: str, raw: bytes, sentence: str, now: datetime) -> None:
    """Put the letter before a person with its exact bytes."""
    letter_rows.set_bytes(tx, letter.id, subject, raw)
    tx.execute(update(letters).where(letters.c.id == letter.id, *_UNTRIED).values(held_back=HELD_BACK))
    row = {
        "reference": new_reference(),
        "campaign": letter.campaign,
        "letter_id": letter.id,
        "unit_id": letter.unit_id,
        "reason": REASON,
        "sentence": plain(sentence),
        "state": "open",
        "opened_at": now,
    }
    tx.execute(insert(held), row)


def show_again(tx: Connection, letter_id: int) -> None:
    """What was approved is out of date: the letter is to be composed and shown anew."""
    tx.execute(update(letters).where(letters.c.id == letter_id, *_UNTRIED).values(raw=None, held_back=HELD_BACK))


def asked(tx: Connection, held_ids: Iterable[int], requests: Sequence[int]) -> None:
    """These letters ask about the items."""
    details: Mapping[str, Any] = {"requests": list(requests)}
    tx.execute(update(held).where(held.c.id.in_(list(held_ids))).values(details=details))


def decide(tx: Connection, row: HeldRow, words: str, by: str, now: datetime) -> None:
    """同意发送 lets the letter go as it was shown; 不发 and 退回 (退回：理由) take it back. Raises WrongUsage."""
    letter_id = tx.scalar(select(held.c.letter_id).where(held.c.reference == row.reference))
    assert letter_id is not None
    if words == APPROVE:
        waits = (letters.c.id == letter_id, letters.c.held_back == HELD_BACK, *_UNTRIED)
        freed = tx.execute(update(letters).where(*waits).values(held_back="").returning(letters.c.id)).first()
        if freed is None:
            raise WrongUsage(row.reference, sentence=f"待办“{row.reference}”所列信函{NO_LONGER}，未作改动。")
    elif words.replace(":", "：").partition("：")[0].strip() in REFUSED:
        letter_rows.withdraw(tx, [letter_id], now, f"{by}：{words}")
    else:
        usable = "、".join((APPROVE, *REFUSED))
        raise WrongUsage(words, sentence=f"“{words}”不是可用的决定，请写：{usable}。")


def end_settled(tx: Connection, now: datetime) -> int:
    """Items nobody need decide any more: their letter was taken back, or is said in another one. Gives how many."""
    waits = select(letters.c.id).where(*_UNTRIED, letters.c.held_back == HELD_BACK, letters.c.raw.is_not(None))
    values = {"state": "decided", "closed_at": now, "decision": NO_LONGER}
    statement = update(held).where(*_OPEN_ITEM, held.c.letter_id.not_in(waits)).values(**values)
    return len(tx.execute(statement.returning(held.c.id)).all())


def has_settled(tx: Connection) -> bool:
    """Whether there is such an item."""
    waits = select(letters.c.id).where(*_UNTRIED, letters.c.held_back == HELD_BACK, letters.c.raw.is_not(None))
    return tx.scalar(select(held.c.id).where(*_OPEN_ITEM, held.c.letter_id.not_in(waits)).limit(1)) is not None
