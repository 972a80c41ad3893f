"""What to do with one mail: a table from its kind to a small rule. Pure: no clock, no I/O.

Promises: at most one letter a mail, never for a kind that forbids letters, only to the address that
wrote or a Reply-To that may stand for it; whatever is not certain goes to a person, and its sender
hears that it was received.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from intake.answers import Form
from intake.campaign import Campaign
from intake.contents import Bounce, FileFault, Reading
from intake.deciding import holding, saying
from intake.deciding.answering import letter_for_units
from intake.deciding.completing import completion
from intake.deciding.consent import is_plain_yes
from intake.deciding.incoming import NO_LETTERS, Incoming
from intake.deciding.joining import Group, group_forms
from intake.deciding.keeping import keep
from intake.deciding.scans import sort_out
from intake.deciding.submitting import UnitOutcome, resend, submit
from intake.errors import UNREADABLE, Unreadable
from intake.kinds import Kind
from intake.known import Known
from intake.outcome import HeldDraft, LetterDraft, Outcome, SubmissionDraft
from intake.raw_mail import Arrival
from intake.verdict import Verdict
from intake.workdays import Calendar

TOLD_A_DAY, TOLD_A_CAMPAIGN = 1, 2  # no-form, unreadable and cloud-link letters to one address
PLAIN_CALENDAR = Calendar()
IN_WORDS = "answer-in-words"  # the rule's name, where a reply without a form completes one
_REGISTERED = frozenset({"acknowledgement", "correction", "late", "repeat"})


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
        return _outcome(mail, note="同一封邮件的副本，不再处理")
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
    return _shielded(mail, _unread(mail, code))


# ---- forms ------------------------------------------------------------------------------------


def _form(mail: Incoming) -> Outcome:
    """Each unit a submission, one letter that lists them all."""
    groups, nameless, foreign = _sorted_forms(mail)
    if not (groups or nameless or foreign):
        return _attempt(mail)
    if mail.known.repeat and mail.known.repeat_units:
        return _resent(mail, groups)
    scans, broken = sort_out(mail.reading.faults, mail.reading.files, groups, mail.spec)
    units = [submit(mail, group, beside) for group, beside in zip(groups, scans, strict=True)]
    letters = letter_for_units(mail, units, nameless=bool(nameless or foreign), broken=broken)
    strays = (
        *(holding.no_unit(form.source, mail) for form in nameless),
        *(holding.other_campaign(form.source) for form in foreign),
        *((holding.unreadable(mail, broken, told=_names_files(letters)),) if broken else ()),
    )
    submissions, held = _gathered(units)
    return _outcome(mail, submissions=submissions, letters=letters, held=(*held, *strays))


def _staff(mail: Incoming) -> Outcome:
    """Forms in the secretariat's own mails are recorded without a letter; the rest is theirs."""
    return _form(mail) if mail.reading.forms else _nothing(mail)


def _resent(mail: Incoming, groups: Sequence[Group]) -> Outcome:
    units = [resend(mail, group) for group in groups]
    submissions, held = _gathered(units)
    letters = () if mail.known.repeats_thanked_today else letter_for_units(mail, units)
    return _outcome(mail, submissions=submissions, letters=letters, held=held, note="此前来件的重发，未重复登记")


def _sorted_forms(mail: Incoming) -> tuple[tuple[Group, ...], tuple[Form, ...], tuple[Form, ...]]:
    """The mail's forms by unit, those without a name, and those of another campaign."""
    forms, known = mail.reading.forms, mail.known
    ours = [index for index, form in enumerate(forms) if form.campaign == mail.campaign.id]
    groups, nameless = group_forms(
        [forms[index] for index in ours],
        [known.units[index] for index in ours if index < len(known.units)],
        [known.earlier[index] for index in ours if index < len(known.earlier)],
        mail.spec,
    )
    return groups, nameless, tuple(form for form in forms if form.campaign != mail.campaign.id)


def _names_files(letters: Sequence[LetterDraft]) -> bool:
    """Whether the letter mentions the files that could not be read; a short `received` does not."""
    return any(letter.kind != "received" for letter in letters)


def _gathered(units: Iterable[UnitOutcome]) -> tuple[tuple[SubmissionDraft, ...], tuple[HeldDraft, ...]]:
    """All submissions and held items of a mail, the latter pointing into the former."""
    submissions: list[SubmissionDraft] = []
    held: list[HeldDraft] = []
    for unit in units:
        first = len(submissions)
        submissions += unit.submissions
        held += (
            replace(item, submission=None if item.submission is None else first + item.submission) for item in unit.held
        )
    return tuple(submissions), tuple(held)


# ---- everything else --------------------------------------------------------------------------


def _attempt(mail: Incoming) -> Outcome:
    """Somebody tried: told what was wrong, seldom; what cannot be read is shown to a person every time."""
    faults = mail.reading.faults
    if mail.reading.signs.strangers and not faults:
        return _strange_form(mail)
    letters = _told(mail)
    held = [holding.unreadable(mail, faults, told=bool(letters))] if faults else []
    if not letters and not held and not mail.known.protected:
        held = [holding.attempts(mail)]
    return _outcome(mail, letters=letters, held=held)


def _strange_form(mail: Incoming) -> Outcome:
    """A form of no campaign goes to a person; who wrote to us about a campaign is told that it came."""
    signs = mail.reading.signs
    writes_to_us = mail.known.ties.known_sender or signs.words or signs.refs
    letters = _received(mail) if writes_to_us and _may_tell(mail) and not mail.known.repeat else ()
    return _outcome(mail, letters=letters, held=(holding.strange_form(mail),))


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


def _statement(mail: Incoming) -> Outcome:
    """A sentence is a proposal, never an answer; a plain yes is thanked and sent the form."""
    if mail.known.repeat:
        return _outcome(mail, note="此前来信的重发")
    registered = any(letter.kind in _REGISTERED for letter in mail.known.letters)
    if is_plain_yes(mail.reading.signs.sentence) and not registered and _may_tell(mail):
        facts = saying.mail_facts(mail, why=saying.why_plain_yes(mail))
        letters = saying.letter(mail, "no-form", facts, attach_form=True)
    else:
        letters = _received(mail)
    return _outcome(mail, letters=letters, held=(holding.statement(mail),))


def _question(mail: Incoming) -> Outcome:
    if mail.known.repeat:
        return _outcome(mail, note="此前来信的重发")
    completed = _completed(mail)
    return completed or _outcome(mail, letters=_received(mail), held=(holding.question(mail),))


def _courtesy(mail: Incoming) -> Outcome:
    """Thanks need no answer; a telephone below them may be what was asked for."""
    return _completed(mail) or _nothing(mail)


def _completed(mail: Incoming) -> Outcome | None:
    """A reply in a line that gives what a letter of ours asked for counts as a form with just this."""
    group = completion(mail)
    if group is None:
        return None
    mail = replace(mail, verdict=Verdict("form", (IN_WORDS, *mail.verdict.rules)))
    unit = submit(mail, group)
    submissions, held = _gathered([unit])
    return _outcome(mail, submissions=submissions, letters=letter_for_units(mail, [unit]), held=held)


def _recall(mail: Incoming) -> Outcome:
    """A recall removes nothing; a person asks what the unit means."""
    return _outcome(mail, held=(holding.recall(mail),))


def _of_machine(mail: Incoming) -> Outcome:
    """Never answered; a filled form in it is for a person."""
    filled = not mail.known.repeat and not all(form.quoted for form in mail.reading.forms)
    return _outcome(mail, held=(holding.of_machine(mail),) if filled else ())


def _bounce(mail: Incoming) -> Outcome:
    return _outcome(mail, bounced=mail.reading.bounce)


def _nothing(mail: Incoming) -> Outcome:
    return _outcome(mail)


def _unread(mail: Incoming, code: str) -> Outcome:
    fault = _fault_of(code)
    facts = saying.mail_facts(mail, files=saying.fault_facts((fault,)))
    letters = saying.letter(mail, "unreadable", facts, attach_form=True) if _may_tell(mail) else ()
    if code == "oversized":
        return _outcome(mail, letters=letters, held=(holding.oversized(mail, told=bool(letters)),))
    return _outcome(mail, letters=letters, held=(holding.unread(mail, fault, told=bool(letters)),))


def _fault_of(code: str) -> FileFault:
    code = "too-large" if code == "oversized" else code
    kind = UNREADABLE.get(code, Unreadable)
    return FileFault("", kind.code, kind().sentence)


def _received(mail: Incoming) -> tuple[LetterDraft, ...]:
    return saying.letter(mail, "received", saying.mail_facts(mail))


def _shielded(mail: Incoming, outcome: Outcome) -> Outcome:
    """A protected address gets no automatic letter; whatever a person wrote from it goes to the secretariat."""
    if not mail.known.protected or mail.verdict.kind in NO_LETTERS:
        return outcome
    held = (*(outcome.held if outcome.submissions else ()), holding.protected(mail))
    return replace(outcome, held=held)


def _outcome(
    mail: Incoming,
    *,
    submissions: Sequence[SubmissionDraft] = (),
    letters: Sequence[LetterDraft] = (),
    held: Sequence[HeldDraft] = (),
    bounced: Bounce | None = None,
    note: str = "",
) -> Outcome:
    return Outcome(
        verdict=mail.verdict,
        campaign=mail.campaign.id,
        received_at=mail.received_at,
        submissions=tuple(submissions),
        letters=tuple(letters),
        held=tuple(held),
        bounced=bounced,
        note=note,
    )


RULES: dict[Kind, Callable[[Incoming], Outcome]] = {
    "form": _form,
    "attempt": _attempt,
    "question": _question,
    "statement": _statement,
    "courtesy": _courtesy,
    "unrelated": _nothing,
    "staff": _staff,
    "bounce": _bounce,
    "auto-reply": _of_machine,
    "list": _of_machine,
    "receipt": _nothing,
    "recall": _recall,
    "own": _nothing,
}
