"""Stops and starts all letters to units at once: the gate, its entry in the audit, and word to the other colleagues.

The one way, from the shell and from a mail, in the caller's transaction. By mail a pause needs no token, for it can
always be taken back; going on needs one, for what has left cannot (docs/decisions/by-mail.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from intake.beijing import moment
from intake.instructing import words
from intake.instructing.judging import Told
from intake.instructing.model import Code
from scheduler.secretariat import Secretariat
from storage import audits, gates, tokens
from storage.audits import Through
from storage.tokens import Issued

GATE = "gate"  # what the audit calls it
REFERENCE = "PAUSED"  # before the token that lets letters go again; it reads like any other
PAUSED = "秘书处已暂停向各单位发信"


def pause(
    tx: Connection, secretariat: Secretariat, *, by: str, through: Through, now: datetime, campaign: str,
    message_id: int | None = None,
) -> Mapping[str, object]:  # fmt: skip
    """No letter leaves for a unit from now on; gives what a letter says of it, `changed` False where it was so."""
    changed = gates.shut_now(tx, gates.TO_UNITS, now) is None
    if changed:
        gates.shut(tx, gates.TO_UNITS, f"{PAUSED}（{by}）", None, now=now)
    return _told(tx, secretariat, True, changed, by, through, now, campaign, message_id)


def resume(
    tx: Connection, secretariat: Secretariat, *, by: str, through: Through, now: datetime, campaign: str,
    message_id: int | None = None,
) -> Mapping[str, object]:  # fmt: skip
    """Letters to units go again, what has waited first."""
    changed = gates.open_gate(tx, gates.TO_UNITS)
    return _told(tx, secretariat, False, changed, by, through, now, campaign, message_id)


def lines(tx: Connection, secretariat: Secretariat, now: datetime) -> list[dict[str, str]]:
    """The line that ends the pause that stands, with a token of its own; none where none stands."""
    pause_id = audits.newest(tx, GATE)
    if pause_id is None or gates.shut_now(tx, gates.TO_UNITS, now) is None:
        return []
    return secretariat.lines(Issued(REFERENCE, tokens.issue_undo(tx, pause_id, now, None)), (words.RESUME,))


def told(tx: Connection, code: Code) -> Told:
    """What the register knows of a code that ends a pause: good for the pause that it was sent with, and no other."""
    pause_id, state = tokens.undo_of(tx, code.token, None)
    if state == "valid" and pause_id != audits.newest(tx, GATE):
        state = "closed"
    return Told(state, (words.RESUME,))


def unproven(
    tx: Connection, secretariat: Secretariat, *, by: str, now: datetime
) -> Mapping[str, object]:  # fmt: skip
    """What is answered to a wish to go on without a good token: nothing changes, and here is one."""
    paused = gates.shut_now(tx, gates.TO_UNITS, now) is not None
    return _facts(paused, False, by, now) | {"asked": True, "lines": lines(tx, secretariat, now)}


def _facts(paused: bool, changed: bool, by: str, now: datetime) -> dict[str, object]:
    return {"paused": paused, "changed": changed, "by": by, "at": moment(now), "told": False, "asked": False,
            "lines": []}  # fmt: skip


def _told(
    tx: Connection, secretariat: Secretariat, paused: bool, changed: bool, by: str, through: Through, now: datetime,
    campaign: str, message_id: int | None,
) -> Mapping[str, object]:  # fmt: skip
    facts = _facts(paused, changed, by, now)
    if not changed:
        return facts
    word = "暂停发送" if paused else "恢复发送"
    audit_id = audits.note(tx, at=now, by=by, through=through, what=GATE, word=word, message_id=message_id)
    for address in secretariat.others(by):
        secretariat.write(
            tx, f"gate-{audit_id}", address, "desk-gate",
            facts | {"told": True, "lines": lines(tx, secretariat, now)}, now, campaign=campaign,
        )  # fmt: skip
    return facts
