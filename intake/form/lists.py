"""Lists in a table: a row of labels over rows of values, one unit a row or one row alone.

Promises: functions of a grid; which rows are a list, and what stands under each heading. No value is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from intake.document import Cell
from intake.form.folding import core_of, fold
from intake.form.grid import Grid
from intake.form.groups import Hit
from intake.form.label_words import Label
from intake.form.lines import shown

_ORDER = re.compile(r"序号|编号|no\.?|序")
_EXAMPLE = re.compile(r"(?:填写|填表)?(?:示例|样例|范例|例|例如|如)[:：]?")


@dataclass(frozen=True, slots=True)
class ListHeading:
    """A row of labels over rows of units; `options` are option words by grid column where a second heading row
    names them; `depth` the number of heading rows.
    """

    labels: tuple[tuple[Label, Cell], ...]
    options: dict[int, str]
    depth: int = 1


def list_heading(grid: Grid, row: int) -> ListHeading | None:
    """A row of labels with the unit among them, over rows of values."""
    labels = grid.labelled[row]
    if len(labels) < 2:
        return None
    keys = [label.key for label, _ in labels]
    if grid.index.unit_field not in keys or not _all_headings(grid, row):
        return None
    asks = any(map(grid.index.is_choice, keys))
    numbered = bool(_ORDER.fullmatch(core_of(grid.rows[row][0].text)))
    if not (numbered or (asks and len(grid.rows[row]) > 2) or _side_by_side(grid, row)):
        return None
    options = _second_heading(grid, row)
    return ListHeading(tuple(labels), options, 2 if options else 1)


def _all_headings(grid: Grid, row: int) -> bool:
    """No blank and no long text among the cells, and the row below has its cells under them."""
    return grid.filled[row] >= len(grid.rows[row]) - 1 and row + 1 < len(grid.rows) and len(grid.labelled[row + 1]) < 2


def _side_by_side(grid: Grid, row: int) -> bool:
    return any(grid.label(first) and grid.label(second) for first, second in pairwise(grid.spots(row)))


def _second_heading(grid: Grid, row: int) -> dict[int, str]:
    """Option words under the questions, by grid column."""
    words = {fold(word): word for choice in grid.index.spec.choices for word in choice.options}
    if row + 1 >= len(grid.rows):
        return {}
    found = {cell.column: words[text] for cell in grid.rows[row + 1] if (text := core_of(cell.text)) in words}
    filled = [cell for cell in grid.rows[row + 1] if cell.text.strip()]
    spanned = any(grid.index.is_choice(label.key) and cell.column_span > 1 for label, cell in grid.labelled[row])
    return found if spanned and len(found) >= 2 and len(found) == len(filled) else {}


def data_rows(grid: Grid, start: int) -> list[int]:
    """The rows from `start` until the next row of labels."""
    found = []
    for row in range(start, len(grid.rows)):
        if len(grid.labelled[row]) > 1:
            break
        if grid.labelled[row] and grid.filled[row] <= 2:
            break
        found.append(row)
    return found


def heading_over_values(grid: Grid, row: int) -> list[tuple[Label, Cell]]:
    """A row of labels side by side over one row of values, without the unit."""
    labels = grid.labelled[row]
    if len(labels) < 2 or not _side_by_side(grid, row) or not _all_headings(grid, row):
        return []
    if any(grid.cell(spot).row_span > 1 for spot in grid.spots(row)):
        return []
    below = [grid.under(row + 1, cell) for _, cell in labels]
    if not all(below) or grid.labelled[row + 1]:
        return []
    return [] if any(grid.index.spots(grid.text(one)) for under in below for one in under) else labels


def example_words(grid: Grid, row: int) -> list[str]:
    """Cells that mark a row of a list as an example."""
    return [cell.text for cell in grid.rows[row] if _EXAMPLE.fullmatch(fold(cell.text))]


def notes_in(grid: Grid, row: int, heading: int) -> list[str]:
    """The texts of a list's row under 备注; `heading` is the row of labels."""
    columns = {cell.column for cell in grid.rows[heading] if core_of(cell.text) in ("备注", "说明")}
    return [cell.text for cell in grid.rows[row] if cell.column in columns and cell.text.strip()]


def listed_hit(grid: Grid, row: int, label: Label, above: Cell, options: dict[int, str]) -> Hit:
    under = grid.under(row, above)
    place = grid.place(under[0]) if under else grid.row_place(row)
    columns = tuple(
        (options[grid.cell(one).column], grid.pieces(one)) for one in under if grid.cell(one).column in options
    )
    if columns and grid.index.is_choice(label.key):
        return Hit(label, place, columns=columns, listed=True)
    return Hit(label, place, tuple(grid.pieces(one) for one in under), listed=True)


def names_unit(grid: Grid, row: int, labels: Sequence[tuple[Label, Cell]]) -> bool:
    """Whether a row names a unit, or is filled well enough to be one whose name was forgotten."""
    texts = {
        label.key: "".join(shown(grid.pieces(one)) for one in grid.under(row, above)).strip() for label, above in labels
    }
    unit = texts.get(grid.index.unit_field, "")
    if re.fullmatch(r"(?:合\s*计|总\s*计|小\s*计|共.*|\d+|…+|\.{2,})", unit):
        return False
    return bool(unit) or sum(bool(text) for text in texts.values()) > 2
