"""A judged answer in the light of a note elsewhere in the form: 备注, a comment in the margin, a sentence below.

Promises: a note never makes an answer definite; it explains a blank (已是会员) or makes a contradicted answer unclear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from intake.answers import BLANK, NO, UNCLEAR, YES, Choice
from intake.campaign import ChoiceSpec
from intake.form.folding import fold
from intake.form.instructions import blank_instructions
from intake.form.telling import short
from intake.form.wording import plainly_undecided, says


def weigh(choice: Choice, note: str, spec: ChoiceSpec, others: Sequence[ChoiceSpec]) -> Choice:
    """The choice in the light of a note elsewhere in the form (备注, a sentence below it).

    A note that names another question says nothing of this one. A note that contradicts a definite
    answer makes it unclear; 已是会员 explains a blank; undecided words leave nothing definite.
    """
    clauses = [part for part in _sentences(note) if _concerns(part, spec, others)]
    said = {says(part, spec) for part in clauses} - {"", "left out", "other"}
    if not said:
        return choice
    if choice.answer == BLANK and said == {"member"}:
        why = f"{choice.evidence}；备注写有“{short(note)}”，即已是会员、无需填写"
        return replace(choice, evidence=why, already_member=True)
    if choice.answer in (YES, NO) and said != {choice.answer}:
        return replace(choice, answer=UNCLEAR, evidence=f"{choice.evidence}；但备注写有“{short(note)}”，前后不一")
    return choice


def _sentences(note: str) -> list[str]:
    """The clauses of a note, printed instructions left out."""
    return [part for part in re.split(r"[。；;，,\n！!\x00]+", blank_instructions(note)) if part.strip()]


def _concerns(part: str, spec: ChoiceSpec, others: Sequence[ChoiceSpec]) -> bool:
    """Whether a clause speaks of this question: by the words only its labels have, or, plainly, of none."""
    text = fold(part)
    if _named(text, spec, others):
        return True
    if any(_named(text, other, [*(o for o in others if o is not other), spec]) for other in others):
        return False
    said = says(part, spec)
    return said in ("no", "member") or (said == "undecided" and plainly_undecided(part))


def _named(text: str, spec: ChoiceSpec, others: Sequence[ChoiceSpec]) -> bool:
    own = _word_pairs(spec) - set().union(*map(_word_pairs, others))
    return any(pair in text for pair in own)


@lru_cache(maxsize=64)
def _word_pairs(spec: ChoiceSpec) -> set[str]:
    return {
        word[at : at + 2]
        for label in (*spec.labels, spec.short)
        for word in [fold(label)]
        for at in range(len(word) - 1)
    }
