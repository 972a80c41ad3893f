"""What a group of labels says to the fields of a form: the text that fits each best, with its place.

Pure and never raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.answers import Value
from intake.campaign import FieldSpec, FormSpec
from intake.form.folding import fold
from intake.form.groups import Group, Hit
from intake.form.labels import LabelIndex, index_of
from intake.form.lines import standing, struck
from intake.form.persons import part_contact
from intake.form.values import divide, normalise, strip_own_label


def values_of(group: Group, spec: FormSpec) -> dict[str, Value]:
    """The value of every field, "" where none was found."""
    index = index_of(spec)
    written = _written(group, index)
    return part_contact({field.id: _value(field, written.get(field.id, ()), index) for field in spec.fields}, spec)


@dataclass(frozen=True, slots=True)
class _Written:
    """A text for a field, with what makes it better or worse than another for the same field."""

    text: str
    place: str
    rank: int
    struck: str = ""  # what was struck out beside it


def _written(group: Group, index: LabelIndex) -> dict[str, list[_Written]]:
    """Every text found, by field; a joined label gives one for each of its fields."""
    found: dict[str, list[_Written]] = {}
    asked = [at for at, hit in enumerate(group.hits) if index.is_choice(hit.label.key)]
    foot = max(asked, default=len(group.hits))  # what stands below the questions and was said above is someone else's
    above = {key for hit in group.hits[: min(asked, default=0)] for key in hit.label.keys}
    for at, hit in enumerate(group.hits):
        if index.is_choice(hit.label.key):
            continue
        text = _joined_cells([standing(pieces) for pieces in hit.cells])
        gone = "".join(struck(pieces) for pieces in hit.cells)
        rank = hit.label.rank + _out_of_section(hit, index) + 100 * (at > foot and hit.label.key in above)
        if len(hit.label.keys) == 1:
            found.setdefault(hit.label.key, []).append(_Written(text, hit.place, rank, gone))
            continue
        parts = divide(hit.label.keys, [index.kinds[key] for key in hit.label.keys], text)
        for key, part in zip(hit.label.keys, parts, strict=True):
            found.setdefault(key, []).append(_Written(part, hit.place, rank))
    return found


def _joined_cells(texts: Sequence[str]) -> str:
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


def _value(field: FieldSpec, mine: Sequence[_Written], index: LabelIndex) -> Value:
    if not mine:
        return Value("")
    best = min(item.rank for item in mine)
    values = [
        _telling_struck(normalise(field.kind, strip_own_label(item.text, field.id, index), item.place), item.struck)
        for item in mine
        if item.rank == best
    ]
    printed = [fold(text) for text in field.printed]
    stated = [value for value in values if value.text and not (printed and fold(value.text) in printed)]
    return next(iter(stated or [value for value in values if value.mended]), Value("", mine[0].place))


def _telling_struck(value: Value, gone: str) -> Value:
    """A value beside which another was struck out, or of which nothing is left, with that said."""
    if not gone:
        return value
    told = f"所填“{gone}”已划去，" + (f"按“{value.text}”登记" if value.text else "按未填写登记")
    return replace(value, mended="；".join(filter(None, (value.mended, told))))
