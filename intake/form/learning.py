"""From a blank form of any notice to its definition: fields, questions, tables that repeat, and what the notice says.

Promises: pure, from one Document; the definition is tried on the blank form itself, and what it would read there
as an answer is noted as print, so that an untouched copy is no form. What remains doubtful is said in `doubts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from intake.answers import BLANK
from intake.campaign import ChoiceSpec, FieldSpec, FormSpec, RowsSpec
from intake.document import Document
from intake.form.finding import read_blank
from intake.form.folding import core_of
from intake.form.learning_asked import Asked, Repeating
from intake.form.learning_cells import look_at
from intake.form.learning_labels import choice_id, field_id, kind_of, wordings
from intake.form.learning_notice import deadline_of, number_of, title_of, words_of

TRIES = 3  # rounds of reading the blank form; each notes what it took for an answer
Item = TypeVar("Item", FieldSpec, ChoiceSpec)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A definition to be checked by a person. `places` are where ids stand in the blank form; `deadline` and
    `notice` are None and "" where the form does not say."""

    spec: FormSpec
    places: Mapping[str, str]
    notice: str = ""
    deadline: datetime | None = None
    doubts: tuple[str, ...] = ()


def learn(document: Document, campaign: str, today: datetime) -> Learnt:
    """Make the definition of a blank form; its fields and questions are empty where the document is no form."""
    seen = look_at(document)
    doubts: list[str] = []
    asked = _distinct(seen.asked, doubts)
    ids = _ids(asked)
    fields = [(ids[at], item) for at, item in enumerate(asked) if not item.options]
    choices = [(ids[at], item) for at, item in enumerate(asked) if item.options]
    labels = [item.label for item in asked]
    title = title_of(seen.headings) or (seen.headings[0] if seen.headings else "")
    spec = FormSpec(
        campaign=campaign,
        title=title,
        fields=tuple(_field(id_, item, labels) for id_, item in fields),
        choices=tuple(_choice(id_, item) for id_, item in choices),
        required=_required(fields, choices),
        words=words_of(title),
        rows=tuple(map(_rows, seen.rows)),
    )
    spec, more = _tried(document, spec)
    if document.drawn or document.format in ("pdf", "picture"):
        more = [*more, "空白表是PDF或图片，各项不如Word、Excel空白表认得准，请逐项核对。"]
    places = {id_: item.place for id_, item in (*fields, *choices)}
    text = document.text
    return Learnt(spec, places, number_of(text), deadline_of(text, today), (*doubts, *more))


def _distinct(asked: Sequence[Asked], doubts: list[str]) -> list[Asked]:
    """Each label once; a second one of the same print cannot be told from the first, and is said so."""
    found: dict[str, Asked] = {}
    for item in asked:
        key = core_of(item.label)
        if not key:
            continue
        if key in found:
            doubts.append(f"“{item.label}”在表中出现不止一次（{found[key].place}、{item.place}），只登记第一处。")
        else:
            found[key] = item
    return list(found.values())


def _ids(asked: Sequence[Asked]) -> list[str]:
    taken: list[str] = []
    for item in asked:
        taken.append(choice_id(item.label, taken) if item.options else field_id(item.label, taken))
    return taken


def _field(id_: str, item: Asked, printed: Sequence[str]) -> FieldSpec:
    blank = (item.blank,) if item.blank else ()
    return FieldSpec(id_, item.label, kind_of(item.label), wordings(item.label, printed), blank)


def _choice(id_: str, item: Asked) -> ChoiceSpec:
    several = item.several and item.options != ("是", "否")
    return ChoiceSpec(id_, item.label, item.label, item.options, (item.label,), several=several, lettered=item.lettered)


def _rows(table: Repeating) -> RowsSpec:
    ids = _ids(table.columns)
    labels = [item.label for item in table.columns]
    pairs = list(zip(ids, table.columns, strict=True))
    return RowsSpec(
        table.heading,
        tuple(_field(id_, item, labels) for id_, item in pairs if not item.options),
        tuple(_choice(id_, item) for id_, item in pairs if item.options),
    )


def _required(fields: Sequence[tuple[str, Asked]], choices: Sequence[tuple[str, Asked]]) -> tuple[tuple[str, ...], ...]:
    """What is marked with * or 必填; where nothing is, the unit and every question."""
    marked = [id_ for id_, item in (*fields, *choices) if item.required]
    if not marked:
        marked = [id_ for id_, item in fields if kind_of(item.label) == "unit"][:1] + [id_ for id_, _ in choices]
    return tuple((id_,) for id_ in marked)


# ---- the definition tried on the blank form ---------------------------------------------------


def _tried(document: Document, spec: FormSpec) -> tuple[FormSpec, list[str]]:
    """The definition with all that it would take for an answer in the blank form noted as print."""
    for _ in range(TRIES):
        form, words = read_blank(document, spec)
        if not any(words.values()) and not any(value.text for value in form.values.values()):
            break
        spec = replace(
            spec,
            fields=tuple(_with_print(field, (form.value(field.id),)) for field in spec.fields),
            choices=tuple(_with_print(choice, words[choice.id]) for choice in spec.choices),
        )
    form, _ = read_blank(document, spec)
    return spec, [
        f"“{spec.label_of(key)}”在空白表中即被读作“{choice.answer}”（{choice.evidence}），请核对选项。"
        for key, choice in form.choices.items()
        if choice.answer != BLANK
    ]


def _with_print(item: Item, texts: Sequence[str]) -> Item:
    return replace(item, printed=tuple(dict.fromkeys((*item.printed, *filter(None, texts)))))
