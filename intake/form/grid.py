"""A table as a grid: which cells are labels, and what lies beside, below and before a cell.

Promises: pure geometry over the rows of one Table plus the question whether a cell is a label. `used` names
cells already taken as values, so that nothing is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from intake.document import Cell, Paragraph, Piece, Table
from intake.form.folding import core_of, fold
from intake.form.label_words import Label
from intake.form.labels import LabelIndex
from intake.form.lines import cell_pieces, has_table, lines_of

Spot: TypeAlias = tuple[int, int]  # row and number of the cell in it, from 0

SHORT = 24  # characters; headings of columns are shorter
_LOOSE = 3  # wordings from the fourth on are words that also occur as values
_LIKE_A_LABEL = re.compile(r"(?:[\u4e00-\u9fff()/]{3,10}|备注|说明|传真|邮编|地址|网址|性别):?")
_LABELLED = re.compile(r"\s*[^\s：:\d@]{2,12}\s*[：:]")  # 传真：…, which is no value of what stands above
_ASIDE = re.compile(r"备注|说明|填写说明|填表说明|示例|样例|范例|填写示例|要求|填写要求|注意事项")


class Grid:
    def __init__(self, table: Table, index: LabelIndex, prefix: str, turned: int | None = None) -> None:
        """`turned`: the first column of a table whose rows and columns were exchanged, from 0."""
        self.turned = turned
        self.table = table
        self.rows = table.rows
        self.index = index
        self.prefix = prefix
        self.used: set[Spot] = set()
        self.texts = [[cell.text for cell in cells] for cells in table.rows]
        self.labels = self._labels()
        self.labelled = [
            [(label, cell) for label, cell in zip(labels, cells, strict=True) if label]
            for labels, cells in zip(self.labels, table.rows, strict=True)
        ]
        self.filled = [sum(bool(text.strip()) for text in texts) for texts in self.texts]
        self._pieces: dict[Spot, tuple[Piece, ...]] = {}
        self._asides = self._cells_called(_ASIDE)
        self._spanning = [(row, cell) for row, cells in enumerate(self.rows) for cell in cells if cell.row_span > 1]

    def _labels(self) -> list[list[Label | None]]:
        """The label that each cell as a whole is, by row."""
        whole = self.index.whole
        worded = [
            [None if has_table(cell) else whole(text) for cell, text in zip(cells, texts, strict=True)]
            for cells, texts in zip(self.rows, self.texts, strict=True)
        ]
        self._told = {label.key for labels in worded for label in labels if label and label.rank < _LOOSE}
        return [
            [None if _is_value(labels, at, self._told) else one for at, one in enumerate(labels)] for labels in worded
        ]

    def _cells_called(self, name: re.Pattern[str]) -> list[tuple[int, Cell]]:
        """The short cells whose whole text is such a name, with their rows."""
        return [
            (row, self.rows[row][number])
            for row, texts in enumerate(self.texts)
            for number, text in enumerate(texts)
            if 0 < len(text) < SHORT and name.fullmatch(core_of(text))
        ]

    def spots(self, row: int) -> list[Spot]:
        return [(row, number) for number in range(len(self.rows[row]))]

    def cell(self, spot: Spot) -> Cell:
        return self.rows[spot[0]][spot[1]]

    def text(self, spot: Spot) -> str:
        return self.texts[spot[0]][spot[1]]

    def label(self, spot: Spot) -> Label | None:
        """The label that the whole cell is."""
        return self.labels[spot[0]][spot[1]]

    def pieces(self, spot: Spot) -> tuple[Piece, ...]:
        if spot not in self._pieces:
            self._pieces[spot] = cell_pieces(self.cell(spot))
        return self._pieces[spot]

    def labels_within(self, spot: Spot) -> set[str]:
        """The fields and questions whose labels stand in the lines of a cell that is no label."""
        cell = self.cell(spot)
        if has_table(cell) or self.index.whole(self.text(spot)) or not self.index.may_hold(self.text(spot)):
            return set()
        return {found.label.key for line in lines_of(paragraphs(cell)) for found in self.index.spots(line.text)}

    def place(self, spot: Spot) -> str:
        """第6行第2列: in a workbook the sheet's own columns, elsewhere the cells of the row as drawn."""
        row, number = spot
        if self.turned is not None:
            return f"{self.prefix}第{self.table.first_row + number}行第{self.turned + row + 1}列"
        column = self.cell(spot).column + 1 if self.table.name else number + 1
        return f"{self.prefix}第{self.table.first_row + row}行第{column}列"

    def row_place(self, row: int) -> str:
        if self.turned is not None:
            return f"{self.prefix}第{self.turned + row + 1}列"
        return f"{self.prefix}第{self.table.first_row + row}行"

    def alone(self, spot: Spot) -> bool:
        """The only cell of its row with any text: a heading."""
        return self.filled[spot[0]] == 1

    # ---- neighbours ---------------------------------------------------------------------------

    def right_of(self, spot: Spot) -> list[Spot]:
        """The cells after a label up to the next label of the row, headed-aside columns left out."""
        row, number = spot
        own = self.label(spot)
        asked = own.key if own and self.index.is_choice(own.key) else None  # 同意 may be a label, and its own answer
        found: list[Spot] = []
        for other, label in enumerate(self.labels[row][number + 1 :], number + 1):
            if (label and label.key != asked) or (row, other) in self.used:
                break
            found.append((row, other))
        if not self._asides:
            return found
        return [one for one in found if not self._aside(one)] or found[:1]

    def _aside(self, spot: Spot) -> bool:
        """Whether the column's heading says that it holds examples or explanations, not answers."""
        cell = self.cell(spot)
        return any(
            row < spot[0] and above.column == cell.column and above.column_span == cell.column_span
            for row, above in self._asides
        )

    def whole_value(self, spot: Spot, label: Label) -> bool:
        """A value that begins with a label of the same sort (手机 in 办公电话's cell) is still the value, where what
        it names has a cell of its own."""
        kinds = {field.id: field.kind for field in self.index.spec.fields}
        first = self.index.spots(self.text(spot))
        telephone = ("telephone", "mobile")
        if not first or not {kinds.get(first[0].label.key), kinds.get(label.key)} <= set(telephone):
            return False
        return first[0].label.key in self._told

    def labels_another(self, spot: Spot) -> bool:
        """职务 | (empty) | 参会人数 | 3人: a short text with a cell of its own behind it is another label."""
        row, number = spot
        behind = self.texts[row][number + 1 : number + 2]
        if not behind or (self.table.name and not behind[0].strip()):
            return False
        return _LIKE_A_LABEL.fullmatch(fold(self.text(spot))) is not None

    def below(self, spot: Spot) -> Spot | None:
        """The cell under a label, if it is no label and holds none."""
        cell = self.cell(spot)
        row = spot[0] + cell.row_span
        if row >= len(self.rows) or len(self.rows[row]) != len(self.rows[spot[0]]):
            return None
        for number, other in enumerate(self.rows[row]):
            if self.label((row, number)) and other.column < cell.column:
                return None  # what stands beside a label is that label's
            if other.column <= cell.column < other.column + other.column_span:
                return (row, number) if self._is_free((row, number), other.text) else None
        return None

    def _is_free(self, spot: Spot, text: str) -> bool:
        """Whether a cell may be the value of the label above: no label itself, of this form or of anything else."""
        if self.label(spot) or spot in self.used or self.index.spots(text):
            return False
        return not _LABELLED.match(text) and not _ASIDE.fullmatch(core_of(text))

    def under(self, row: int, above: Cell) -> list[Spot]:
        """The cells of a row that lie under a heading."""
        if row >= len(self.rows):
            return []
        end = above.column + above.column_span
        return [(row, number) for number, cell in enumerate(self.rows[row]) if above.column <= cell.column < end]

    def heads_section(self, spot: Spot) -> bool:
        """A merged label before a block of labels (联系人 | 姓名 | …) is a heading of the block."""
        row, number = spot
        return self.cell(spot).row_span > 1 and any(self.labels[row][number + 1 : number + 2])

    def section(self, spot: Spot) -> str:
        """The text of the merged cell before a label's row, or ""."""
        column = self.cell(spot).column
        for row, cell in reversed(self._spanning):
            if row <= spot[0] < row + cell.row_span and cell.column < column:
                return fold(cell.text)
        return ""


def paragraphs(cell: Cell) -> list[Paragraph]:
    return [block for block in cell.blocks if isinstance(block, Paragraph)]


def _is_value(labels: Sequence[Label | None], at: int, told: set[str]) -> bool:
    """职务 | 联络员 | 手机: a loose label between two labels, printed better elsewhere, is a value."""
    label = labels[at]
    if label is None or label.rank < _LOOSE or not at:
        return False
    before = labels[at - 1]
    closed = at + 1 == len(labels) or labels[at + 1] is not None
    return before is not None and before.rank < label.rank and closed and label.key in told
