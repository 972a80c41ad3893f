"""What stands in a blank form, line by line and cell by cell: labels with a place to write, questions with options.

Promises: pure geometry and print of one Document; gives `Asked` items in reading order and decides no ids. A table
whose rows are empty under a row of headings repeats; a table with answers as headings asks a question a row.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.document import Block, Document, Paragraph, Table
from intake.form.learning_asked import Seen
from intake.form.learning_lines import read_lines
from intake.form.learning_tables import TableLook
from intake.form.sheets import unrolled


def look_at(document: Document) -> Seen:
    """Read a blank form. Never raises."""
    seen = Seen()
    _walk(unrolled(document.blocks), seen, "")
    return seen


def _walk(blocks: Sequence[Block], seen: Seen, within: str) -> None:
    waiting: list[Paragraph] = []
    tables = [block for block in blocks if isinstance(block, Table)]
    many = len({table.name for table in tables} if any(table.name for table in tables) else tables) > 1
    number = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            waiting.append(block)
            continue
        read_lines(waiting, seen, within)
        waiting = []
        number += 1
        name = f"工作表“{block.name}”" if block.name else f"第{number}个表格"
        TableLook(block, seen, within + (name if many else ""), _walk).read()
    read_lines(waiting, seen, within)
