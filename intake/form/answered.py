"""What a group of labels says to the questions of a form: each judged where it stands, with its doubts.

Promises: a question is answered from one place, the one that says most; what could not be brought to its answer,
or may have lost its marks, is unclear. Pure and never raises.
"""

from __future__ import annotations

from dataclasses import replace

from intake.answers import BLANK, UNCLEAR, Choice, Form
from intake.campaign import ChoiceSpec, FormSpec
from intake.document import Box, Document
from intake.form.choices import judge, judge_columns, shows_options
from intake.form.evidence import Surroundings
from intake.form.folding import fold
from intake.form.groups import Group, Hit
from intake.form.lines import visible
from intake.form.weighing import weigh

_NOT_SEEN = "表中未见此项"
UNSEEN = "图片上未见此项，请查看原图"


def choices_of(group: Group, spec: FormSpec, *, drawn: bool = False) -> dict[str, Choice]:
    hits = {choice.id: best_hit(group, choice) for choice in spec.choices}
    shown_by = {choice.id: _shows(hits[choice.id], choice) for choice in spec.choices}
    judged = {}
    for choice in spec.choices:
        others = [key for key in hits if key != choice.id]
        worded = any((hit := hits[key]) and has_content(hit) and not shown_by[key][0] for key in others)
        around = Surroundings(group.listed, not worded, any(shown_by[key][1] for key in others), drawn)
        answer = _noted(_judged(hits[choice.id], choice, around), group, choice, spec)
        cutout = _cutout(hits[choice.id])
        judged[choice.id] = replace(answer, cutout=cutout) if cutout else answer
    return judged


def best_hit(group: Group, choice: ChoiceSpec) -> Hit | None:
    hits = [hit for hit in group.hits if choice.id in hit.label.keys]
    filled = [hit for hit in hits if has_content(hit)]
    return min(filled or hits, key=lambda hit: hit.label.rank, default=None)


def has_content(hit: Hit) -> bool:
    return any(map(visible, hit.cells)) or any(visible(pieces) for _, pieces in hit.columns)


def _shows(hit: Hit | None, choice: ChoiceSpec) -> tuple[bool, bool]:
    if hit is None:
        return False, False
    return (True, False) if hit.columns else shows_options(hit.cells, choice)


def _judged(hit: Hit | None, choice: ChoiceSpec, around: Surroundings) -> Choice:
    if hit is None:
        return Choice(choice.id, BLANK, _NOT_SEEN)
    if hit.listed and not around.listed:
        around = replace(around, listed=True)
    if hit.columns:
        return judge_columns(choice, hit.columns, place=hit.place, around=around)
    return judge(choice, hit.cells, place=hit.place, around=around)


def _noted(judged: Choice, group: Group, choice: ChoiceSpec, spec: FormSpec) -> Choice:
    others = [other for other in spec.choices if other is not choice]
    for note in group.notes:
        judged = weigh(judged, note, choice, others)
    return judged


def _cutout(hit: Hit | None) -> bytes:
    """The picture of an answer's place, where its boxes were read from pixels."""
    if hit is None:
        return b""
    pieces = [piece for cell in (*hit.cells, *(cell for _, cell in hit.columns)) for piece in cell]
    return next((piece.cutout for piece in pieces if isinstance(piece, Box) and piece.cutout), b"")


def unplaced(found: Choice, choice: ChoiceSpec, document: Document) -> Choice:
    """A question that stands on a page read by places, but could not be brought to its answer, is asked about."""
    text = fold(document.text)
    if found.place or found.evidence != _NOT_SEEN or not any(fold(label)[:6] in text for label in choice.labels):
        return found
    return replace(found, answer=UNCLEAR, evidence="表中有此项，但排版复杂，未能与所填内容对应")


def without_boxes(form: Form, group: Group, spec: FormSpec) -> Form:
    """Questions that seem blank on paper, though no box of theirs was seen: what the pen did may be lost with it."""
    hits = {choice.id: (choice, best_hit(group, choice)) for choice in spec.choices}
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


def doubted(choice: Choice) -> Choice:
    """An answer out of a damaged file: what overrules it may be lost."""
    return replace(choice, answer="unclear", evidence=f"{choice.evidence}；文件已损坏，记号可能缺失")
