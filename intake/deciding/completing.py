"""A reply in a line to a letter that asked for something: joined to what stands, or left to a person. Pure.

Promise: it completes only where nothing is in doubt: the one unit that the letters to this very address were
about, the fields that they asked for and that are still open, valid values, and no other word of substance.
"""

from __future__ import annotations

from intake.answers import Form, Fragment, Value
from intake.campaign import FormSpec
from intake.deciding.amending import may_change
from intake.deciding.incoming import Incoming
from intake.deciding.joining import Group, unit_key
from intake.known import Asked, UnitKnown


def fragment_of(mail: Incoming) -> Fragment | None:
    """What the mail names in words, read by the campaign's definition."""
    return next((one for one in mail.reading.fragments if one.form.campaign == mail.campaign.id), None)


def completion(mail: Incoming) -> Group | None:
    """The reply as a form of the unit that was asked; None where anything is in doubt."""
    fragment, asked = fragment_of(mail), mail.known.asked
    if fragment is None or asked is None or not _is_plain(mail, fragment):
        return None
    if not asked.alone or asked.unit.joined or not may_change(mail.sender, asked.earlier, asked.unit):
        return None
    stated = {key for key in fragment.form.values if key != mail.spec.unit_field}
    if not stated or stated - asked_keys(mail, asked) or not _is_of(fragment.form, mail, asked.unit):
        return None
    names = _names(mail, fragment.form, asked)
    signed = all(_is_name(line, names) for line in fragment.rest)
    return Group((fragment.form,), asked.unit, asked.earlier) if signed else None


def asked_keys(mail: Incoming, asked: Asked) -> frozenset[str]:
    """The keys that answer what is open; the whole group where one of several is enough."""
    return frozenset(key for asked_key in asked.open for key in group_of(asked_key, mail.spec))


def group_of(key: str, spec: FormSpec) -> tuple[str, ...]:
    """The keys of which one is enough where this one is asked; the key alone where it belongs to no group."""
    return next((group for group in spec.required if key in group), (key,))


def concerned(mail: Incoming) -> tuple[int, ...]:
    """The follow-ups that the reply may answer, doubtful as it is; none where it also asks or states something."""
    fragment, asked = fragment_of(mail), mail.known.asked
    if fragment is None or asked is None or mail.reading.signs.question:
        return ()
    named = set(fragment.form.values)
    return tuple(id_ for key, id_ in asked.open.items() if named & set(group_of(key, mail.spec)))


def _is_plain(mail: Incoming, fragment: Fragment) -> bool:
    signs, known = mail.reading.signs, mail.known
    if known.repeat or known.protected or known.folder_is_junk:
        return False
    return fragment.clean and not signs.question and not signs.sentence


def _is_of(form: Form, mail: Incoming, unit: UnitKnown) -> bool:
    written = form.value(mail.spec.unit_field)
    return not written or unit_key(written) == unit_key(unit.name)


def _names(mail: Incoming, form: Form, asked: Asked) -> frozenset[str]:
    """What the writer may sign with: the unit, its contact as it stands or is named now, the sender's own name."""
    keys = [field.id for field in mail.spec.fields if field.kind in ("unit", "person", "text")]
    texts = [values.get(key, Value("")).text for values in (asked.earlier.values, form.values) for key in keys]
    return frozenset(filter(None, map(unit_key, (asked.unit.name, mail.reading.sender.name, *texts))))


def _is_name(line: str, names: frozenset[str]) -> bool:
    """Whether a line is made of these names alone (示例公司 张示例)."""
    left = unit_key(line).strip(".:、")
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "", 1)
    return not left.strip(".:、-/|")
