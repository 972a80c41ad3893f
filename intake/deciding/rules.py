"""What to do with one mail: a table from its kind to a small rule. Pure: no clock, no I/O.

Promises: at most one letter a mail, never for a kind that forbids letters, only to the address that
wrote or a Reply-To that may stand for it; whatever is not certain goes to a person, and its sender
hears that it was received.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from intake.campaign import Campaign
from intake.contents import Reading
from intake.deciding import holding
from intake.deciding.incoming import NO_LETTERS, Incoming
from intake.deciding.keeping import keep
from intake.deciding.outcomes import outcome
from intake.deciding.with_forms import form, staff
from intake.deciding.without_forms import attempt, courtesy, of_machine, question, recall, statement, unread
from intake.kinds import Kind
from intake.known import Known
from intake.outcome import Outcome
from intake.raw_mail import Arrival
from intake.verdict import Verdict
from intake.workdays import Calendar

PLAIN_CALENDAR = Calendar()


def decide(
    reading: Reading,
    known: Known,
    campaign: Campaign,
    now: datetime,
    arrival: Arrival,
    calendar: Calendar = PLAIN_CALENDAR,
) -> Outcome:
    """All that shall be done about one mail.

    `campaign` is the one the mail belongs to (its deadline already extended where a person did so).
    Raises ValueError for naive times, nothing else.
    """
    mail = Incoming.of(reading, known, campaign, now, arrival, calendar)
    if known.copy:
        return outcome(mail, note="同一封邮件的副本，不再处理")
    return _shielded(mail, keep(mail, RULES[mail.verdict.kind](mail)))


def decide_unread(
    code: str,
    head: Reading,
    known: Known,
    campaign: Campaign,
    now: datetime,
    arrival: Arrival,
    calendar: Calendar = PLAIN_CALENDAR,
) -> Outcome:
    """What to do about a mail whose content was not read: it is held, and its sender asked once to send it anew.

    `code` is `oversized` (headers only were fetched), or why its child failed: `timeout`, `memory`,
    `internal`. `head` is the reading of its header section alone, which names the sender.
    """
    mail = Incoming.of(head, known, campaign, now, arrival, calendar)
    if mail.verdict.kind not in NO_LETTERS:
        mail = replace(mail, verdict=Verdict("attempt", (*mail.verdict.rules, code)))
    return _shielded(mail, unread(mail, code))


def _bounce(mail: Incoming) -> Outcome:
    return outcome(mail, bounced=mail.reading.bounce)


def _nothing(mail: Incoming) -> Outcome:
    return outcome(mail)


def _shielded(mail: Incoming, decided: Outcome) -> Outcome:
    """A protected address gets no automatic letter; whatever a person wrote from it goes to the secretariat."""
    if not mail.known.protected or mail.verdict.kind in NO_LETTERS:
        return decided
    held = (*(decided.held if decided.submissions else ()), holding.protected(mail))
    return replace(decided, held=held)


RULES: dict[Kind, Callable[[Incoming], Outcome]] = {
    "form": form,
    "attempt": attempt,
    "question": question,
    "statement": statement,
    "courtesy": courtesy,
    "unrelated": _nothing,
    "staff": staff,
    "bounce": _bounce,
    "auto-reply": of_machine,
    "list": of_machine,
    "receipt": _nothing,
    "recall": recall,
    "own": _nothing,
}
