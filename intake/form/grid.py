"""A table as a grid: neighbours to the right, cells below, headings above, list headings.

Promises: pure geometry over the rows of one Table plus the question whether a cell is a label. `used` names
cells already taken as values, so that nothing is read twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from intake.campaign import ChoiceSpec
from intake.document import Cell, Piece, Table
from intake.form.folding import core, fold
from intake.form.glyphs import ALIASES
from intake.form.label_words import Label
from intake.form.labels import LabelIndex
from intake.form.lines import cell_pieces, has_table, visible
from intake.form.tokenising import read_row
from intake.form.tokens import Option

Spot: TypeAlias = tuple[int, int]  # row and number of the cell in it, from 0

_LOOSE = 3  # wordings from the fourth on are words that also occur as values
_ORDER = re.compile(r"序号|编号|no\.?|序")
_EXAMPLE = re.compile(r"(?:填写|填表)?(?:示例|样例|范例|例|例如|如)[:：]?")
_SHORT = 24  # characters; headings of columns are shorter
_HEADING_ROWS = 60  # column headings of options stand near the top, values of lists do not count
_LIKE_A_LABEL = re.compile(r"(?:[\u4e00-\u9fff()/]{3,10}|备注|说明|传真|邮编|地址|网址|性别):?")
_LABELLED = re.compile(r"\s*[^\s：:\d@]{2,12}\s*[：:]")  # 传真：…, which is no value of what stands above
_ASIDE = re.compile(r"备注|说明|填写说明|填表说明|示例|样例|范例|填写示例|要求|填写要求|注意事项")


@dataclass(frozen=True, slots=True)
class ListHeading:
    """A row of labels over rows of units; `options` are option words by grid column where a second heading row
    names them; `depth` the number of heading rows.
    """

    labels: tuple[tuple[Label, Cell], ...]
    options: dict[int, str]
    depth: int = 1


class Grid:
    def __init__(self, table: Table, index: LabelIndex, prefix: str, turned: int | None = None) -> None:
        """`turned`: the first column of a table whose rows and columns were exchanged, from 0."""
        self.turned = turned
        self.table = table
        self.rows = table.rows
        self.index = index
        self.prefix = prefix
        self.used: set[Spot] = set()
        self._labels: dict[Spot, Label | None] = {}
        self._pieces: dict[Spot, tuple[Piece, ...]] = {}
        self._labels_by_row: dict[int, list[tuple[Label, Cell]]] = {}
        self._texts = [[cell.text for cell in cells] for cells in table.rows]
        self._filled = [sum(bool(text.strip()) for text in texts) for texts in self._texts]

    def spots(self, row: int) -> list[Spot]:
        return [(row, number) for number in range(len(self.rows[row]))]

    def cell(self, spot: Spot) -> Cell:
        return self.rows[spot[0]][spot[1]]

    def text(self, spot: Spot) -> str:
        return self._texts[spot[0]][spot[1]]

    def pieces(self, spot: Spot) -> tuple[Piece, ...]:
        if spot not in self._pieces:
            self._pieces[spot] = cell_pieces(self.cell(spot))
        return self._pieces[spot]

    def label(self, spot: Spot) -> Label | None:
        """The label that the whole cell is."""
        if spot not in self._labels:
            label = self._worded(spot)
            self._labels[spot] = None if label and self._reads_as_value(spot, label) else label
        return self._labels[spot]

    def _worded(self, spot: Spot) -> Label | None:
        cell = self.cell(spot)
        return None if has_table(cell) else self.index.whole(self.text(spot))

    def _reads_as_value(self, spot: Spot, label: Label) -> bool:
        """职务 | 联络员 | 手机: a loose label between two labels, printed better elsewhere, is a value."""
        row, number = spot
        if label.rank < _LOOSE or not number:
            return False
        before = self._worded((row, number - 1))
        last = number + 1 == len(self.rows[row])
        closed = last or self._worded((row, number + 1)) is not None
        return before is not None and before.rank < label.rank and closed and label.key in self._well_labelled

    @cached_property
    def _well_labelled(self) -> set[str]:
        spots = [spot for row in range(len(self.rows)) for spot in self.spots(row)]
        return {label.key for label in map(self._worded, spots) if label and label.rank < _LOOSE}

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
        return self._filled[spot[0]] == 1

    # ---- neighbours ---------------------------------------------------------------------------

    def right_of(self, spot: Spot) -> list[Spot]:
        """The cells after a label up to the next label of the row, headed-aside columns left out."""
        row, number = spot
        own = self.label(spot)
        found: list[Spot] = []
        for other in range(number + 1, len(self.rows[row])):
            label = self.label((row, other))
            answer = label is not None and own is not None and label.key == own.key and self.index.is_choice(own.key)
            if (label and not answer) or (row, other) in self.used:
                break
            found.append((row, other))
        return [one for one in found if not self._aside(one)] or found[:1]

    def _aside(self, spot: Spot) -> bool:
        """Whether the column's heading says that it holds examples or explanations, not answers."""
        cell = self.cell(spot)
        return any(
            row < spot[0] and above.column == cell.column and above.column_span == cell.column_span
            for row, above in self._asides
        )

    @cached_property
    def _asides(self) -> list[tuple[int, Cell]]:
        return [
            (row, self.rows[row][number])
            for row, texts in enumerate(self._texts)
            for number, text in enumerate(texts)
            if len(text) < _SHORT and _ASIDE.fullmatch(core(fold(text)))
        ]

    def whole_value(self, spot: Spot, label: Label) -> bool:
        """A value that begins with a label of the same sort (手机 in 办公电话's cell) is still the value, where what
        it names has a cell of its own."""
        kinds = {field.id: field.kind for field in self.index.spec.fields}
        first = self.index.spots(self.text(spot))
        telephone = ("telephone", "mobile")
        if not first or not {kinds.get(first[0].label.key), kinds.get(label.key)} <= set(telephone):
            return False
        return first[0].label.key in self._well_labelled

    def labels_another(self, spot: Spot) -> bool:
        """职务 | (empty) | 参会人数 | 3人: a short text with a cell of its own behind it is another label."""
        row, number = spot
        behind = self._texts[row][number + 1 : number + 2]
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
            if other.column <= cell.column < other.column + other.column_span:
                return (row, number) if self._is_free((row, number), other.text) else None
        return None

    def _is_free(self, spot: Spot, text: str) -> bool:
        """Whether a cell may be the value of the label above: no label itself, of this form or of anything else."""
        if self.label(spot) or spot in self.used or self.index.spots(text):
            return False
        return not _LABELLED.match(text) and not _ASIDE.fullmatch(core(fold(text)))

    def under(self, row: int, above: Cell) -> list[Spot]:
        """The cells of a row that lie under a heading."""
        if row >= len(self.rows):
            return []
        end = above.column + above.column_span
        return [(row, number) for number, cell in enumerate(self.rows[row]) if above.column <= cell.column < end]

    def answers_below(self, spot: Spot, spec: ChoiceSpec) -> list[Spot]:
        """Cells of the next rows that hold the options of a question standing above them."""
        found: list[Spot] = []
        for row in range(spot[0] + self.cell(spot).row_span, min(spot[0] + 2 + len(spec.options), len(self.rows))):
            here = [one for one in self.spots(row) if one not in self.used]
            if any(self.label(one) or self.index.spots(self.text(one)) for one in here):
                break
            tokens = [token for one in here for token in read_row([self.pieces(one)], spec).tokens]
            short = sum(len(self.text(one).strip()) for one in here) <= 16
            if not tokens or not (any(isinstance(token, Option) for token in tokens) or (short and not found)):
                break
            found += here
            if not any(isinstance(token, Option) for token in tokens):
                break
        return found

    def options_beside(self, spot: Spot, right: list[Spot], spec: ChoiceSpec) -> list[Spot]:
        """Cells of the following rows that go on with the options begun beside a question.

        Rows the question's cell spans belong to it; a further row does if it holds only missing options.
        """
        cell = self.cell(spot)
        found = [
            one
            for row in range(spot[0] + 1, min(spot[0] + cell.row_span, len(self.rows)))
            for one in self.spots(row)
            if self.cell(one).column >= cell.column + cell.column_span and one not in self.used
        ]
        here = self._options_in([*right, *found], spec)
        row = spot[0] + cell.row_span
        if found or not here or len(here) == len(spec.options) or row >= len(self.rows):
            return found
        below = [one for one in self.spots(row) if one not in self.used and visible(self.pieces(one))]
        more = self._options_in(below, spec)
        labelled = any(self.label(one) or self.index.spots(self.text(one)) for one in below)
        short = sum(len(self.text(one).strip()) for one in below) <= 16
        return below if more and not more & here and not labelled and short else []

    def _options_in(self, spots: list[Spot], spec: ChoiceSpec) -> set[int]:
        rows = [read_row([self.pieces(one)], spec) for one in spots]
        return {token.index for row in rows for token in row.tokens if isinstance(token, Option)}

    # ---- headings -----------------------------------------------------------------------------

    def option_columns(self, cells: list[Spot], spec: ChoiceSpec) -> list[tuple[str, Spot]]:
        """The cells with the option words that head their columns; [] where the row prints options itself."""
        if not cells or any(self._has_option(one, spec) and visible(self.pieces(one)) for one in cells):
            return self._agreeing_columns(cells, spec)
        return self._headed(cells, spec)

    def _agreeing_columns(self, cells: list[Spot], spec: ChoiceSpec) -> list[tuple[str, Spot]]:
        """Columns headed 是 and 否 stay columns where 是 was typed into one of them."""
        headed = self._headed(cells, spec) if len(cells) >= len(spec.options) else []
        filled = [one for one in cells if self.text(one).strip()]
        return headed if headed and len(filled) < len(headed) else []

    def _headed(self, cells: list[Spot], spec: ChoiceSpec) -> list[tuple[str, Spot]]:
        words = {fold(word): word for word in spec.options}
        if spec.yes_no:
            words |= {yes: "是" for yes, _ in ALIASES} | {no: "否" for _, no in ALIASES}
        found: list[tuple[str, Spot]] = []
        for one in cells:
            heading = self._heading(one, set(words))
            if heading:
                found.append((words[heading], one))
        return found if len({word for word, _ in found}) == len(spec.options) else []

    def _heading(self, spot: Spot, words: set[str]) -> str:
        """The nearest option word that heads the column of a cell."""
        cell = self.cell(spot)
        for row, above, text in reversed(self._short_words):
            if row < spot[0] and text in words and above.column <= cell.column < above.column + above.column_span:
                return text
        return ""

    @cached_property
    def _short_words(self) -> list[tuple[int, Cell, str]]:
        """Cells that could head a column of options."""
        longest = max((len(word) for choice in self.index.spec.choices for word in choice.options), default=0)
        return [
            (row, self.rows[row][number], word)
            for row, texts in enumerate(self._texts[:_HEADING_ROWS])
            for number, text in enumerate(texts)
            if len(text) < _SHORT and 0 < len(word := core(fold(text))) <= max(longest, 5)
        ]

    def _has_option(self, spot: Spot, spec: ChoiceSpec) -> bool:
        return any(isinstance(token, Option) for token in read_row([self.pieces(spot)], spec).tokens)

    def heads_section(self, spot: Spot) -> bool:
        """A merged label before a block of labels (联系人 | 姓名 | …) is a heading of the block."""
        row, number = spot
        cell = self.cell(spot)
        next_is_label = number + 1 < len(self.rows[row]) and self.label((row, number + 1)) is not None
        return cell.row_span > 1 and next_is_label

    def section(self, spot: Spot) -> str:
        """The text of the merged cell before a label's row, or ""."""
        column = self.cell(spot).column
        for row, cell in reversed(self._spanning):
            if row <= spot[0] < row + cell.row_span and cell.column < column:
                return fold(cell.text)
        return ""

    @cached_property
    def _spanning(self) -> list[tuple[int, Cell]]:
        return [(row, cell) for row, cells in enumerate(self.rows) for cell in cells if cell.row_span > 1]

    def list_heading(self, row: int) -> ListHeading | None:
        """A row of labels with the unit among them, over rows of values."""
        labels = self._labels_of(row)
        keys = [label.key for label, _ in labels]
        if self.index.unit_field not in keys or len(labels) < 2 or not self._all_headings(row):
            return None
        asks = any(map(self.index.is_choice, keys))
        numbered = bool(_ORDER.fullmatch(core(fold(self.rows[row][0].text))))
        if not (numbered or (asks and len(self.rows[row]) > 2) or self._side_by_side(row)):
            return None
        options = self._second_heading(row)
        return ListHeading(tuple(labels), options, 2 if options else 1)

    def _labels_of(self, row: int) -> list[tuple[Label, Cell]]:
        if row not in self._labels_by_row:
            self._labels_by_row[row] = [
                (label, self.cell(spot)) for spot in self.spots(row) if (label := self.label(spot))
            ]
        return self._labels_by_row[row]

    def _all_headings(self, row: int) -> bool:
        """No blank and no long text among the cells, and the row below has its cells under them."""
        return (
            self._filled[row] >= len(self.rows[row]) - 1
            and row + 1 < len(self.rows)
            and len(self._labels_of(row + 1)) < 2
        )

    def _side_by_side(self, row: int) -> bool:
        return any(self.label(first) and self.label(second) for first, second in pairwise(self.spots(row)))

    def _second_heading(self, row: int) -> dict[int, str]:
        """Option words under the questions, by grid column."""
        words = {fold(word): word for choice in self.index.spec.choices for word in choice.options}
        if row + 1 >= len(self.rows):
            return {}
        found = {cell.column: words[text] for cell in self.rows[row + 1] if (text := core(fold(cell.text))) in words}
        filled = [cell for cell in self.rows[row + 1] if cell.text.strip()]
        spanned = any(self.index.is_choice(label.key) and cell.column_span > 1 for label, cell in self._labels_of(row))
        return found if spanned and len(found) >= 2 and len(found) == len(filled) else {}

    def data_rows(self, start: int) -> list[int]:
        """The rows from `start` until the next row of labels."""
        found = []
        for row in range(start, len(self.rows)):
            if len(self._labels_of(row)) > 1:
                break
            if self._labels_of(row) and self._filled[row] <= 2:
                break
            found.append(row)
        return found

    def heading_over_values(self, row: int) -> list[tuple[Label, Cell]]:
        """A row of labels side by side over one row of values, without the unit."""
        labels = self._labels_of(row)
        if len(labels) < 2 or not self._side_by_side(row) or not self._all_headings(row):
            return []
        if any(self.cell(spot).row_span > 1 for spot in self.spots(row)):
            return []
        below = [self.under(row + 1, cell) for _, cell in labels]
        if not all(below) or self._labels_of(row + 1):
            return []
        return [] if any(self.index.spots(self.text(one)) for under in below for one in under) else labels

    def example_words(self, row: int) -> list[str]:
        """Cells that mark a row of a list as an example."""
        return [cell.text for cell in self.rows[row] if _EXAMPLE.fullmatch(fold(cell.text))]

    def notes_in(self, row: int, heading: int) -> list[str]:
        """The texts of a list's row under 备注; `heading` is the row of labels."""
        columns = {cell.column for cell in self.rows[heading] if core(fold(cell.text)) in ("备注", "说明")}
        return [cell.text for cell in self.rows[row] if cell.column in columns and cell.text.strip()]
