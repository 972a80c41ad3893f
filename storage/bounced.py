"""A delivery failure taken into the register: its letter, its address, and what the letter had asked.

Promises: only a permanent failure that speaks of the address marks it; a submission stays as it is
whatever happened to its acknowledgement; what a lost letter had asked goes to the secretariat at
once, with the telephones that are known, and is asked by no further letter. Sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, or_, select

from intake.contents import Bounce, Reading
from intake.office_words import LETTERS
from storage import chasing, claims, dead_addresses, finding_letters, references, submissions
from storage.letter_row import LetterRow
from storage.sql import plain
from storage.tables import chasings, followups, held, units
from storage.tables import letters as letters_table

REASON = "bounced"
CONTENT = "content"  # the key of the one item a campaign has about letters refused for what they are
ASKING = ("no-form", "unreadable", "cloud-link")  # letters to a sender of whom nothing is recorded yet
_NUMBER = re.compile(r"[\d()（）+\-—–\s/、，,;；转]*\d[\d()（）+\-—–\s/、，,;；转]*")
SHORTEST_NUMBER = 7  # digits


def take(tx: Connection, bounce: Bounce, reading: Reading | None, message_id: int, now: datetime) -> None:
    """Tie a delivery failure to its letter and do what follows; nothing where no letter of ours is found."""
    letter = _returned(tx, bounce, reading)
    if letter is None:
        return
    claims.mark_bounced(tx, letter.id, now, bounce.diagnostic, bounce.permanent)
    after = finding_letters.by_id(tx, letter.id)
    if letter.state == "bounced" or after is None or letter.claimed_at is None:
        return  # told before, or never sent
    if bounce.of_letter:
        _hold_content(tx, letter, bounce, message_id, now)
    elif bounce.permanent:
        dead_addresses.mark(
            tx, letter.recipient, letter_id=letter.id, message_id=message_id, said=bounce.diagnostic, now=now
        )
    if after.state == "bounced":
        _pass_on(tx, letter, bounce, message_id, now)


def _returned(tx: Connection, bounce: Bounce, reading: Reading | None) -> LetterRow | None:
    """The letter that came back: by its Message-ID, by our reference, else the last one to that address."""
    found = finding_letters.by_message_id(tx, plain(bounce.original_id)) if bounce.original_id else None
    for reference in reading.signs.refs if reading and found is None else ():
        found = found or finding_letters.by_reference(tx, plain(reference))
    if found is None and bounce.recipients:
        found = finding_letters.last_sent_to(tx, [plain(address.lower()) for address in bounce.recipients])
    return found


# ---- what the letter had asked ------------------------------------------------------------------


def _pass_on(tx: Connection, letter: LetterRow, bounce: Bounce, message_id: int, now: datetime) -> None:
    asked = _asked(tx, letter.id)
    for unit_id, questions in asked.items():
        sentence = _sentence(tx, letter, unit_id, _labels(tx, letter, [row.awaits for row in questions]), bounce)
        ids = [row.id for row in questions]
        chasing.hand_over(tx, letter.campaign, unit_id, ids, REASON, sentence, now)
    if not asked and letter.kind in ASKING:
        sentence = f"发往{letter.recipient}的{_called(letter)}被退回{_why(bounce)}，对方尚不知需重新发送，请设法联系。"
        _hold(tx, letter, sentence, message_id, now)


def _asked(tx: Connection, letter_id: int) -> dict[int, list[Any]]:
    """The open questions that a letter carried, by unit; those handed to the secretariat before are not among them."""
    by_chasing = select(chasings.c.followup_id).where(chasings.c.letter_id == letter_id)
    rows = tx.execute(
        select(followups.c.id, followups.c.unit_id, followups.c.awaits)
        .where(or_(followups.c.letter_id == letter_id, followups.c.id.in_(by_chasing)))
        .where(followups.c.state.in_(("open", "overdue")), followups.c.handed_at.is_(None))
        .order_by(followups.c.unit_id, followups.c.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


def _labels(tx: Connection, letter: LetterRow, keys: Sequence[str]) -> list[str]:
    """What the keys are called in the letter and in those said in it."""
    said = or_(letters_table.c.id == letter.id, letters_table.c.merged_into_id == letter.id)
    names: dict[str, str] = {}
    owed: list[str] = []
    for facts in tx.scalars(select(letters_table.c.facts).where(said)):
        for unit in facts.get("units") or ():
            names |= {one["id"]: one["label"] for one in _named(unit)}
            owed += [str(one.get("label")) for one in unit.get("owes") or ()]
    found = [names[key] for key in keys if key in names]
    return found or list(dict.fromkeys(owed)) or list(keys)


def _named(unit: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in (*(unit.get("values") or ()), *(unit.get("choices") or ())):
        if one.get("id") and one.get("label"):
            yield one


def _sentence(tx: Connection, letter: LetterRow, unit_id: int, labels: Sequence[str], bounce: Bounce) -> str:
    unit = tx.execute(select(units.c.name, units.c.roster).where(units.c.id == unit_id)).one()
    numbers = _telephones(tx, letter.campaign, unit_id, unit.roster or {})
    call = f"请致电{'、'.join(numbers)}联系" if numbers else "未留电话，请设法联系"
    things = "、".join(f"“{label}”" for label in labels)
    to = f"发给“{unit.name}”（{letter.recipient}）的{_called(letter)}"
    return f"{to}被退回{_why(bounce)}，登记不变；尚待其答复：{things}。{call}。"


def _telephones(tx: Connection, campaign: str, unit_id: int, roster: Mapping[str, Any]) -> list[str]:
    """Numbers in the unit's standing form, then those of its roster row; known by what they look like."""
    standing = submissions.earlier(tx, campaign, unit_id)
    texts = [value.text for value in standing.values.values()] if standing else []
    texts += [str(text) for text in roster.values()]
    return list(dict.fromkeys(text.strip() for text in texts if _is_number(text.strip())))


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) >= SHORTEST_NUMBER


def _called(letter: LetterRow) -> str:
    return f"信函“{LETTERS.get(letter.kind, letter.kind)}”"


def _why(bounce: Bounce) -> str:
    return f"（{bounce.diagnostic[:200]}）" if bounce.diagnostic else ""


# ---- held ---------------------------------------------------------------------------------------


def _hold_content(tx: Connection, letter: LetterRow, bounce: Bounce, message_id: int, now: datetime) -> None:
    """One item a campaign at a time: many servers may refuse the same circular."""
    waits = exists().where(
        held.c.campaign == letter.campaign, held.c.reason == REASON, held.c.key == CONTENT, held.c.state == "open"
    )
    if not tx.scalar(select(waits)):
        to = f"发往{letter.recipient}的{_called(letter)}"
        sentence = f"{to}因内容或发信服务器被对方拒收{_why(bounce)}，地址未必有误，请检查信函。"
        _hold(tx, letter, sentence, message_id, now, CONTENT)


def _hold(tx: Connection, letter: LetterRow, sentence: str, message_id: int, now: datetime, key: str = "") -> None:
    row = {
        "reference": references.new_reference(),
        "campaign": letter.campaign,
        "message_id": message_id,
        "letter_id": letter.id,
        "unit_id": letter.unit_id,
        "reason": REASON,
        "sentence": plain(sentence),
        "key": key,
        "state": "open",
        "opened_at": now,
    }
    tx.execute(insert(held), row)
