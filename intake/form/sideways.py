"""Lists with one unit a column: labels downwards in one column, the units beside each other.

`parts` turns such a block of a table round, so that it is read like a list with one unit a row. Promises: a
table is turned only where at least two columns are filled well enough to be units; everything else stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.document import Cell, Table
from intake.form.folding import core_of
from intake.form.label_words import Label
from intake.form.labels import LabelIndex

_LEAST_LABELS = 4
_ASIDE = re.compile(r"(?:填写|填表)?(?:示例|样例|范例|例|说明|要求|备注|注意事项)")
_REACHABLE = re.compile(r"\d{7}|\d{3,4}[-－—]\d{3}|@|＠")


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table; `turned` is the column, from 0, of the labels where rows and columns were exchanged."""

    table: Table
    turned: int | None = None


def parts(table: Table, index: LabelIndex) -> list[Part]:
    """The table in parts: as it is, or the rows before a list that lies sideways, that list, the rows after it."""
    if sum(map(_is_plain, table.rows)) < _LEAST_LABELS:
        return [Part(table)]
    found = [_label_of(cells, index) for cells in table.rows]
    unit = next((row for row, one in enumerate(found) if one and index.unit_field in one[1].keys), None)
    if unit is None:
        return [Part(table)]
    first, last = _block(table.rows, found, unit)
    at = _place(found, unit)
    columns = _units(table.rows, first, last, unit, at)
    if last - first + 1 < _LEAST_LABELS or len(columns) < 2:
        return [Part(table)]
    turned = Part(_turned(table, first, last, at, columns), at)
    before = replace(table, rows=table.rows[:first])
    after = replace(table, rows=table.rows[last + 1 :], first_row=table.first_row + last + 1)
    return [*([Part(before)] if before.rows else []), turned, *([Part(after)] if after.rows else [])]


def _is_plain(cells: Sequence[Cell]) -> bool:
    """Whether a row has three cells or more and none that is merged."""
    return len(cells) > 2 and all(
        cell.column_span == cell.row_span == 1 and cell.column == at for at, cell in enumerate(cells)
    )


def _label_of(cells: Sequence[Cell], index: LabelIndex) -> tuple[int, Label] | None:
    """The label of a row of plain cells that ask nothing else, in the first or second of them, and where it is."""
    if not _is_plain(cells):
        return None
    labels = [(at, label) for at, cell in enumerate(cells) if (label := index.whole(cell.text))]
    alone = len({label.key for _, label in labels}) == 1
    return labels[0] if alone and labels[0][0] < 2 else None


def _place(found: Sequence[tuple[int, Label] | None], unit: int) -> int:
    one = found[unit]
    return one[0] if one else 0


def _block(rows: Sequence[Sequence[Cell]], found: Sequence[tuple[int, Label] | None], unit: int) -> tuple[int, int]:
    """First and last of the rows around the unit's whose labels stand in its column, each asking something else."""
    at, seen = _place(found, unit), set[str]()
    first = last = unit

    def fits(row: int) -> bool:
        one = found[row] if 0 <= row < len(rows) else None
        return one is not None and one[0] == at and one[1].key not in seen

    while fits(last):
        one = found[last]
        seen.update(one[1].keys if one else ())
        last += 1
    while fits(first - 1):
        first -= 1
        one = found[first]
        seen.update(one[1].keys if one else ())
    return first, last - 1


def _units(rows: Sequence[Sequence[Cell]], first: int, last: int, unit: int, at: int) -> list[int]:
    """The columns that name a unit, fill half of the rows, and hold a number or an address at which to reach it."""
    found = []
    for column in range(at + 1, len(rows[unit])):
        texts = [rows[row][column].text.strip() if column < len(rows[row]) else "" for row in range(first, last + 1)]
        filled = sum(bool(text) for text in texts) * 2 >= len(texts)
        if texts[unit - first] and filled and _REACHABLE.search(" ".join(texts)) and not _aside(rows, first, column):
            found.append(column)
    return found


def _aside(rows: Sequence[Sequence[Cell]], first: int, column: int) -> bool:
    """Whether a heading above says that the column holds an example or an explanation."""
    return any(
        cell.column == column and _ASIDE.fullmatch(core_of(cell.text)) for cells in rows[:first] for cell in cells
    )


def _turned(table: Table, first: int, last: int, at: int, columns: Sequence[int]) -> Table:
    """Rows and columns exchanged; columns that are no units become empty rows, so that the numbers stay."""
    rows = table.rows[first : last + 1]
    wanted = (at, *columns)
    turned = [
        tuple(replace(cells[column], column=number) for number, cells in enumerate(rows) if column < len(cells))
        if column in wanted
        else ()
        for column in range(at, max(columns) + 1)
    ]
    return replace(table, rows=tuple(turned), first_row=table.first_row + first)
