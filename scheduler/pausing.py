"""Stops and starts all letters to units at once: the gate, its entry in the audit, and word to the other colleagues.

The one way, from the shell and from a mail, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from intake.beijing import moment
from scheduler.secretariat import Secretariat
from storage import audits, gates
from storage.audits import Through

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


def _told(
    tx: Connection, secretariat: Secretariat, paused: bool, changed: bool, by: str, through: Through, now: datetime,
    campaign: str, message_id: int | None,
) -> Mapping[str, object]:  # fmt: skip
    facts = {"paused": paused, "changed": changed, "by": by, "at": moment(now), "told": False}
    if not changed:
        return facts
    word = "暂停发送" if paused else "恢复发送"
    audit_id = audits.note(tx, at=now, by=by, through=through, what="gate", word=word, message_id=message_id)
    for address in secretariat.others(by):
        secretariat.write(
            tx, f"gate-{audit_id}", address, "desk-gate", facts | {"told": True}, now, campaign=campaign
        )  # fmt: skip
    return facts
