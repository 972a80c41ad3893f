"""The one letter that answers a mail with forms, however many units it names. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.contents import FileFault
from intake.deciding import saying, timing
from intake.deciding.incoming import Incoming
from intake.deciding.saying import UnitSaid
from intake.deciding.submitting import UnitOutcome
from intake.kinds import LetterKind
from intake.outcome import LetterDraft

# What a letter for several units is called: the first of these that one of them calls for.
_ORDER: tuple[LetterKind, ...] = ("acknowledgement", "late", "correction", "repeat")


def letter_for_units(
    mail: Incoming, units: Sequence[UnitOutcome], *, nameless: bool = False, broken: Sequence[FileFault] = ()
) -> tuple[LetterDraft, ...]:
    """One letter that lists every unit whose answers may be repeated, and mentions what waits for a person.

    `nameless`: a form of the mail could not be attributed; `broken`: files of it that could not be
    read. Where nothing may be repeated the sender hears `received`; a repeat is thanked once a day.
    """
    named = [unit for unit in units if unit.says in _ORDER and unit.said]
    pending = [unit for unit in units if unit.says == "received"]
    kind = next((kind for kind in _ORDER if any(unit.says == kind for unit in named)), None)
    waits = bool(pending or nameless or broken)
    if kind is None or (kind == "repeat" and waits):
        return saying.letter(mail, "received", saying.mail_facts(mail)) if waits else ()
    if kind == "repeat" and mail.known.repeats_thanked_today:
        return ()
    mention = (
        *(saying.other_unit_pending(unit.unit) for unit in pending),
        *((saying.other_unit_pending(""),) if nameless else ()),
        *(saying.file_not_read(fault) for fault in broken),
    )
    return _listing(mail, kind, units, mention)


def _listing(
    mail: Incoming, kind: LetterKind, units: Sequence[UnitOutcome], mention: tuple[str, ...]
) -> tuple[LetterDraft, ...]:
    said = _numbered(units)
    words = [unit for unit, _ in said]
    if mention:
        words[-1] = replace(words[-1], mention=(*words[-1].mention, *mention))
    facts = {
        "units": [saying.unit_facts(unit, mail.spec) for unit in words],
        "subject": mail.reading.subject,
    }
    until = timing.letter_waits_until(mail.campaign, mail.received_at) if kind == "late" else None
    numbers = [number for _, number in said if number is not None]
    return saying.letter(mail, kind, facts, submissions=numbers, not_before=until)


def _numbered(units: Sequence[UnitOutcome]) -> list[tuple[UnitSaid, int | None]]:
    """What is said of each unit, with the index of its standing submission in the whole mail.

    Units without a new submission come last: the register fills receipt numbers in the order of
    LetterDraft.submissions, and theirs are known already.
    """
    found: list[tuple[UnitSaid, int | None]] = []
    first = 0
    for unit in units:
        standing = [first + index for index, draft in enumerate(unit.submissions) if draft.standing]
        first += len(unit.submissions)
        if unit.says in _ORDER and unit.said:
            found.append((unit.said, standing[0] if standing else None))
    return sorted(found, key=lambda each: each[1] is None)
