"""One form over several photographs: pages that only together make a form.

Promises: a pure function; a picture that holds a whole form by itself is left alone, and nothing is joined unless
more is known for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.answers import BLANK, Choice, Form
from intake.campaign import FormSpec
from intake.document import Document
from intake.form.answered import UNSEEN
from intake.form.finding import find_forms

PICTURE = "picture"  # the format of documents read from photographs


@dataclass(frozen=True, slots=True)
class Sheet:
    """A photographed page and the forms found on it."""

    document: Document
    source: str
    forms: tuple[Form, ...]


def join_sheets(sheets: Sequence[Sheet], forms: Sequence[Form], specs: Sequence[FormSpec]) -> list[Form]:
    """The forms of a mail, with what stands on several of its sheets as one form.

    Sheets are tried in the order in which they came, and by their names where that order says less.
    """
    parts = [sheet for sheet in sheets if not any(_whole(form, specs) for form in sheet.forms)]
    if len(parts) < 2:
        return list(forms)
    apart = [form for sheet in parts for form in sheet.forms]
    orders = (parts, sorted(parts, key=lambda sheet: sheet.source), parts[::-1])
    joined = max((_joined(order, specs) for order in orders), key=_known)
    if not joined or _known(joined) < _known(apart) or (len(joined), _known(joined)) == (len(apart), _known(apart)):
        return list(forms)
    if len(joined) > max(1, len(apart)):
        return list(forms)
    return [form for form in forms if not any(form is one for one in apart)] + joined


def _joined(sheets: Sequence[Sheet], specs: Sequence[FormSpec]) -> list[Form]:
    blocks = tuple(block for sheet in sheets for block in sheet.document.blocks)
    source = "、".join(dict.fromkeys(sheet.source for sheet in sheets))
    return list(find_forms(Document(blocks, PICTURE, drawn=True), specs, source).forms)


def _whole(form: Form, specs: Sequence[FormSpec]) -> bool:
    """Whether a form names its unit and answers every question of its campaign."""
    spec = next(spec for spec in specs if spec.campaign == form.campaign)
    named = not spec.unit_field or bool(form.value(spec.unit_field))
    return named and all(_answered(choice) for choice in form.choices.values())


def _known(forms: Sequence[Form]) -> int:
    """How many values and answers forms state."""
    values = sum(bool(value.text) for form in forms for value in form.values.values())
    return values + sum(_answered(choice) for form in forms for choice in form.choices.values())


def _answered(choice: Choice) -> bool:
    return choice.answer != BLANK and choice.evidence != UNSEEN
