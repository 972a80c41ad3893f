"""Whose form a document is, where its labels alone do not say: by its own title, and by questions only one form asks.

Promises: pure; a filled form of a notice that no definition knows is only said to be one, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from intake.campaign import FormSpec
from intake.document import Block, Document, Paragraph, Table
from intake.form.folding import fold
from intake.form.learning_labels import known_field
from intake.form.titles import form_noun

_OWN_QUESTION = 8  # characters; a shorter question (是否住宿) is asked by many forms
LONGEST_TITLE, FIRST_LINES, LEAST_LABELS = 50, 40, 3
_WHO = frozenset({"unit", "name", "contact", "filler"})
_LABELLED = re.compile(r"([^\s：:，,。；;_＿]{2,16})\s*[：:][ \t_＿]*([^\s_＿，。；][^：:\n]*)")


def titles(document: Document) -> list[str]:
    """The first lines of a document that name a form (…回执, …登记表), folded."""
    lines = (fold(line) for line in document.text.splitlines()[:FIRST_LINES])
    return [line for line in lines if 4 <= len(line) <= LONGEST_TITLE and form_noun(line)]


def is_stranger(document: Document, specs: Sequence[FormSpec]) -> bool:
    """Whether a document that no definition fits is still a filled form, and names itself as none of theirs."""
    named = titles(document)
    if not named or any(_alike(text, fold(spec.title)) for spec in specs for text in named):
        return False
    found = {known.id for label, _ in _filled(document.blocks) if (known := known_field(label))}
    return len(found) >= LEAST_LABELS and bool(found & _WHO)


def is_of_another(document: Document, asked: Collection[str], spec: FormSpec) -> bool:
    """Whether a document names itself as another form, and asks no question that only this one asks."""
    own = {fold(choice.label) for choice in spec.choices if len(fold(choice.label)) >= _OWN_QUESTION}
    if any(choice.id in asked and fold(choice.label) in own for choice in spec.choices):
        return False
    named = titles(document)
    return bool(named) and not any(_alike(text, fold(spec.title)) for text in named)


def _alike(text: str, title: str) -> bool:
    """Whether a heading may be the title in other words: one in the other, or most pairs of characters shared."""
    if text in title or title in text:
        return True
    pairs = [{word[at : at + 2] for at in range(len(word) - 1)} for word in (text, title)]
    return 2 * len(pairs[0] & pairs[1]) >= min(map(len, pairs))


def _filled(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Labels with something written beside them."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _LABELLED.findall(block.text)
        else:
            yield from _filled_in(block)


def _filled_in(table: Table) -> Iterator[tuple[str, str]]:
    for row in table.rows:
        for label, value in pairwise(row):
            if value.text.strip() and not known_field(value.text):
                yield label.text, value.text
        for cell in row:
            yield from _filled(cell.blocks)
