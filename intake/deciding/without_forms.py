"""What to do with a mail that holds no form: who tried is told what was wrong, who wrote is told that it came. Pure."""

from __future__ import annotations

from dataclasses import replace

from intake.contents import FileFault
from intake.deciding import holding, saying
from intake.deciding.answering import letter_for_units
from intake.deciding.completing import completion
from intake.deciding.consent import is_plain_yes
from intake.deciding.incoming import Incoming
from intake.deciding.outcomes import outcome, outcome_of_units
from intake.deciding.submitting import submit
from intake.errors import UNREADABLE, Unreadable
from intake.outcome import LetterDraft, Outcome
from intake.verdict import Verdict

TOLD_A_DAY, TOLD_A_CAMPAIGN = 1, 2  # no-form, unreadable and cloud-link letters to one address
IN_WORDS = "answer-in-words"  # the rule's name, where a reply without a form completes one
_REGISTERED = frozenset({"acknowledgement", "correction", "late", "repeat"})


def attempt(mail: Incoming) -> Outcome:
    """Somebody tried: told what was wrong, seldom; what cannot be read is shown to a person every time."""
    faults = mail.reading.faults
    if mail.reading.signs.strangers and not faults:
        return _strange_form(mail)
    letters = _told(mail)
    held = [holding.unreadable(mail, faults, told=bool(letters))] if faults else []
    if not letters and not held and not mail.known.protected:
        held = [holding.attempts(mail)]
    return outcome(mail, letters=letters, held=held)


def _strange_form(mail: Incoming) -> Outcome:
    """A form of no campaign goes to a person; who wrote to us about a campaign is told that it came."""
    signs = mail.reading.signs
    writes_to_us = mail.known.ties.known_sender or signs.words or signs.refs
    letters = _received(mail) if writes_to_us and _may_tell(mail) and not mail.known.repeat else ()
    return outcome(mail, letters=letters, held=(holding.strange_form(mail),))


def _told(mail: Incoming) -> tuple[LetterDraft, ...]:
    """The letter that says what was wrong with an attempt, unless its sender has heard enough."""
    if not _may_tell(mail):
        return ()
    if mail.reading.faults:
        facts = saying.mail_facts(mail, files=saying.fault_facts(mail.reading.faults))
        return saying.letter(mail, "unreadable", facts, attach_form=True)
    if mail.reading.signs.cloud_link:
        facts = saying.mail_facts(mail, service=mail.reading.signs.cloud_link)
        return saying.letter(mail, "cloud-link", facts, attach_form=True)
    facts = saying.mail_facts(mail, why=saying.why_no_form(mail))
    return saying.letter(mail, "no-form", facts, attach_form=True)


def _may_tell(mail: Incoming) -> bool:
    return mail.known.told_today < TOLD_A_DAY and mail.known.told_in_campaign < TOLD_A_CAMPAIGN


def statement(mail: Incoming) -> Outcome:
    """A sentence is a proposal, never an answer; a plain yes is thanked and sent the form."""
    if mail.known.repeat:
        return outcome(mail, note="此前来信的重发")
    registered = any(letter.kind in _REGISTERED for letter in mail.known.letters)
    if is_plain_yes(mail.reading.signs.sentence) and not registered and _may_tell(mail):
        facts = saying.mail_facts(mail, why=saying.why_plain_yes(mail))
        letters = saying.letter(mail, "no-form", facts, attach_form=True)
    else:
        letters = _received(mail)
    return outcome(mail, letters=letters, held=(holding.statement(mail),))


def question(mail: Incoming) -> Outcome:
    """A person answers it, unless it completes what a letter of ours asked for."""
    if mail.known.repeat:
        return outcome(mail, note="此前来信的重发")
    completed = _completed(mail)
    return completed or outcome(mail, letters=_received(mail), held=(holding.question(mail),))


def courtesy(mail: Incoming) -> Outcome:
    """Thanks need no answer; a telephone below them may be what was asked for."""
    return _completed(mail) or outcome(mail)


def _completed(mail: Incoming) -> Outcome | None:
    """A reply in a line that gives what a letter of ours asked for counts as a form with just this."""
    group = completion(mail)
    if group is None:
        return None
    mail = replace(mail, verdict=Verdict("form", (IN_WORDS, *mail.verdict.rules)))
    unit = submit(mail, group)
    return outcome_of_units(mail, [unit], letter_for_units(mail, [unit]))


def recall(mail: Incoming) -> Outcome:
    """A recall removes nothing; a person asks what the unit means."""
    return outcome(mail, held=(holding.recall(mail),))


def of_machine(mail: Incoming) -> Outcome:
    """Never answered; a filled form in it is for a person."""
    filled = not mail.known.repeat and not all(form.quoted for form in mail.reading.forms)
    return outcome(mail, held=(holding.of_machine(mail),) if filled else ())


def unread(mail: Incoming, code: str) -> Outcome:
    """A mail whose content was not read is held, and its sender asked to send it anew."""
    fault = _fault_of(code)
    facts = saying.mail_facts(mail, files=saying.fault_facts((fault,)))
    letters = saying.letter(mail, "unreadable", facts, attach_form=True) if _may_tell(mail) else ()
    if code == "oversized":
        return outcome(mail, letters=letters, held=(holding.oversized(mail, told=bool(letters)),))
    return outcome(mail, letters=letters, held=(holding.unread(mail, fault, told=bool(letters)),))


def _fault_of(code: str) -> FileFault:
    code = "too-large" if code == "oversized" else code
    kind = UNREADABLE.get(code, Unreadable)
    return FileFault("", kind.code, kind().sentence)


def _received(mail: Incoming) -> tuple[LetterDraft, ...]:
    return saying.letter(mail, "received", saying.mail_facts(mail))
