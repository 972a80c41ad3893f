"""What to do with a mail that holds filled forms: each unit a submission, one letter that lists them all. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.answers import Form
from intake.deciding import holding
from intake.deciding.answering import letter_for_units
from intake.deciding.incoming import Incoming
from intake.deciding.joining import Group, group_forms
from intake.deciding.outcomes import outcome, outcome_of_units
from intake.deciding.scans import sort_out
from intake.deciding.submitting import resend, submit
from intake.deciding.without_forms import attempt
from intake.outcome import LetterDraft, Outcome


def form(mail: Incoming) -> Outcome:
    """Each unit a submission, one letter that lists them all."""
    groups, nameless, foreign = _sorted_forms(mail)
    if not (groups or nameless or foreign):
        return attempt(mail)
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
    return outcome_of_units(mail, units, letters, strays)


def staff(mail: Incoming) -> Outcome:
    """Forms in the secretariat's own mails are recorded without a letter; the rest is theirs."""
    return form(mail) if mail.reading.forms else outcome(mail)


def _resent(mail: Incoming, groups: Sequence[Group]) -> Outcome:
    units = [resend(mail, group) for group in groups]
    letters = () if mail.known.repeats_thanked_today else letter_for_units(mail, units)
    return outcome_of_units(mail, units, letters, note="此前来件的重发，未重复登记")


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
