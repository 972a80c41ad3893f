"""A page to forms: which groups of labels are a filled form, and what each of them says.

Promises: one or several forms of a document in reading order; untouched blanks are counted, worked examples and
lists of names are neither. Pure and never raises; documents that we made ourselves are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from intake.answers import BLANK, UNCLEAR, Choice, Form, Value
from intake.campaign import ChoiceSpec, FieldSpec, FormSpec
from intake.document import Block, Box, Document
from intake.form import checking
from intake.form.choices import Surroundings, judge, judge_columns, shows_options
from intake.form.groups import Group, Hit
from intake.form.labels import LabelIndex, fold
from intake.form.layout import Page
from intake.form.lettered import without_letters
from intake.form.lines import shown, visible
from intake.form.marks import read_row
from intake.form.rows import Taken, take_rows
from intake.form.sheets import unrolled
from intake.form.strangers import is_of_another, is_stranger
from intake.form.tokens import Words
from intake.form.values import divide, normalise, strip_own_label
from intake.form.weighing import weigh

FILLABLE = frozenset({"form", "cipsa-intake:form"})  # the mark of our blank form, which comes back filled in
_PLACED = frozenset({"pdf", "picture"})  # formats in which only places tell what belongs together
_NOT_SEEN = "表中未见此项"
UNSEEN = "图片上未见此项，请查看原图"
_EXAMPLE_HEADING = re.compile(
    r"(?:填写|填表|填报)(?:示例|样例|范例|样本|样表|范本|示范|实例)|(?:示范文本|示范表|参考样式|仅供参考)|[(（【\[](?:示例|样例|范例|样表|样本|范本)[)）】\]]"
    r"|^(?:附件?\d*)?(?:示例|样例|范例|样表|样本|范本)(?:\d|[一二三])?:?$|(?:意向书|表|登记表|回执)(?:示例|样例|范例|样表|样本|范本)$"
)
_LONG_GAP = 12  # lines; a question asked further down still belongs to the form
_PLACEHOLDER = re.compile(r"(?:某某+|××+|[xX＊*○〇]{2,}|＿＿+|__+|\.{3,}|…+)|^(?:例|如|例如|示例)[:：]")


@dataclass(frozen=True, slots=True)
class Found:
    """The filled forms of a document, and how many untouched blank ones it also holds.

    `stranger`: none of the definitions fits, and still it is a filled form, of some other notice.
    """

    forms: tuple[Form, ...] = ()
    blank: int = 0
    stranger: bool = False


def find_forms(document: Document, specs: Sequence[FormSpec], source: str) -> Found:
    """The forms of a document, read by the definition that fits it best.

    `source` is the file's name, or 邮件正文. Never raises.
    """
    if is_ours(document):
        return Found()
    fitting = [fit for spec in specs if (fit := _fitting(document, spec, many=len(specs) > 1))]
    if not fitting:
        return Found(stranger=is_stranger(document, specs))
    return _assembled(document, max(fitting, key=lambda fit: fit.score), source)


@dataclass(frozen=True, slots=True)
class _Fitting:
    """How a document reads by one definition: the groups that are forms, and the tables that repeat."""

    spec: FormSpec
    groups: list[Group]
    taken: Taken
    score: int


def _fitting(document: Document, spec: FormSpec, *, many: bool) -> _Fitting | None:
    taken = take_rows(_paper(document, spec), spec)
    met = _groups(taken.blocks, index_of(spec))
    groups = [group for group in met if _is_form(group, spec)]
    if not groups and taken.tables:
        groups = [max(met, key=lambda group: len(group.asked), default=Group())]
    asked = {key for group in groups for key in group.asked}
    if not groups or is_of_another(document, asked, spec):
        return None
    titled = many and fold(spec.title) in fold(document.text)
    score = sum(map(_fit, groups)) + 2 * sum(map(bool, taken.tables)) + 20 * titled
    return _Fitting(spec, groups, taken, score)


def _paper(document: Document, spec: FormSpec) -> Sequence[Block]:
    """The blocks; where letters answer, a sheet's rows of one wide cell are lines, for options stand below them."""
    return unrolled(document.blocks) if any(choice.lettered for choice in spec.choices) else document.blocks


def read_blank(document: Document, spec: FormSpec) -> tuple[Form, dict[str, tuple[str, ...]]]:
    """A blank form read by its own definition: all its groups as one form, and the words beside the options."""
    whole = Group()
    for group in _groups(take_rows(_paper(document, spec), spec).blocks, index_of(spec)):
        whole.hits += group.hits
    words = {choice.id: _words_beside(_best_hit(whole, choice), choice) for choice in spec.choices}
    return _form(whole, spec, "", document), words


def _words_beside(hit: Hit | None, choice: ChoiceSpec) -> tuple[str, ...]:
    cells = without_letters(hit.cells, choice)[0] if hit and choice.lettered else hit.cells if hit else ()
    return tuple(token.text for token in read_row(cells, choice).tokens if isinstance(token, Words) and token.text)


def is_ours(document: Document) -> bool:
    """Whether a document carries the mark of a letter, receipt or ledger of ours."""
    return any(mark not in FILLABLE for mark in document.marks)


@lru_cache(maxsize=16)
def index_of(spec: FormSpec) -> LabelIndex:
    return LabelIndex(spec)


def _assembled(document: Document, fitting: _Fitting, source: str) -> Found:
    spec, groups = fitting.spec, fitting.groups
    forms: list[Form] = []
    blank = 0
    for group, rows in zip(groups, _rows_of(fitting), strict=True):
        form = replace(_form(group, spec, source, document), rows=rows)
        if _is_example(group, form, spec):
            continue
        if _is_untouched(group, form, document.prefilled[1:]):
            blank += not group.listed
            continue
        form = _without_boxes(form, group, spec) if document.drawn else form
        forms.append(replace(form, problems=checking.check(form, spec)))
    return Found(tuple(forms), blank)


def _rows_of(fitting: _Fitting) -> list[tuple[Mapping[str, str], ...]]:
    """The rows of each form: a table each where there are as many, else all of them with the first form."""
    tables, groups = fitting.taken.tables, fitting.groups
    if len(tables) == len(groups):
        return tables
    return [fitting.taken.rows, *[()] * (len(groups) - 1)]


# ---- groups -----------------------------------------------------------------------------------


def _groups(blocks: Sequence[Block], index: LabelIndex) -> list[Group]:
    joined: list[Group] = []
    for group in Page(index).read(blocks):
        if not group.hits:
            continue
        if joined and _belongs(joined[-1], group, index):
            joined[-1].hits += group.hits
            joined[-1].notes += group.notes
        else:
            joined.append(group)
    return joined


def _belongs(before: Group, after: Group, index: LabelIndex) -> bool:
    """Whether a group goes on with the form of the group before: other labels, close by, no new title."""
    if before.listed or after.listed or before.quoted != after.quoted:
        return False
    if before.asked & after.asked and not _completes(before, after, index):
        return False
    title = fold(index.spec.title)
    if any(title in fold(text) or _EXAMPLE_HEADING.search(fold(text)) for text in after.headings):
        return False
    if after.gap > (_LONG_GAP if any(map(index.is_choice, after.asked)) else 3):
        return False
    asks = any(map(index.is_choice, before.asked))
    unit = index.unit_field
    if unit in before.asked or asks:
        return True
    return after.gap <= 1 and (unit not in after.asked or not before.asked & after.asked)


def _completes(before: Group, after: Group, index: LabelIndex) -> bool:
    """Whether a group without a unit asks the questions that the fields before it lack; a field may be said again."""
    asks = [{key for key in group.asked if index.is_choice(key)} for group in (before, after)]
    unit = index.unit_field
    return unit in before.asked and unit not in after.asked and not asks[0] and bool(asks[1])


def _is_form(group: Group, spec: FormSpec) -> bool:
    """A group that asks what the form asks: a question and another label, or most of the fields under the title."""
    keys = group.asked
    asked = keys & {choice.id for choice in spec.choices}
    if asked or not spec.choices:
        return len(keys) > 1 or _answers_one(group, spec)
    titled = any(fold(spec.title) in fold(text) for text in group.headings)
    return spec.unit_field in keys and len(keys) >= min(4, len(spec.fields)) and titled and not group.listed


def _answers_one(group: Group, spec: FormSpec) -> bool:
    """A single question answered in a line of its own, as in a reply to our asking for it."""
    choices = _choices(group, spec)
    return not group.listed and any(choice.answer not in (BLANK, UNCLEAR) for choice in choices.values())


def _fit(group: Group) -> int:
    return sum(2 if hit.label.rank == 0 else 1 for hit in group.hits)


def _is_example(group: Group, form: Form, spec: FormSpec) -> bool:
    """A worked example: its heading says so, or its unit is a placeholder."""
    if any(_EXAMPLE_HEADING.search(fold(text)) for text in group.headings):
        return True
    return bool(_PLACEHOLDER.search(form.value(spec.unit_field)))


def _is_untouched(group: Group, form: Form, prefilled: Collection[str]) -> bool:
    """Nothing was written or ticked: no value but those we filled in, and no question with more than its print."""
    if form.rows or any(value.text for key, value in form.values.items() if key not in prefilled):
        return False
    return all(_nothing_said(group, choice) for choice in form.choices.values())


def _nothing_said(group: Group, choice: Choice) -> bool:
    if choice.answer == BLANK:
        return not choice.already_member
    hits = [hit for hit in group.hits if choice.key in hit.label.keys]
    return choice.answer == UNCLEAR and not any(map(_has_content, hits))


def _has_content(hit: Hit) -> bool:
    return any(map(visible, hit.cells)) or any(visible(pieces) for _, pieces in hit.columns)


# ---- one form ---------------------------------------------------------------------------------


def _form(group: Group, spec: FormSpec, source: str, document: Document) -> Form:
    written = _written(group, spec)
    found = _choices(group, spec, drawn=document.drawn)
    if document.drawn or document.format in _PLACED:
        found = {choice.id: _unplaced(found[choice.id], choice, document) for choice in spec.choices}
    values = {field.id: _value(field, written, spec) for field in spec.fields}
    return Form(
        campaign=spec.campaign,
        source=source,
        values=values,
        choices={key: _doubted(choice) for key, choice in found.items()} if document.damaged else found,
        quoted=group.quoted,
        drawn=document.drawn,
        hint=document.prefilled[0] if document.prefilled else "",
    )


def _unplaced(found: Choice, choice: ChoiceSpec, document: Document) -> Choice:
    """A question that stands on a page read by places, but could not be brought to its answer, is asked about."""
    text = fold(document.text)
    if found.place or found.evidence != _NOT_SEEN or not any(fold(label)[:6] in text for label in choice.labels):
        return found
    return replace(found, answer=UNCLEAR, evidence="表中有此项，但排版复杂，未能与所填内容对应")


def _without_boxes(form: Form, group: Group, spec: FormSpec) -> Form:
    """Questions that seem blank on paper, though no box of theirs was seen: what the pen did may be lost with it."""
    hits = {choice.id: (choice, _best_hit(group, choice)) for choice in spec.choices}
    doubtful = {
        key: replace(found, answer=UNCLEAR, evidence=_unseen(found, hits[key][1]))
        for key, found in form.choices.items()
        if found.answer == BLANK and not found.already_member and _is_boxless(found, hits[key][1])
    }
    return replace(form, choices={**form.choices, **doubtful})


def _unseen(found: Choice, hit: Hit | None) -> str:
    return UNSEEN if hit is None else f"{found.evidence}；但图片上未辨认出方框，可能另有记号"


def _is_boxless(found: Choice, hit: Hit | None) -> bool:
    if hit is None:
        return True
    if (hit.listed and not hit.columns) or found.evidence.endswith("视为未填"):
        return False
    cells = (*hit.cells, *(cell for _, cell in hit.columns))
    return not any(isinstance(piece, Box) for cell in cells for piece in cell)


def _doubted(choice: Choice) -> Choice:
    """An answer out of a damaged file: what overrules it may be lost."""
    return replace(choice, answer="unclear", evidence=f"{choice.evidence}；文件已损坏，记号可能缺失")


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


def _choices(group: Group, spec: FormSpec, *, drawn: bool = False) -> dict[str, Choice]:
    hits = {choice.id: _best_hit(group, choice) for choice in spec.choices}
    shown_by = {choice.id: _shows(hits[choice.id], choice) for choice in spec.choices}
    judged = {}
    for choice in spec.choices:
        others = [key for key in hits if key != choice.id]
        worded = any((hit := hits[key]) and _has_content(hit) and not shown_by[key][0] for key in others)
        around = Surroundings(group.listed, not worded, any(shown_by[key][1] for key in others), drawn)
        answer = _noted(_judged(hits[choice.id], choice, around), group, choice, spec)
        cutout = _cutout(hits[choice.id])
        judged[choice.id] = replace(answer, cutout=cutout) if cutout else answer
    return judged


def _cutout(hit: Hit | None) -> bytes:
    """The picture of an answer's place, where its boxes were read from pixels."""
    if hit is None:
        return b""
    pieces = [piece for cell in (*hit.cells, *(cell for _, cell in hit.columns)) for piece in cell]
    return next((piece.cutout for piece in pieces if isinstance(piece, Box) and piece.cutout), b"")


def _best_hit(group: Group, choice: ChoiceSpec) -> Hit | None:
    hits = [hit for hit in group.hits if choice.id in hit.label.keys]
    filled = [hit for hit in hits if _has_content(hit)]
    return min(filled or hits, key=lambda hit: hit.label.rank, default=None)


def _shows(hit: Hit | None, choice: ChoiceSpec) -> tuple[bool, bool]:
    if hit is None:
        return False, False
    return (True, False) if hit.columns else shows_options(hit.cells, choice)


def _judged(hit: Hit | None, choice: ChoiceSpec, around: Surroundings) -> Choice:
    if hit is None:
        return Choice(choice.id, BLANK, _NOT_SEEN)
    around = replace(around, listed=around.listed or hit.listed)
    if hit.columns:
        return judge_columns(choice, hit.columns, place=hit.place, around=around)
    return judge(choice, hit.cells, place=hit.place, around=around)


def _noted(judged: Choice, group: Group, choice: ChoiceSpec, spec: FormSpec) -> Choice:
    others = [other for other in spec.choices if other is not choice]
    for note in group.notes:
        judged = weigh(judged, note, choice, others)
    return judged
