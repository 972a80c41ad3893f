"""The labels and values of one table: beside, above, below or with each other; lists with one unit a row.

Promises: each cell is read once; what is no label and no value is a heading or a note. No value is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from intake.document import Cell, Remark
from intake.form import lists
from intake.form.folding import core_of
from intake.form.grid import Grid, Spot, paragraphs
from intake.form.groups import Group, Hit
from intake.form.label_words import Label
from intake.form.lines import cut, has_table, lines_of, remarks_in, visible
from intake.form.lists import ListHeading
from intake.form.table_questions import Questions

if TYPE_CHECKING:
    from intake.form.layout import Page


_NOTE = re.compile(
    r"(?:其他|其它|补充|特别|情况|单位|相关|有关|需要)*(?:备注|说明|附言|留言|意见|意见建议|意见[和与及]建议|建议|注)(?:栏|事项)?"
)


def is_note(text: str) -> bool:
    """Whether a text is 备注 or another heading for free words."""
    return bool(_NOTE.fullmatch(core_of(text)))


class TableReader:
    """Reads one table into the groups of a page."""

    def __init__(self, grid: Grid, page: Page) -> None:
        self.grid = grid
        self.page = page
        self.questions = Questions(grid)
        self.index = page.index
        self.group: Group | None = None
        self.list_headings: list[str] = []
        self._answering: set[Spot] = set()  # cells of a value that hold labels too: these answer like printed ones
        if grid.table.name:
            page.pass_by(grid.table.name)

    def read(self) -> None:
        row = 0
        while row < len(self.grid.rows):
            used = self._list(row) or self._header(row)
            if not used:
                self._row(row)
                used = 1
            row += used
        self._other_comments()

    def _other_comments(self) -> None:
        """Margin comments anchored elsewhere than at a question are notes of the form."""
        remarks = remarks_in(cell for cells in self.grid.rows for cell in cells)
        if not remarks or self.group is None:
            return
        hits = [hit for hit in self.group.hits if self.index.is_choice(hit.label.key)]
        asked = {piece for hit in hits for pieces in (*hit.cells, *(one for _, one in hit.columns)) for piece in pieces}
        self.group.notes += [piece.text for piece in remarks if isinstance(piece, Remark) and piece not in asked]

    def _add(self, hit: Hit) -> None:
        unit = self.index.unit_field
        group = self.group
        if group and hit.label.key == unit and unit in group.asked and self._complete(group, hit):
            group = None
        if group is None:
            group = self.group = self.page.open_group()
        self.page.recent = []
        group.hits.append(hit)

    def _complete(self, group: Group, hit: Hit) -> bool:
        """A second unit label of the same wording, or after a question, begins the next form of the table."""
        same = any(other.label == hit.label for other in group.hits)
        return same or any(self.index.is_choice(key) for key in group.asked)

    def _row(self, row: int) -> None:
        for spot in self.grid.spots(row):
            if spot in self.grid.used:
                continue
            cell = self.grid.cell(spot)
            label = self.grid.label(spot)
            if label:
                self._labelled(spot, label)
            elif cell.blocks:
                self._contents(spot, cell)

    def _contents(self, spot: Spot, cell: Cell) -> None:
        """A cell that is no label: it may hold lines with labels, a nested table, a note, or a heading."""
        if has_table(cell):
            self.page.walk(cell.blocks, self.grid.place(spot))
            return
        text = self.grid.text(spot)
        if is_note(text[:40]) and len(text) < 40:
            self._note(self.grid.right_of(spot))
            return
        if not self.index.may_hold(text):
            self._plain(spot, text)
            return
        lines = self.page.unwrapped(lines_of(paragraphs(cell)))
        if not any(self.index.spots(line.text) for line in lines):
            self._plain(spot, text)
            return
        at = 0
        while at < len(lines):
            hits, used = self.page.line_hits(lines, at, self.grid.place(spot))
            for hit in hits:
                told = replace(hit, label=Label(hit.label.keys)) if spot in self._answering else hit
                self._add(self._with_columns(told, spot))
            at += used

    def _with_columns(self, hit: Hit, spot: Spot) -> Hit:
        """A question is answered behind its colon, by the cells beside it, or, to be compared, by both."""
        if not self.index.is_choice(hit.label.key):
            return hit
        if not visible(hit.cells[0]):
            return self.questions.hit(spot, hit.label)
        beside = self.questions.marked_beside(spot, hit.label.key)
        self.grid.used.update(beside)
        return replace(hit, cells=(*hit.cells, *(self.grid.pieces(one) for one in beside)))

    def _plain(self, spot: Spot, text: str) -> None:
        head, colon, rest = text.replace(":", "：").partition("：")
        if colon and self.group and is_note(head):
            self.group.notes.append(rest)
        elif self.grid.alone(spot):
            self.page.pass_by(text)

    def _note(self, spots: Iterable[Spot]) -> None:
        for spot in spots:
            self.grid.used.add(spot)
            if self.group and self.grid.text(spot).strip():
                self.group.notes.append(self.grid.text(spot))

    # ---- a label and its value ----------------------------------------------------------------

    def _labelled(self, spot: Spot, label: Label) -> None:
        if self.grid.heads_section(spot):
            return
        if self.index.is_choice(label.key):
            self._add(self.questions.hit(spot, label))
            return
        found = self._value_spot(spot, label)
        if found is None:
            self._before_labels(spot, label)
            return
        cells = tuple(self.grid.pieces(one) for one in found)
        self.grid.used.update(found)
        place = self.grid.place(found[0] if found else spot)
        self._add(Hit(label, place, cells, section=self.grid.section(spot)))

    def _value_spot(self, spot: Spot, label: Label) -> list[Spot] | None:
        """The cells of a field's value; None where the cell beside holds labels of its own (姓名：… 电话：…)."""
        right = self.grid.right_of(spot)
        filled = [one for one in right if visible(self.grid.pieces(one))]
        if filled and filled[0] != right[0] and self.grid.labels_another(filled[0]):
            return right[:1]
        if filled:
            inner = self.grid.labels_within(filled[0])
            if len(inner) > 1 or (
                inner and not inner & set(label.keys) and not self.grid.whole_value(filled[0], label)
            ):
                return None
            digits = [one for one in filled if len(self.grid.text(one).strip()) == 1]
            return digits if len(digits) > 3 else filled[:1]
        if right:
            return right[:1]
        below = self.grid.below(spot)
        return [below] if below else []

    def _before_labels(self, spot: Spot, label: Label) -> None:
        """联系人 | 张三 手机：138…: what stands in the cell before the labels of its own is the value."""
        beside = next(one for one in self.grid.right_of(spot) if visible(self.grid.pieces(one)))
        line = lines_of(paragraphs(self.grid.cell(beside)))[0]
        spots = self.index.spots(line.text)
        before = cut(line, 0, spots[0].start if spots else None)
        if visible(before):
            self._answering.add(beside)
            self._add(Hit(label, self.grid.place(beside), (before,), section=self.grid.section(spot)))

    # ---- headings over values -----------------------------------------------------------------

    def _list(self, row: int) -> int:
        """One unit a row under a row of labels; returns how many rows were used, 0 for none."""
        heading = lists.list_heading(self.grid, row)
        if not heading:
            return 0
        rows = lists.data_rows(self.grid, row + heading.depth)
        filled = [at for at in rows if lists.names_unit(self.grid, at, heading.labels)]
        asks = any(self.index.is_choice(label.key) for label, _ in heading.labels)
        if not asks and len(filled) != 1 and self.index.spec.choices:
            self.page.recent = []
            self.group = None
            return heading.depth + len(rows)
        self.list_headings = list(self.page.recent)
        for at in filled:
            self._list_row(at, row, heading, joins=not asks)
        return heading.depth + len(rows)

    def _list_row(self, row: int, top: int, heading: ListHeading, *, joins: bool) -> None:
        hits = [lists.listed_hit(self.grid, row, label, above, heading.options) for label, above in heading.labels]
        if joins:
            for hit in hits:
                self._add(Hit(hit.label, hit.place, hit.cells))
            return
        if lists.example_words(self.grid, row):
            return
        group = self.page.open_group(listed=True)
        group.headings = self.list_headings[-8:]
        group.hits = hits
        group.notes += lists.notes_in(self.grid, row, top)

    def _header(self, row: int) -> int:
        """A row of labels over one row of values (联系人 | 职务 | 电话)."""
        labels = lists.heading_over_values(self.grid, row)
        if not labels:
            return 0
        for label, above in labels:
            under = self.grid.under(row + 1, above)
            cells = tuple(self.grid.pieces(one) for one in under)
            self._add(Hit(label, self.grid.place(under[0]) if under else self.grid.row_place(row + 1), cells))
        return 2
