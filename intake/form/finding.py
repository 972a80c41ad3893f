"""A page to forms: which groups of labels are a filled form, which is blank, which an example.

Promises: one or several forms of a document in reading order; untouched blanks are counted, worked examples and
lists of names are neither. Pure and never raises; documents that we made ourselves are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from intake.answers import BLANK, UNCLEAR, Choice, Form
from intake.campaign import ChoiceSpec, FormSpec
from intake.document import Block, Document
from intake.form import checking
from intake.form.answered import best_hit, choices_of, doubted, has_content, unplaced, without_boxes
from intake.form.folding import fold
from intake.form.groups import Group, Hit
from intake.form.labels import LabelIndex, index_of
from intake.form.layout import Page
from intake.form.lettered import without_letters
from intake.form.rows import Taken, take_rows
from intake.form.sheets import unrolled
from intake.form.strangers import is_of_another, is_stranger
from intake.form.tabbed import with_tables
from intake.form.tokenising import read_row
from intake.form.tokens import Words
from intake.form.written import values_of

FILLABLE = frozenset({"form", "cipsa-intake:form"})  # the mark of our blank form, which comes back filled in
_PLACED = frozenset({"pdf", "picture"})  # formats in which only places tell what belongs together
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
    blocks = with_tables(document.blocks)
    return unrolled(blocks) if any(choice.lettered for choice in spec.choices) else blocks


def read_blank(document: Document, spec: FormSpec) -> tuple[Form, dict[str, tuple[str, ...]]]:
    """A blank form read by its own definition: all its groups as one form, and the words beside the options."""
    whole = Group()
    for group in _groups(take_rows(_paper(document, spec), spec).blocks, index_of(spec)):
        whole.hits += group.hits
    words = {choice.id: _words_beside(best_hit(whole, choice), choice) for choice in spec.choices}
    return _form(whole, spec, "", document), words


def _words_beside(hit: Hit | None, choice: ChoiceSpec) -> tuple[str, ...]:
    cells = without_letters(hit.cells, choice)[0] if hit and choice.lettered else hit.cells if hit else ()
    return tuple(token.text for token in read_row(cells, choice).tokens if isinstance(token, Words) and token.text)


def is_ours(document: Document) -> bool:
    """Whether a document carries the mark of a letter, receipt or ledger of ours."""
    return any(mark not in FILLABLE for mark in document.marks)


def _assembled(document: Document, fitting: _Fitting, source: str) -> Found:
    spec, groups = fitting.spec, fitting.groups
    forms: list[Form] = []
    blank = 0
    for group, rows in zip(groups, _rows_of(fitting), strict=True):
        form = _form(group, spec, source, document, rows)
        if _is_example(group, form, spec):
            continue
        if _is_untouched(group, form, document.prefilled[1:]):
            blank += not group.listed
            continue
        form = without_boxes(form, group, spec) if document.drawn else form
        problems = checking.check(form, spec)
        forms.append(replace(form, problems=problems) if problems else form)
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
    choices = choices_of(group, spec)
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
    return choice.answer == UNCLEAR and not any(map(has_content, hits))


# ---- one form ---------------------------------------------------------------------------------


def _form(
    group: Group, spec: FormSpec, source: str, document: Document, rows: tuple[Mapping[str, str], ...] = ()
) -> Form:
    found = choices_of(group, spec, drawn=document.drawn)
    if document.drawn or document.format in _PLACED:
        found = {choice.id: unplaced(found[choice.id], choice, document) for choice in spec.choices}
    return Form(
        campaign=spec.campaign,
        source=source,
        values=values_of(group, spec),
        choices={key: doubted(choice) for key, choice in found.items()} if document.damaged else found,
        rows=rows,
        quoted=group.quoted,
        drawn=document.drawn,
        hint=document.prefilled[0] if document.prefilled else "",
    )
