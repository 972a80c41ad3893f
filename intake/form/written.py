"""What a group of labels says to the fields of a form: the text that fits each best, with its place.

Pure and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.answers import Value
from intake.campaign import FieldSpec, FormSpec
from intake.form.groups import Group, Hit
from intake.form.labels import LabelIndex, fold, index_of
from intake.form.lines import shown
from intake.form.persons import part_contact
from intake.form.values import divide, normalise, strip_own_label


def values_of(group: Group, spec: FormSpec) -> dict[str, Value]:
    """The value of every field, "" where none was found."""
    written = _written(group, spec)
    return part_contact({field.id: _value(field, written, spec) for field in spec.fields}, spec)


@dataclass(frozen=True, slots=True)
class _Written:
    """A text for a field, with what makes it better or worse than another for the same field."""

    key: str
    text: str
    place: str
    rank: int


def _written(group: Group, spec: FormSpec) -> list[_Written]:
    """Every text found for a field; a joined label gives one for each of its fields."""
    index = index_of(spec)
    kinds = {field.id: field.kind for field in spec.fields}
    found = []
    for hit in group.hits:
        if index.is_choice(hit.label.key):
            continue
        text = _joined_cells(hit)
        rank = hit.label.rank + _out_of_section(hit, index)
        if len(hit.label.keys) == 1:
            found.append(_Written(hit.label.key, text, hit.place, rank))
            continue
        parts = divide(hit.label.keys, [kinds[key] for key in hit.label.keys], text)
        found += [_Written(key, part, hit.place, rank) for key, part in zip(hit.label.keys, parts, strict=True)]
    return found


def _joined_cells(hit: Hit) -> str:
    texts = [shown(pieces) for pieces in hit.cells]
    alone = all(len(text.strip()) == 1 for text in texts)
    return "".join(text.strip() for text in texts) if alone else "\n".join(text for text in texts if text.strip())


def _out_of_section(hit: Hit, index: LabelIndex) -> int:
    """A row in the block of another person (法定代表人) counts less than one in the contact's own."""
    if not hit.section:
        return 0
    named = index.whole(hit.section)
    if named:
        return -10
    return 200 if re.search(r"法定代表人|负责人|领导|法人|财务|开票", hit.section) else 0


def _value(field: FieldSpec, written: Sequence[_Written], spec: FormSpec) -> Value:
    mine = [item for item in written if item.key == field.id]
    if not mine:
        return Value("")
    best = min(item.rank for item in mine)
    index = index_of(spec)
    values = [
        normalise(field.kind, strip_own_label(item.text, field.id, index), item.place)
        for item in mine
        if item.rank == best
    ]
    printed = {fold(text) for text in field.printed}
    return next((value for value in values if value.text and fold(value.text) not in printed), Value("", mine[0].place))
