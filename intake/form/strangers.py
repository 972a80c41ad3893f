"""A filled form of a notice that no definition knows: seen by its title and by labels that every office prints.

Promises: a rule of thumb that finds nothing to record; it only says that a person should look. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from intake.document import Block, Document, Paragraph, Table
from intake.form.labels import fold
from intake.form.learning_labels import known_field
from intake.form.titles import form_noun

LONGEST_TITLE, FIRST_LINES, LEAST_LABELS = 50, 40, 3
_WHO = frozenset({"unit", "name", "contact", "filler"})
_LABELLED = re.compile(r"([^\s：:，,。；;_＿]{2,16})\s*[：:][ \t_＿]*([^\s_＿，。；][^：:\n]*)")


def titles(document: Document) -> list[str]:
    """The first lines of a document that name a form (…回执, …登记表), folded."""
    lines = (fold(line) for line in document.text.splitlines()[:FIRST_LINES])
    return [line for line in lines if 4 <= len(line) <= LONGEST_TITLE and form_noun(line)]


def is_stranger(document: Document) -> bool:
    """Whether a document that no definition fits is still a filled form."""
    if not titles(document):
        return False
    found = {known.id for label, _ in _filled(document.blocks) if (known := known_field(label))}
    return len(found) >= LEAST_LABELS and bool(found & _WHO)


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
