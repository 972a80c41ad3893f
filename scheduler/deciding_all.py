"""One word for all the letters that a request for approval shows: each is decided by itself, with its own audit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from intake.errors import WrongUsage
from intake.instructing.judging import Order, Told
from intake.instructing.model import Code
from intake.instructing.words import ALL
from scheduler import deciding
from scheduler.deciding import Desk
from storage import approvals, finding_letters
from storage.approvals import Shown
from storage.tokens import State


def told(tx: Connection, code: Code, request_id: int, state: State) -> Told:
    """What the register knows of a code that stands for all of a request."""
    request = finding_letters.by_id(tx, request_id)
    if request is None or request.reference != code.reference:
        return Told("another", tuple(ALL))
    if state == "valid" and not waiting(tx, request_id):
        return Told("closed", tuple(ALL))
    return Told(state, tuple(ALL))


def waiting(tx: Connection, request_id: int) -> list[Shown]:
    """The letters of a request that nobody has decided."""
    return [one for one in approvals.shown(tx) if request_id in one.requests]


def decide(tx: Connection, desk: Desk, order: Order, **said: Any) -> tuple[list[str], list[str]]:
    """Decide them all; gives a line for each that was decided, and for each that could not be."""
    request_id = finding_letters.by_reference(tx, order.reference)
    done: list[str] = []
    left: list[str] = []
    for one in waiting(tx, request_id.id) if request_id else ():
        line = f"{one.reference}　{one.unit_name or one.letter.recipient}：{one.letter.subject}"
        saved = tx.begin_nested()
        try:
            deciding.decide(tx, desk, one.reference, ALL[order.word], **said)
        except WrongUsage as error:
            saved.rollback()
            left.append(f"{line}（{error.sentence}）")
        else:
            saved.commit()
            done.append(line)
    return done, left
