"""The questions of one table: which cells answer each, beside it, below it, or under headings that are its options.

Promises: a question's cells are taken once; columns count as answers only where every option heads one.
"""

from __future__ import annotations

from collections.abc import Collection

from intake.campaign import ChoiceSpec
from intake.form.folding import core_of, fold
from intake.form.glyphs import ALIASES
from intake.form.grid import SHORT, Grid, Spot
from intake.form.groups import Hit
from intake.form.label_words import Label
from intake.form.lines import remarks_in, visible
from intake.form.tokenising import read_row
from intake.form.tokens import Mark, Option

_HEADING_ROWS = 60  # column headings of options stand near the top, values of lists do not count


class Questions:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.index = grid.index

    def hit(self, spot: Spot, label: Label) -> Hit:
        """A question in a cell: answered beside it, under column headings, or in the rows below."""
        right = self.grid.right_of(spot)
        spec = self.index.question(label.key)
        columns = self._option_columns(right, spec)
        comments = remarks_in([self.grid.cell(spot)])
        if not columns:
            right += self._options_beside(spot, right, spec)
        self.grid.used.update(right)
        if columns:
            answered = tuple((word, (*self.grid.pieces(one), *comments)) for word, one in columns)
            return Hit(label, self.grid.place(columns[0][1]), columns=answered)
        seen = [one for one in right if visible(self.grid.pieces(one))]
        if not seen:
            below = self._answers_below(spot, spec)
            self.grid.used.update(below)
            right = below or right
        right = [*right, *self._beside_the_rest(spot, label)]
        cells = tuple(self.grid.pieces(one) for one in right)
        place = self.grid.place(seen[0] if seen else right[0]) if right else self.grid.place(spot)
        return Hit(label, place, (*cells[:-1], (*cells[-1], *comments)) if cells else (comments,))

    def _beside_the_rest(self, spot: Spot, label: Label) -> list[Spot]:
        """The cells beside the second line of a question that a page without lines broke into two rows."""
        text = self.grid.text(spot)
        rest = self.grid.below(spot) if self.index.begins(text) else None
        whole = self.index.whole(text + self.grid.text(rest)) if rest else None
        if rest is None or whole is None or whole.key != label.key:
            return []
        beside = self.grid.right_of(rest)
        self.grid.used.update([rest, *beside])
        return beside

    def marked_beside(self, spot: Spot, key: str) -> list[Spot]:
        """The cells beside the only question of a cell that hold options or marks."""
        if self.grid.labels_within(spot) != {key}:
            return []
        spec = self.index.question(key)
        return [
            one
            for one in self.grid.right_of(spot)
            if any(isinstance(token, (Option, Mark)) for token in read_row([self.grid.pieces(one)], spec).tokens)
        ]

    def _answers_below(self, spot: Spot, spec: ChoiceSpec) -> list[Spot]:
        """Cells of the next rows that hold the options of a question standing above them."""
        found: list[Spot] = []
        last = min(spot[0] + 2 + len(spec.options), len(self.grid.rows))
        for row in range(spot[0] + self.grid.cell(spot).row_span, last):
            here = [one for one in self.grid.spots(row) if one not in self.grid.used]
            if any(self.grid.label(one) or self.grid.index.spots(self.grid.text(one)) for one in here):
                break
            tokens = [token for one in here for token in read_row([self.grid.pieces(one)], spec).tokens]
            short = sum(len(self.grid.text(one).strip()) for one in here) <= 16
            if not tokens or not (any(isinstance(token, Option) for token in tokens) or (short and not found)):
                break
            found += here
            if not any(isinstance(token, Option) for token in tokens):
                break
        return found

    def _options_beside(self, spot: Spot, right: list[Spot], spec: ChoiceSpec) -> list[Spot]:
        """Cells of the following rows that go on with the options begun beside a question.

        Rows the question's cell spans belong to it; a further row does if it holds only missing options.
        """
        cell = self.grid.cell(spot)
        found = [
            one
            for row in range(spot[0] + 1, min(spot[0] + cell.row_span, len(self.grid.rows)))
            for one in self.grid.spots(row)
            if self.grid.cell(one).column >= cell.column + cell.column_span and one not in self.grid.used
        ]
        row = spot[0] + cell.row_span
        if found or row >= len(self.grid.rows):
            return found
        here = self._options_in(right, spec)
        if not here or len(here) == len(spec.options):
            return []
        below = [one for one in self.grid.spots(row) if one not in self.grid.used and visible(self.grid.pieces(one))]
        more = self._options_in(below, spec)
        labelled = any(self.grid.label(one) or self.grid.index.spots(self.grid.text(one)) for one in below)
        short = sum(len(self.grid.text(one).strip()) for one in below) <= 16
        return below if more and not more & here and not labelled and short else []

    def _options_in(self, spots: list[Spot], spec: ChoiceSpec) -> set[int]:
        rows = [read_row([self.grid.pieces(one)], spec) for one in spots]
        return {token.index for row in rows for token in row.tokens if isinstance(token, Option)}

    def _option_columns(self, cells: list[Spot], spec: ChoiceSpec) -> list[tuple[str, Spot]]:
        """The cells with the option words that head their columns; [] where the row prints options itself.

        Columns headed 是 and 否 stay columns where 是 was typed into one of them.
        """
        headed = self._headed(cells, spec) if len(cells) >= len(spec.options) else []
        if headed and sum(bool(self.grid.text(one).strip()) for one in cells) >= len(headed):
            return [] if self._options_in(cells, spec) else headed
        return headed

    def _headed(self, cells: list[Spot], spec: ChoiceSpec) -> list[tuple[str, Spot]]:
        words = {fold(word): word for word in spec.options}
        if spec.yes_no:
            words |= {yes: "是" for yes, _ in ALIASES} | {no: "否" for _, no in ALIASES}
        found: list[tuple[str, Spot]] = []
        for one in cells:
            heading = self._heading(one, words)
            if heading:
                found.append((words[heading], one))
        return found if len({word for word, _ in found}) == len(spec.options) else []

    def _heading(self, spot: Spot, words: Collection[str]) -> str:
        """The nearest option word that heads the column of a cell."""
        column = self.grid.cell(spot).column
        for row in reversed(range(min(spot[0], _HEADING_ROWS))):
            for cell, text in zip(self.grid.rows[row], self.grid.texts[row], strict=True):
                over = cell.column <= column < cell.column + cell.column_span
                if over and len(text) < SHORT and (word := core_of(text)) in words:
                    return word
        return ""
