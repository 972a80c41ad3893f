"""The one judge of 是/否, for every format, and of any other options to tick.

Promises: an answer is definite only where the row says so without contradiction; whatever is odd is unclear.
What is seen at each option is bound first; one table of rules, read top to bottom, decides. Never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from intake.answers import NO, YES, Choice
from intake.campaign import ChoiceSpec
from intake.document import Piece
from intake.form import choice_looks, choice_marks, choice_remains, choice_words, telling
from intake.form.binding import Seen, seen_in
from intake.form.columns import bind_columns
from intake.form.evidence import ALONE, Decision, Evidence, Surroundings
from intake.form.lettered import by_letters, without_letters

Rule: TypeAlias = Callable[[Evidence], Decision | None]

TABLE: tuple[Rule, ...] = (
    choice_marks.half_way,
    choice_marks.unknown_object,
    choice_words.undecided_words,
    choice_words.glued_option,
    choice_marks.mixed_marks,
    choice_marks.several_ticked,
    choice_marks.one_ticked,
    choice_marks.crossed,
    choice_looks.rejected,
    choice_words.typed_options,
    choice_words.member,
    choice_words.typed_words,
    choice_looks.emphasised,
    choice_looks.faded,
    choice_looks.bracketed,
    choice_words.abbreviated,
    choice_words.more_words,
    choice_remains.only_option_left,
    choice_remains.box_missing,
    choice_remains.boxes_lost,
    choice_remains.unlike_boxes,
    choice_remains.untouched,
    choice_remains.empty,
    choice_remains.anything_else,
)


def judge(
    spec: ChoiceSpec, cells: Sequence[Sequence[Piece]], *, place: str = "", around: Surroundings = ALONE
) -> Choice:
    """Judge the cells that answer a question, in reading order."""
    if spec.lettered:
        cells, letters = without_letters(cells, spec)
        alone = Surroundings(around.listed, drawn=around.drawn)  # the other questions say nothing here
        return by_letters(_choice(spec, seen_in(cells, spec), alone, place), letters, spec)
    return _choice(spec, seen_in(cells, spec), around, place)


def judge_columns(
    spec: ChoiceSpec, columns: Sequence[tuple[str, Sequence[Piece]]], *, place: str = "", around: Surroundings = ALONE
) -> Choice:
    """Judge a row whose options are the headings of columns; `columns` are (option word, pieces of its cell)."""
    return _choice(spec, bind_columns(columns, spec), around, place)


@lru_cache(maxsize=256)  # units answer one form in the same place and in few ways
def _choice(spec: ChoiceSpec, seen: Seen, around: Surroundings, place: str) -> Choice:
    evidence = Evidence(spec, seen, around)
    decision = next(found for rule in TABLE if (found := rule(evidence)))
    told = telling.evidence(seen, decision.chosen, decision.why, place)
    return Choice(spec.id, _answer(spec, decision), told, place, decision.already_member)


def _answer(spec: ChoiceSpec, decision: Decision) -> str:
    if not decision.chosen:
        return decision.answer
    if spec.yes_no:
        return (YES, NO)[decision.chosen[0]]
    return ";".join(spec.options[at] for at in decision.chosen)


def shows_options(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> tuple[bool, bool]:
    """Whether a row prints its options, and whether with boxes (for `Surroundings` of the other rows)."""
    seen = seen_in(cells, spec)
    present = [option for option in seen.options if option.present]
    boxed = any(mark.boxed for option in present for mark in option.marks)
    return seen.printed and len(present) > 1, boxed and len(present) > 1
